using System.Runtime.CompilerServices;

namespace ReSTEM.Core;

/// <summary>An engine that tells when it is asked for work.</summary>
internal sealed class ProfiledEngine(IEngine engine, RunProfile profile) : IEngine
{
    public EngineFingerprint Fingerprint => engine.Fingerprint;

    public EngineCapabilities Capabilities => engine.Capabilities;

    public ITrainer Trainer => new ProfiledTrainer(engine.Trainer, profile);

    public PolicyRef Resolve(string folder)
    {
        using var work = profile.During(Activity.Engine);
        return engine.Resolve(folder);
    }

    public ModelInfo Describe(PolicyRef policy) => engine.Describe(policy);

    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => engine.MemoryOf(policy, use);

    public IPolicy Open(PolicyRef policy)
    {
        using var work = profile.During(Activity.Engine);
        return new ProfiledPolicy(engine.Open(policy), profile);
    }

    private sealed class ProfiledPolicy(IPolicy policy, RunProfile profile) : IPolicy
    {
        public PolicyFingerprint Fingerprint => policy.Fingerprint;

        public async IAsyncEnumerable<Completion> SampleAsync(
            IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await using var completions = policy.SampleAsync(requests, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync())
            {
                yield return completions.Current;
            }

            async ValueTask<bool> NextAsync()
            {
                using var work = profile.During(Activity.Engine);
                return await completions.MoveNextAsync();
            }
        }

        public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
        {
            using var scores = policy.LogProbabilities(sequences, cancellationToken).GetEnumerator();
            while (Next())
            {
                yield return scores.Current;
            }

            bool Next()
            {
                using var work = profile.During(Activity.Engine);
                return scores.MoveNext();
            }
        }

        public void Dispose() => policy.Dispose();
    }

    /// <summary>Between its steps a trainer calls the loop, which validates and writes: that is not the engine's time.</summary>
    private sealed class ProfiledTrainer(ITrainer trainer, RunProfile profile) : ITrainer
    {
        public async Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
        {
            using var work = profile.During(Activity.Engine);
            return await trainer.TrainAsync(Watched(job), Told, cancellationToken);

            void Told(TrainingStep step)
            {
                using var absence = profile.Outside(Activity.Engine);
                onStep(step);
            }
        }

        private TrainingJob Watched(TrainingJob job) => job.Validate is not { } validate ? job : job with
        {
            Validate = async (candidate, cancellationToken) =>
            {
                using var absence = profile.Outside(Activity.Engine);
                return await validate(
                    candidate with { Open = () => new ProfiledPolicy(candidate.Open(), profile) }, cancellationToken);
            },
        };
    }
}
