using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Managed;
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
        var json = InputOutput.Json();
        var verb = new Command(
            "run",
            "Runs the self-training loop, or goes on with it: E-step, M-step and evaluation, iteration by iteration.\n\n" +
            "The run folder is runs/NAME below the current folder. Starting the same command again resumes it; a complete run prints its table.\n\n" +
            "Examples: restem run configs/quickstart.yaml\n          restem run configs/quickstart.yaml --set seed=2 --set name=second")
        {
            config, set, json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, bool json, CancellationToken cancellationToken)
    {
        var plan = RunPlan.Read(path, overrides);
        var loader = Wiring.Loader(plan.Config.Engine.Threads, plan.Config.Engine.Slots);
        string identity = CheckModel(plan, loader);
        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        using var folder = RunFolder.Open(plan.Folder, identity);
        bool complete = folder.Ledger.IsComplete(0, SelfTraining.RunPhase);
        if (complete)
        {
            await Console.Error.WriteLineAsync($"{plan.Folder} is complete; nothing to do. --set name=... or another seed starts a new run.");
        }
        else
        {
            await TrainAsync(plan, loader, verifiers, folder, cancellationToken);
        }

        return Finish(plan, path, verifiers, folder, json);
    }

    private static string CheckModel(RunPlan plan, ManagedPolicyLoader loader)
    {
        using IPolicy model = LoadBase(plan, loader);
        plan.CheckPrompts(model);
        return plan.Identity(model.Fingerprint);
    }

    private static IPolicy LoadBase(RunPlan plan, ManagedPolicyLoader loader)
    {
        try
        {
            return loader.Load(plan.Options.BaseFolder);
        }
        catch (InvalidDataException fault)
        {
            throw new UsageException($"base '{plan.Config.Base}' cannot be used: {fault.Message}");
        }
    }

    private static async Task TrainAsync(
        RunPlan plan, IPolicyLoader loader, Verifiers verifiers, RunFolder folder, CancellationToken cancellationToken)
    {
        using var progress = ProgressOutput.Create();
        var loop = new SelfTraining(
            plan.Options, plan.Problems, loader, new ManagedTrainer(Wiring.ThreadCount(plan.Config.Engine.Threads)),
            verifiers.Verifier, folder.Ledger, progress.Progress, TimeProvider.System);
        await loop.RunAsync(cancellationToken);
    }

    private static int Finish(RunPlan plan, string path, Verifiers verifiers, RunFolder folder, bool json)
    {
        var view = RunView.OfRun(plan.Config.Name, plan.Options, plan.Problems, verifiers.Verifier, $"restem run {path}");
        var summary = SummaryReader.Read(folder.Ledger, view);
        string report = HtmlReport.Save(folder.Path, folder.Ledger, summary);
        SummaryOutput.Write(summary, json);
        if (!json)
        {
            Console.WriteLine($"report: {report}");
        }

        return ExitCode.Done;
    }
}
