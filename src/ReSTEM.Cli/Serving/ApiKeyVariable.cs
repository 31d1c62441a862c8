namespace ReSTEM.Cli;

/// <summary>An API key in an environment variable: never on a command line, in a file of a run, or in a message.</summary>
internal static class ApiKeyVariable
{
    /// <summary>Reads it.</summary>
    /// <param name="key">What names the variable, for messages.</param>
    /// <param name="variable">Its name; null where no key is wanted.</param>
    /// <returns>The key; null for none.</returns>
    /// <exception cref="UsageException">It is not set, or holds what cannot stand in a header.</exception>
    internal static string? Read(string key, string? variable)
    {
        if (variable is null)
        {
            return null;
        }

        string value = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set
            : throw new UsageException($"{key} is '{variable}', expected the name of an environment variable that is set.");
        int place = value.AsSpan().IndexOfAnyExceptInRange('!', '~');
        return place < 0 ? value : throw new UsageException(
            $"{key} is '{variable}', whose value has U+{(int)value[place]:X4} as character {place + 1} of {value.Length}, expected a key of printable ASCII without spaces; a line break at its end is of the file that it was read from.");
    }
}
