using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Draws and judges a shard of a run, or goes on with it.</summary>
internal static class ShardRun
{
    /// <summary>Runs what is left; the sealed samples are there then.</summary>
    /// <param name="path">Of the spec.</param>
    /// <param name="watch">Watches the loading.</param>
    /// <param name="cancellationToken">Stops; what was done is committed.</param>
    /// <exception cref="InvalidDataException">The spec is of another run, or another policy.</exception>
    internal static async Task RunAsync(string path, LoadWatch watch, CancellationToken cancellationToken)
    {
        ShardSpec spec = ShardSpec.Read(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (File.Exists(Path.Combine(folder, ShardSpec.SamplesName)))
        {
            return; // who merges it checks it
        }

        var read = RunPlan.Read(Path.Combine(spec.Run, RunFolder.ResolvedConfigName), [], watch);
        IEngine engine = EngineWiring.Create(read.Config.Engine, trains: false).Engine;
        var prepared = Preparation.Of(read, engine, watch);
        var (plan, options) = (prepared.Plan, prepared.Options);
        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        spec.ThrowUnlessOf(path, plan.Identity(engine, options, verifiers.Verifier));
        using var store = new ShardStore(folder, spec);
        ModelInfo model = spec.Policy.IsTeacher ? engine.Describe(options.Teacher!) : prepared.Model;
        using var policy = new PromptedPolicy(engine.Open(spec.Policy.Ref), model, spec.Policy.IsUntrained);
        DrawPlan whole = DrawPlans.Of(options, plan.Problems, spec.DrawId);
        DrawPlan share = whole with { Problems = spec.Of(whole.Problems) };

        // Failures of the verifier are judged again, and counted, where all samples are.
        var drawing = new Drawing(verifiers.Verifier, store, new NobodysClock(), options.Drawing with { VerifierFailureLimit = 1 }, VerdictCache.ForRun());
        await drawing.DrawAsync(policy, share, cancellationToken);
        store.Seal(share.Problems);
    }

    private sealed class NobodysClock : IPhaseClock
    {
        public void Advance(PhaseProgress advance)
        {
        }

        public PhaseBooking? Book(long tokens) => null;
    }
}
