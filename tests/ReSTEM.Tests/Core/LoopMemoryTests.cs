using System.Globalization;
using System.Runtime.CompilerServices;
using ReSTEM.Core;
using ReSTEM.Runs;
using Xunit.Abstractions;

namespace ReSTEM.Tests;

/// <summary>
/// What E-step, keeping and M-step hold in memory does not grow with the number of samples. RESTEM_MEMORY_SAMPLES=1000000 in the
/// environment tries it with as many; benchmarks/results/memory.md has what was seen.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LoopMemoryTests(ITestOutputHelper output)
{
    // Fills what is bounded by a count: 4,096 findings are remembered, and up to twice as many held.
    private const int FewSamples = 10_000;
    private const int ManySamples = 40_000;
    private const int SamplesPerLook = 2000;
    private const int MostGrowth = 6 << 20;

    [Fact]
    public async Task More_samples_take_no_more_memory()
    {
        int samples = int.TryParse(Environment.GetEnvironmentVariable("RESTEM_MEMORY_SAMPLES"), CultureInfo.InvariantCulture, out int asked)
            ? asked
            : ManySamples;
        await PeakAsync(10, 100);
        long before = Alive();
        long few = await PeakAsync(FewSamples / 100, 100) - before;
        long many = await PeakAsync(samples / 100, 100) - before;
        string seen = string.Create(
            CultureInfo.InvariantCulture,
            $"peak of live memory: {few / 1048576.0:F1} MiB with {FewSamples:N0} samples, {many / 1048576.0:F1} MiB with {samples:N0}");
        output.WriteLine(seen);
        Assert.True(many - few < MostGrowth, seen);
    }

    private static async Task<long> PeakAsync(int problems, int samples)
    {
        using var scratch = new ScratchFolder();
        using RunLedger ledger = RunLedger.Open(scratch.Path);
        var options = new LoopOptions
        {
            Seed = 1,
            Iterations = 1,
            Base = new PolicyRef("base", "base"),
            Teacher = null,
            Drawing = new DrawingOptions { Prompt = new PromptOptions(), VerifierFailureLimit = 0, VerifierWorkers = 2 },
            EStep = new EStepOptions { Samples = samples, KeepLimit = samples },
            MStep = new MStepOptions { Epochs = 1 },
            Validation = new ValidationOptions(),
            TrainGapSamples = 0,
        };
        Problem[] train = [.. Enumerable.Range(0, problems).Select(i => new Problem { Id = $"p{i}", Task = TaskKind.Math, Prompt = $"{i}", Reference = "yes" })];
        var watch = new PeakWatch();
        var loop = new SelfTraining(
            options, new RunProblems(train, [], []), new SyntheticEngine(watch), new SyntheticVerifier(), ledger, new FakeProgress(_ => { }), TimeProvider.System);
        await loop.RunAsync(CancellationToken.None);
        Assert.Equal(problems * samples, ledger.Samples.Count(DrawId.EStep(1)).Drawn);
        Assert.Equal(problems * samples / 2, ledger.Kept.Read(1).Count());
        return watch.Peak;
    }

    private static long Alive()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    /// <summary>Looks at what is alive after every so many samples, drawn, scored or trained on: not by the clock, which a fast machine outruns.</summary>
    private sealed class PeakWatch
    {
        private int _passed;

        internal long Peak { get; private set; } = Alive();

        internal void Pass()
        {
            if (++_passed % SamplesPerLook == 0)
            {
                Peak = Math.Max(Peak, Alive());
            }
        }
    }

    /// <summary>Every completion is another text of 200 tokens; half of them are right.</summary>
    private sealed class SyntheticEngine(PeakWatch watch) : IEngine, IPolicy, ITrainer
    {
        public EngineFingerprint Fingerprint { get; } = new("synthetic", "1", "none", Deterministic: true);

        public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

        public ITrainer Trainer => this;

        PolicyFingerprint IPolicy.Fingerprint => new("base", Fingerprint);

        public PolicyRef Resolve(string folder) => new(folder, folder);

        public ModelInfo Describe(PolicyRef policy) => new FakeEngine(_ => { }, 1, this).Describe(policy);

        public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => null;

        public IPolicy Open(PolicyRef policy) => this;

        public async IAsyncEnumerable<Completion> SampleAsync(
            IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (SampleRequest request in requests)
            {
                watch.Pass();
                string text = (request.Index % 2 == 0 ? "yes " : "no ") + new string('x', 190) + request.Index.ToString(CultureInfo.InvariantCulture);
                yield return new Completion
                {
                    ProblemId = request.ProblemId,
                    Index = request.Index,
                    TokenIds = [.. text.Select(character => (int)character)],
                    Text = text,
                    FinishReason = FinishReason.EndOfText,
                    LogProbability = -1,
                };
            }
        }

        public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
            sequences.Select(ids =>
            {
                watch.Pass();
                return new float[ids.Count];
            });

        public Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
        {
            long tokens = job.Sequences.Sum(sequence =>
            {
                watch.Pass();
                return (long)sequence.TokenIds.Count;
            });
            Directory.CreateDirectory(job.OutputFolder);
            return Task.FromResult(new TrainingResult(1, 1, [], tokens, 0, "base"));
        }

        public void Dispose()
        {
        }
    }

    private sealed class SyntheticVerifier : IVerifier
    {
        public string VersionOf(TaskKind task) => "synthetic 1";

        public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken) => ValueTask.FromResult(
            new Finding
            {
                Verdict = completion.StartsWith(problem.Reference, StringComparison.Ordinal) ? Verdict.Correct : Verdict.Incorrect,
                Reason = "first-word",
                Answer = completion[..3],
            });

        public bool SameAnswer(Problem problem, string answer, string other) => answer == other;
    }
}
