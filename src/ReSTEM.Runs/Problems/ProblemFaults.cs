namespace ReSTEM.Runs;

/// <summary>Faults of problems, listed together.</summary>
internal static class ProblemFaults
{
    private const int MostListed = 20;

    /// <summary>Throws when there are faults; the first ones are named, the others counted.</summary>
    /// <exception cref="InvalidDataException">There are some.</exception>
    internal static void Throw(string title, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            string more = faults.Count > MostListed ? $"\n  and {faults.Count - MostListed} more" : "";
            throw new InvalidDataException($"{title}:\n  {string.Join("\n  ", faults.Take(MostListed))}{more}");
        }
    }
}
