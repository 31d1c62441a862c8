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
        var profile = isProfiled ? new RunProfile(TimeProvider.System) : null;
        var (summary, report, view) = await new LoopRun(RunPlan.Read(path, overrides, watch), $"restem run {path}")
        {
            Rebuild = rebuild,
            AllowedEngine = allow,
            Profile = profile,
        }.RunAsync(watch, cancellationToken);
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
