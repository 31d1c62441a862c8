using System.CommandLine;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem sweep</c>.</summary>
internal static class SweepVerb
{
    internal static Command Create()
    {
        var config = InputOutput.Config("configs/ablations.yaml");
        var set = InputOutput.Set();
        var json = InputOutput.Json();
        var verb = new Command(
            "sweep",
            "Runs a configuration and changes of it, each with several seeds, and ends with one table of differences with 95 % intervals.\n\n" +
            "Every run is an ordinary run folder below runs/NAME. Starting the same command again goes on: finished runs are not run again.\n\n" +
            "Examples: restem sweep configs/ablations.yaml\n          restem sweep configs/ablations.yaml --set seeds=[1] --set name=one-seed")
        {
            config, set, json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, bool json, CancellationToken cancellationToken)
    {
        SweepPlan plan = SweepPlan.Read(path, overrides);
        var rows = await new SweepRuns(plan, $"restem sweep {path}").RunAsync(cancellationToken);
        SweepOutput.Write(plan, RunComparison.Of(rows, plan.Config.Metrics, (ulong)plan.Config.Seeds[0]), json);
        return ExitCode.Done;
    }
}
