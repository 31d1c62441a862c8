namespace ReSTEM.Answers;

/// <summary>Reads the name tables of this folder: lines of a value and then the names that have it.</summary>
internal static class NameTable
{
    /// <summary>Name and value pairs; an open box in a value stands for a blank.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Of(string lines)
    {
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string name in words.Skip(1))
            {
                yield return new KeyValuePair<string, string>(name, words[0].Replace('\u2423', ' '));
            }
        }
    }
}
