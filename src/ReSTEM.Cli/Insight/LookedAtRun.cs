using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A run that is looked at: its ledger, and its configuration and problems once they are asked for.</summary>
internal sealed class LookedAtRun : IDisposable
{
    private readonly string? _config;
    private readonly string[] _overrides;

    private LookedAtRun(string folder, RunLedger ledger, string? config, string[] overrides) =>
        (Folder, Ledger, _config, _overrides) = (folder, ledger, config, overrides);

    internal string Folder { get; }

    internal RunLedger Ledger { get; }

    /// <summary>Opens the ledger only.</summary>
    /// <exception cref="UsageException">There is no run there.</exception>
    internal static LookedAtRun Open(string folder, string? config, string[] overrides)
    {
        ThrowUnlessRun(folder);
        return new LookedAtRun(folder, RunLedger.OpenToRead(folder), config, overrides);
    }

    /// <summary>Refuses a folder without a ledger, before anything of it is opened or made.</summary>
    /// <exception cref="UsageException">There is no run there.</exception>
    internal static void ThrowUnlessRun(string folder)
    {
        string database = Path.Combine(folder, RunLedger.FileName);
        if (!File.Exists(database))
        {
            string state = Directory.Exists(database) ? "is a folder" : "does not exist";
            throw new UsageException($"{database} {state}, expected the ledger of a run; give a run folder, for example runs/quickstart.");
        }
    }

    /// <summary>The configuration as it was run, with its problems.</summary>
    /// <exception cref="UsageException">The folder does not say where its files are.</exception>
    /// <exception cref="ConfigException">The configuration, or a file that it names, cannot be used.</exception>
    internal RunPlan Plan(CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        RunPlan plan = RunPlan.Read(_config ?? ResolvedConfig(), _overrides, watch);
        if (plan.Config.Problems.OnLongPrompt is not LongPrompt.Skip)
        {
            return plan;
        }

        // Which problems were left out is for the models to say.
        return Preparation.Of(plan, EngineWiring.Usual(), watch).Plan;
    }

    /// <summary>The same, and refuses problems that are not those of the run.</summary>
    /// <exception cref="InvalidDataException">Files have changed since.</exception>
    internal RunPlan SamePlan(CancellationToken cancellationToken)
    {
        RunPlan plan = Plan(cancellationToken);
        return Changed(plan) is { Length: > 0 } changed ? throw new InvalidDataException(changed) : plan;
    }

    /// <summary>What of the problems is not as it was when the run was begun, in words; empty for nothing.</summary>
    internal string Changed(RunPlan plan) => Ledger.Origin is { } origin && plan.Differences(origin) is { Count: > 0 } differences
        ? $"{Folder} was run on other problems, expected the same files to look at it: "
            + string.Join("; ", differences.Select(part => $"{part.Name} had {part.Before ?? "none"}, now {part.Now ?? "none"}"))
            + ". Restore the files, or name the configuration that the run was started with (--config)."
        : "";

    /// <inheritdoc/>
    public void Dispose() => Ledger.Dispose();

    private string ResolvedConfig()
    {
        string path = Path.Combine(Folder, RunFolder.ResolvedConfigName);
        if (!File.Exists(path))
        {
            throw new UsageException($"{path} does not exist, expected the configuration of the run; name it with --config FILE.");
        }

        return File.ReadAllText(path).StartsWith(RunFolder.ResolvedConfigHeader, StringComparison.Ordinal)
            ? path
            : throw new UsageException(
                $"{path} was written by an earlier version of restem and does not say where its relative paths begin; name the run's configuration with --config FILE (and --set as it was started).");
    }
}
