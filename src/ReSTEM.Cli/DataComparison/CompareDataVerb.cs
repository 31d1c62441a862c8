using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem compare-data</c>.</summary>
internal static class CompareDataVerb
{
    internal static Command Create()
    {
        var config = InputOutput.Config("configs/classification/compare-reviews.yaml");
        var set = InputOutput.Set();
        var json = InputOutput.Json();
        var verb = new Command(
            "compare-data",
            "Trains a classifier on real and on synthetic texts with several seeds, and measures all on the same real texts.\n\n" +
            "Accuracy and macro-F1 with 95 % intervals, differences from the real texts paired; how different the texts are from each other, how far " +
            "annotators agree, and accuracy where they do. All is in runs/NAME, with a page. Starting the same command again goes on: what is finished is not done again.\n\n" +
            "Example: restem compare-data configs/classification/compare-reviews.yaml")
        {
            config, set, json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, bool json, CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        CompareDataPlan plan = CompareDataPlan.Read(path, overrides, watch);
        CompareDataOutput.Write(plan, await new CompareDataRun(plan, watch).RunAsync(cancellationToken), json);
        return ExitCode.Done;
    }
}
