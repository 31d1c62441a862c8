using System.CommandLine;

namespace ReSTEM.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class InputOutput
{
    internal static Option<string> Model() => new("--model") { Description = "Hugging Face model folder.", Required = true };

    internal static Option<string> Input() => new("--input") { Description = "JSONL file, one object a line; also .jsonl.gz.", Required = true };

    internal static Option<string> Output() => new("--output") { Description = "JSONL file to write; - for standard output.", Required = true };

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

    /// <summary>Refuses an option outside its range.</summary>
    internal static T InRange<T>(string name, T value, T low, T high)
        where T : IComparable<T> => value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0
            ? value
            : throw new UsageException($"{name} is {value}, expected {low} to {high}.");
}
