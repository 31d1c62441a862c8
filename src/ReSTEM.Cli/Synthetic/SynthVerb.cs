using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem synth</c>.</summary>
internal static class SynthVerb
{
    internal static Command Create()
    {
        var config = InputOutput.Config("configs/classification/synth-zero-shot.yaml");
        var set = InputOutput.Set();
        var json = InputOutput.Json();
        var verb = new Command(
            "synth",
            "Makes labelled texts with a language model: zero-shot, or few-shot from real texts that are drawn anew for each prompt; resumes like a run.\n\n" +
            "Texts that are empty, unfinished, leaks of the prompt, copies of real texts or duplicates are removed and counted. The rest is in " +
            "runs/NAME/synthetic.jsonl, rows {id, text, labels, target, provenance}.\n\n" +
            "Examples: restem synth configs/classification/synth-zero-shot.yaml\n" +
            "          restem synth configs/classification/synth-few-shot.yaml --set per_label=500 --set name=more")
        {
            config, set, json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, bool json, CancellationToken cancellationToken)
    {
        SynthPlan plan = SynthPlan.Read(path, overrides);
        SynthOutput.Print(plan, await SynthRun.RunAsync(plan, cancellationToken), json);
        return ExitCode.Done;
    }
}
