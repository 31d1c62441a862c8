using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Runs the loop of a plan in its folder, or goes on with it, to the report.</summary>
/// <param name="read">The plan.</param>
/// <param name="command">How it was started, for the report.</param>
internal sealed class LoopRun(RunPlan read, string command)
{
    /// <summary>Trains policies again whose folders are gone.</summary>
    internal bool Rebuild { get; init; }

    /// <summary>The engine that may go on where another one began; null for none.</summary>
    internal string? AllowedEngine { get; init; }

    /// <summary>Watches what is waited for; null for nobody.</summary>
    internal RunProfile? Profile { get; init; }

    /// <summary>Runs what is left.</summary>
    /// <param name="watch">Watches the loading.</param>
    /// <param name="cancellationToken">Stops; what was done is committed.</param>
    /// <returns>What was measured, where the report is, and how the run is shown.</returns>
    internal async Task<(RunSummary Summary, string Report, RunView View)> RunAsync(LoadWatch watch, CancellationToken cancellationToken)
    {
        RefuseOtherEngine(AllowedEngine, read.Config.Engine);
        ChosenEngine chosen = await TrainerWiring.CreateAsync(read.Config, cancellationToken);
        IEngine engine = chosen.Engine;
        var prepared = Preparation.Of(read, engine, watch);
        var (plan, options) = (prepared.Plan, prepared.Options with { Rebuild = Rebuild });
        foreach (string line in prepared.LeftOut)
        {
            await Console.Error.WriteLineAsync(line);
        }

        if (AllowedEngine is not null || !File.Exists(Path.Combine(plan.Folder, RunLedger.FileName)))
        {
            DeviceMemory.ThrowUnlessFits(chosen, prepared.Memory, prepared.MemoryRemedy); // before a folder says what the run is, or that its engine was changed
        }

        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        RunIdentity identity = plan.Identity(engine, options, verifiers.Verifier);
        using var folder = RunFolder.Open(plan.Folder, identity, plan.ResolvedConfig, allowEngine: AllowedEngine is not null);
        foreach (string line in EngineLines.Of(engine.Fingerprint).Concat(folder.Ledger.EngineChanges.Select(change => $"engine changed: {change}")))
        {
            await Console.Error.WriteLineAsync(line);
        }

        foreach (string mended in folder.Ledger.Mend())
        {
            await Console.Error.WriteLineAsync($"{mended} was missing or altered, and is written again from the ledger.");
        }

        RequireFiles(folder, Rebuild);
        if (!Rebuild && folder.Ledger.Phases.IsComplete(0, SelfTraining.RunPhase))
        {
            await Console.Error.WriteLineAsync($"{plan.Folder} is complete; nothing to do. --set name=... or another seed starts a new run.");
        }
        else
        {
            DeviceMemory.ThrowUnlessFits(chosen, prepared.Memory, prepared.MemoryRemedy);
            using var progress = ProgressOutput.Create();
            var loop = new SelfTraining(
                options, plan.Problems, Profile?.Watch(engine) ?? engine, Profile?.Watch(verifiers.Verifier) ?? verifiers.Verifier,
                Profile?.Watch(folder.Ledger) ?? folder.Ledger, Profile?.Watch(progress.Progress) ?? progress.Progress, TimeProvider.System)
            {
                Executor = ExecutorWiring.Create(plan.Executor, plan.Folder, identity, progress.Progress.Note),
            };
            await loop.RunAsync(cancellationToken);
        }

        return Finish(plan, options, verifiers, folder);
    }

    // The name is that of the engine which is to go on: a typing error must not let any other in.
    private static void RefuseOtherEngine(string? allowed, EngineConfig config)
    {
        string[] names = [EngineNames.Of(config.Name), .. config.Train is { } trains ? [EngineNames.Of(trains)] : (string[])[]];
        if (allowed is not null && !names.Contains(allowed))
        {
            throw new UsageException($"--allow-engine is '{allowed}', expected {string.Join(" or ", names)}, which the configuration asks for (--set engine.name={allowed} asks for another).");
        }
    }

    /// <summary>What earlier starts wrote must be there as it was, needed again or not.</summary>
    private static void RequireFiles(RunFolder folder, bool rebuild)
    {
        if (folder.Ledger.Files.Faults(exceptLostFolders: rebuild) is { Count: > 0 } faults)
        {
            throw new InvalidDataException($"{folder.Path}: files are not as they were written.\n{string.Join('\n', faults)}");
        }
    }

    private (RunSummary Summary, string Report, RunView View) Finish(RunPlan plan, LoopOptions options, Verifiers verifiers, RunFolder folder)
    {
        var view = RunView.OfRun(plan.Config.Name, options, plan.Problems, verifiers.Verifier, command);
        var summary = SummaryReader.Read(folder.Ledger, view);
        if (Profile is { Phases.Count: > 0 })
        {
            ProfileFile.Write(folder.Path, Profile.Phases);
        }

        string report = HtmlReport.Save(folder.Path, folder.Ledger, summary);
        folder.Seal();
        return (summary, report, view);
    }
}
