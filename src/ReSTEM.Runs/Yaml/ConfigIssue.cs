namespace ReSTEM.Runs;

/// <summary>One fault of a configuration.</summary>
/// <param name="Place"><c>file:line:column</c>, or the command-line override that brought it.</param>
/// <param name="Message">What is wrong, what is allowed.</param>
public sealed record ConfigIssue(string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Message}";
}

/// <summary>A configuration that cannot be used, with every fault found.</summary>
public sealed class ConfigException(IReadOnlyList<ConfigIssue> issues) : Exception(string.Join('\n', issues))
{
    /// <summary>Every fault, in the order of the file.</summary>
    public IReadOnlyList<ConfigIssue> Issues { get; } = issues;
}

/// <summary>What a configuration is made of.</summary>
/// <param name="Files">The file itself, then all that it extends.</param>
/// <param name="Values">Every value that is said, by key path.</param>
public sealed record ConfigSources(IReadOnlyList<string> Files, IReadOnlyList<ConfigValue> Values);

/// <summary>A value that is said in a configuration.</summary>
/// <param name="Path">Its key path.</param>
/// <param name="Value">As it is written.</param>
/// <param name="Place"><c>file:line:column</c>, or the command-line override that brought it.</param>
public sealed record ConfigValue(string Path, string Value, string Place);
