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
    private const int UsualSamples = 40_000;
    private const int MostGrowth = 6 << 20;

    [Fact]
    public async Task Ten_times_the_samples_take_no_more_memory()
    {
        int samples = int.TryParse(Environment.GetEnvironmentVariable("RESTEM_MEMORY_SAMPLES"), CultureInfo.InvariantCulture, out int asked)
            ? asked
            : UsualSamples;
        long few = await PeakAsync(samples / 1000, 100);
        long many = await PeakAsync(samples / 100, 100);
        string seen = string.Create(
            CultureInfo.InvariantCulture,
            $"peak of live memory: {few / 1048576.0:F1} MiB with {samples / 10:N0} samples, {many / 1048576.0:F1} MiB with {samples:N0}");
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
        var loop = new SelfTraining(
            options, new RunProblems(train, [], []), new SyntheticEngine(), new SyntheticVerifier(), ledger, new FakeProgress(_ => { }), TimeProvider.System);
        using var watch = new PeakWatch();
        await loop.RunAsync(CancellationToken.None);
        Assert.Equal(problems * samples, ledger.Samples.Count(DrawId.EStep(1)).Drawn);
        Assert.Equal(problems * samples / 2, ledger.Kept.Read(1).Count());
        return watch.Peak;
    }

    /// <summary>Looks at what is alive again and again.</summary>
    private sealed class PeakWatch : IDisposable
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _watching;
        private long _peak;

        internal PeakWatch() => _watching = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                Look();
                await Task.Delay(50, CancellationToken.None);
            }
        });

        internal long Peak
        {
            get
            {
                Look();
                return _peak;
            }
        }

        public void Dispose()
        {
            _stop.Cancel();
            _watching.Wait();
            _stop.Dispose();
        }

        private void Look() => _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: true) - _before);
    }

    /// <summary>Every completion is another text of 200 tokens; half of them are right.</summary>
    private sealed class SyntheticEngine : IEngine, IPolicy, ITrainer
    {
        public EngineFingerprint Fingerprint { get; } = new("synthetic", "1", "none", Deterministic: true);

        public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

        public ITrainer Trainer => this;

        PolicyFingerprint IPolicy.Fingerprint => new("base", Fingerprint);

        public PolicyRef Resolve(string folder) => new(folder, folder);

        public ModelInfo Describe(PolicyRef policy) => new FakeEngine(_ => { }, 1, this).Describe(policy);

        public IPolicy Open(PolicyRef policy) => this;

        public async IAsyncEnumerable<Completion> SampleAsync(
            IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (SampleRequest request in requests)
            {
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
            sequences.Select(ids => new float[ids.Count]);

        public Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
        {
            long tokens = job.Sequences.Sum(sequence => (long)sequence.TokenIds.Count);
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
