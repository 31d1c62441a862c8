using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem run</c>.</summary>
internal static class RunVerb
{
    internal static Command Create()
    {
        var config = InputOutput.Config("configs/quickstart.yaml");
        var set = InputOutput.Set();
        var rebuild = new Option<bool>("--rebuild") { Description = "Train policies again whose folders are gone, to the same bits." };
        var allow = new Option<string?>("--allow-engine") { Description = "Go on with this engine, though another one computed what is there; the ledger and the report remember it." };
        var profile = new Option<bool>("--profile") { Description = "Print what each phase waited for: engine, verification, ledger, or nothing; the report shows it too." };
        var json = InputOutput.Json();
        var verb = new Command(
            "run",
            "Runs the self-training loop, or goes on with it: E-step, M-step and evaluation, iteration by iteration.\n\n" +
            "The run folder is runs/NAME below the current folder. Starting the same command again resumes it; a complete run prints its table.\n\n" +
            "Examples: restem run configs/quickstart.yaml\n          restem run configs/quickstart.yaml --set seed=2 --set name=second")
        {
            config, set, rebuild, allow, profile, json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(rebuild), parsed.GetValue(allow), parsed.GetValue(profile), parsed.GetValue(json),
            cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, bool rebuild, string? allow, bool isProfiled, bool json, CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        var read = RunPlan.Read(path, overrides, watch);
        RefuseOtherEngine(allow, read.Config.Engine);
        ChosenEngine chosen = EngineWiring.Create(read.Config.Engine, trains: true);
        IEngine engine = chosen.Engine;
        var prepared = Preparation.Of(read, engine, watch);
        var (plan, options) = (prepared.Plan, prepared.Options with { Rebuild = rebuild });
        foreach (string line in prepared.LeftOut)
        {
            await Console.Error.WriteLineAsync(line);
        }

        if (allow is not null || !File.Exists(Path.Combine(plan.Folder, RunLedger.FileName)))
        {
            DeviceMemory.ThrowUnlessFits(chosen, prepared.Memory, prepared.MemoryRemedy); // before a folder says what the run is, or that its engine was changed
        }

        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        RunIdentity identity = plan.Identity(engine, options, verifiers.Verifier);
        using var folder = RunFolder.Open(plan.Folder, identity, plan.ResolvedConfig, allowEngine: allow is not null);
        foreach (string line in EngineLines.Of(engine.Fingerprint).Concat(folder.Ledger.EngineChanges.Select(change => $"engine changed: {change}")))
        {
            await Console.Error.WriteLineAsync(line);
        }

        foreach (string mended in folder.Ledger.Mend())
        {
            await Console.Error.WriteLineAsync($"{mended} was missing or altered, and is written again from the ledger.");
        }

        RequireFiles(folder, rebuild);
        var profile = isProfiled ? new RunProfile(TimeProvider.System) : null;
        if (!rebuild && folder.Ledger.Phases.IsComplete(0, SelfTraining.RunPhase))
        {
            await Console.Error.WriteLineAsync($"{plan.Folder} is complete; nothing to do. --set name=... or another seed starts a new run.");
        }
        else
        {
            DeviceMemory.ThrowUnlessFits(chosen, prepared.Memory, prepared.MemoryRemedy);
            using var progress = ProgressOutput.Create();
            var loop = new SelfTraining(
                options, plan.Problems, profile?.Watch(engine) ?? engine, profile?.Watch(verifiers.Verifier) ?? verifiers.Verifier,
                profile?.Watch(folder.Ledger) ?? folder.Ledger, profile?.Watch(progress.Progress) ?? progress.Progress, TimeProvider.System);
            await loop.RunAsync(cancellationToken);
        }

        return Finish(plan, options, path, verifiers, folder, profile, json);
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

    private static int Finish(RunPlan plan, LoopOptions options, string path, Verifiers verifiers, RunFolder folder, RunProfile? profile, bool json)
    {
        var view = RunView.OfRun(plan.Config.Name, options, plan.Problems, verifiers.Verifier, $"restem run {path}");
        var summary = SummaryReader.Read(folder.Ledger, view);
        if (profile is { Phases.Count: > 0 })
        {
            ProfileFile.Write(folder.Path, profile.Phases);
        }

        string report = HtmlReport.Save(folder.Path, folder.Ledger, summary);
        folder.Seal();
        SummaryOutput.Write(summary, json);
        if (profile is not null)
        {
            ProfileTable.Write(SummaryTable.Piped(Console.Error), view, profile.Phases); // the table of a run owns standard output
        }

        if (!json)
        {
            Console.WriteLine($"report: {report}");
        }

        return ExitCode.Done;
    }
}
