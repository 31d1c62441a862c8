using System.CommandLine;

namespace ReSTEM.Cli;

/// <summary>What verbs that look at a run have in common: the run, and where its configuration is if its folder does not say.</summary>
internal sealed class RunArguments
{
    private readonly Argument<string> _run = new("RUN") { Description = "A run folder, for example runs/quickstart." };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The run's configuration, where the run was moved away from its files; left out, the run folder's own (config.resolved.yaml).",
    };

    private readonly Option<string[]> _set = InputOutput.Set();

    /// <summary>Gives a verb the run, and its configuration if it needs one.</summary>
    internal void AddTo(Command verb, bool needsConfig)
    {
        verb.Arguments.Add(_run);
        if (needsConfig)
        {
            verb.Options.Add(_config);
            verb.Options.Add(_set);
        }
    }

    /// <summary>Opens the run to look at it, also while it goes on.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    internal LookedAtRun Open(ParseResult parsed, bool needsConfig = true) => needsConfig
        ? LookedAtRun.Open(parsed.GetValue(_run)!, parsed.GetValue(_config), parsed.GetValue(_set)!)
        : LookedAtRun.Open(parsed.GetValue(_run)!, null, []);

    /// <summary>The run folder as it was typed.</summary>
    internal string Folder(ParseResult parsed) => parsed.GetValue(_run)!;
}
