using System.CommandLine;

namespace ReSTEM.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class InputOutput
{
    internal static Option<string> Model() => new("--model") { Description = "Hugging Face model folder.", Required = true };

    internal static Option<string> Input() => new("--input") { Description = "JSONL file, one object a line, plain or gzip; - for standard input.", Required = true };

    internal static Option<string> Output() => new("--output")
    {
        Description = "JSONL file to write, gzip if it ends in .gz; - for standard output. It appears when it is complete.",
        Required = true,
    };

    internal static Option<string[]> Problems(string description) => new("--problems")
    {
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    internal static Option<int> Limit() => new("--limit") { Description = "Problems drawn at random from each file; 0 takes all.", DefaultValueFactory = _ => 0 };

    internal static Option<long> Seed() => new("--seed") { Description = "Keys the random numbers.", DefaultValueFactory = _ => 1 };

    internal static Option<int> Threads() => new("--threads")
    {
        Description = "Threads of the engine; 0 takes every processor. Does not change the result.",
        DefaultValueFactory = _ => 0,
    };

    internal static Argument<string> Config(string example) => new("CONFIG") { Description = $"YAML file, for example {example}." };

    internal static Option<string[]> Set() => new("--set")
    {
        Description = "Overrides a key of the configuration, for example --set seed=2 (repeatable).",
        DefaultValueFactory = _ => [],
    };

    internal static Option<bool> Json() => new("--json") { Description = "Print one JSON object to standard output; progress goes to standard error." };

    /// <summary>A file or folder that is made: refused where there is something, or no folder to make it in.</summary>
    /// <param name="option">Names it in messages.</param>
    /// <param name="path">What is made.</param>
    /// <param name="mayBeEmpty">Whether an empty folder may be there.</param>
    /// <exception cref="UsageException">It cannot be made.</exception>
    internal static string NewFolder(string option, string path, bool mayBeEmpty = false)
    {
        if (string.IsNullOrWhiteSpace(path) || path == OutputFile.Standard)
        {
            throw new UsageException($"{option} is '{path}', expected a new name.");
        }

        if (Path.Exists(path) && !(mayBeEmpty && Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new UsageException($"{path} exists, expected a new name: nothing is written over.");
        }

        return Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent && !Directory.Exists(parent)
            ? throw new UsageException($"{parent} does not exist, expected the folder that {path} goes into.")
            : path;
    }

    /// <summary>Refuses an option outside its range.</summary>
    internal static T InRange<T>(string name, T value, T low, T high)
        where T : IComparable<T> => value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0
            ? value
            : throw new UsageException($"{name} is {value}, expected {low} to {high}.");
}
