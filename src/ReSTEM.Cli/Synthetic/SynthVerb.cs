using System.CommandLine;
using ReSTEM.Core;
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
        IEngine engine = EngineWiring.Create(plan.Config.Engine, trains: false).Engine;
        var (generator, model) = Given.Model(engine, "generator", plan.GeneratorFolder);
        TextEmbedder? embedder = TextEmbedder.Of(plan);
        using var folder = RunFolder.Open(plan.Folder, plan.Identity(engine.Fingerprint, generator, model), plan.ResolvedConfig);
        foreach (string line in EngineLines.Of(engine.Fingerprint))
        {
            await Console.Error.WriteLineAsync(line);
        }

        TextPool pool;
        IPolicy? policy = null;
        try
        {
            using var progress = ProgressOutput.Create();
            var synthesis = new Synthesis(plan.Options, folder.Ledger, progress.Progress, TimeProvider.System);
            pool = await synthesis.RunAsync(() => new PromptedPolicy(policy ??= engine.Open(generator), model, IsUntrained: true), cancellationToken);
        }
        finally
        {
            policy?.Dispose();
        }

        string file = Path.Combine(plan.Folder, SyntheticFile.FileName);
        SyntheticFile.Write(file, pool.Kept, plan.Options, new PolicyFingerprint(generator.Sha256, engine.Fingerprint));
        SynthOutput.Write(plan, SynthSummary.Of(plan, pool, embedder, file, cancellationToken), json);
        folder.Seal();
        return ExitCode.Done;
    }
}
