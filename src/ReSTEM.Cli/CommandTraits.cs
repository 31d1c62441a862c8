using System.CommandLine;

namespace ReSTEM.Cli;

/// <summary>What must be known of a command to tell how it ended.</summary>
/// <param name="Verb">Its name; empty where none was given.</param>
/// <param name="Json">Whether standard output gets one JSON object.</param>
/// <param name="Debug">Whether stack traces are shown.</param>
internal sealed record CommandTraits(string Verb, bool Json, bool Debug)
{
    /// <summary>Verbs that commit what they do, so that the same command goes on from there.</summary>
    private static readonly string[] Resumable = ["run", "sweep", "eval", "train", "synth", "compare-data", "train-job", "shard", "archive"];

    /// <summary>Whether the same command goes on where it was interrupted.</summary>
    internal bool Resumes => Resumable.Contains(Verb);

    /// <summary>Of a command line, even of one that cannot be parsed.</summary>
    internal static CommandTraits Of(ParseResult parsed, IReadOnlyCollection<string> arguments) => new(
        parsed.CommandResult.Command == parsed.RootCommandResult.Command ? "" : parsed.CommandResult.Command.Name,
        arguments.Contains("--json"), arguments.Contains("--debug"));
}

/// <summary>Work was stopped by its user; the message says what of it stays.</summary>
internal sealed class InterruptedWorkException(string message) : OperationCanceledException(message);
