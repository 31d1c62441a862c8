namespace ReSTEM.Runs;

/// <summary>Faults of problems and rows, listed together.</summary>
public static class ProblemFaults
{
    private const int MostListed = 20;

    /// <summary>Throws when there are faults; the first twenty are named, the others counted.</summary>
    /// <param name="title">What they are faults of.</param>
    /// <param name="faults">One line each.</param>
    /// <exception cref="InvalidDataException">There are some.</exception>
    public static void Throw(string title, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            string more = faults.Count > MostListed ? $"\n  and {faults.Count - MostListed} more" : "";
            throw new InvalidDataException($"{title}:\n  {string.Join("\n  ", faults.Take(MostListed))}{more}");
        }
    }
}
