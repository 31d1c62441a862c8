using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A synthesis from where it stands to its end, in its run folder.</summary>
internal static class SynthRun
{
    /// <summary>Makes what is not made yet, and writes texts and summary.</summary>
    /// <exception cref="UsageException">A model cannot be used.</exception>
    /// <exception cref="InvalidDataException">There are too few texts after the last round, or the run was started with other settings.</exception>
    internal static async Task<SynthSummary> RunAsync(SynthPlan plan, CancellationToken cancellationToken)
    {
        IEngine engine = EngineWiring.Create(plan.Config.Engine, trains: false).Engine;
        var (generator, model) = Given.Model(engine, "generator", plan.GeneratorFolder);
        TextEmbedder? embedder = TextEmbedder.Of(plan.EmbedderFolder);
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
        var summary = SynthSummary.Of(plan, pool, embedder, file, cancellationToken);
        SynthOutput.WriteFile(plan, summary);
        folder.Seal();
        return summary;
    }
}
