using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>
/// A second engine, of a decoder and a stepper, in the whole loop: the scheduler, the course of training, the ledger and the loop are
/// those of every engine. It learns to end its texts with the letter that is asked for, and stopped anywhere it ends with the same bits.
/// </summary>
public sealed class BigramLoopTests
{
    [Fact]
    public async Task A_second_engine_learns_in_the_whole_loop()
    {
        using var run = new BigramRun();
        await run.StartAsync(new BigramEngine());
        double[] rewards = [.. Enumerable.Range(0, 3).Select(iteration => run.Read(ledger => ledger.Measures.Read(iteration)[Measure.Evaluation("test", Metric.PassAt(1))].Value))];
        Assert.True(rewards[2] > rewards[0] + 0.3, string.Join(", ", rewards));
        Assert.True(run.Read(ledger => ledger.Measures.Read(1)[Measure.PredictedGain].Value) > 0);
    }

    [Fact]
    public async Task Stopped_anywhere_and_with_any_lanes_it_ends_with_the_same_bits()
    {
        using var whole = new BigramRun();
        int phases = await whole.StartAsync(new BigramEngine());
        Assert.Equal(8, phases); // evaluate, validate, 2 x (e-step, m-step, evaluate)
        for (int phase = 1; phase <= phases; phase++)
        {
            using var run = new BigramRun();
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => run.StartAsync(new BigramEngine(new BigramOptions { LaneSlots = [3] }), phase));
            await run.StartAsync(new BigramEngine(new BigramOptions { LaneSlots = [2, 5] }));
            Assert.True(whole.Digest() == run.Digest(), $"the digest differs after a stop in phase {phase}");
            Assert.Equal(whole.Weights(), run.Weights());
        }
    }

    [Fact]
    public async Task With_mixtures_it_learns_too_and_ends_with_the_same_bits()
    {
        using var plain = new BigramRun();
        using var whole = new BigramRun { Objective = new ObjectiveOptions { Sftmix = new SftMixOptions() } };
        await plain.StartAsync(new BigramEngine());
        int phases = await whole.StartAsync(new BigramEngine());
        Assert.Equal(10, phases); // and the confidence of each iteration
        Assert.NotEqual(plain.Weights(), whole.Weights());
        var steps = whole.Read(ledger => ledger.Training.ReadSteps(1));
        Assert.All(steps, step => Assert.InRange(step.Mixup ?? 1, 0.01, 10));
        Assert.Contains(steps, step => step.Mixup is not null);
        Assert.True(Reward(whole, 2) > Reward(whole, 0) + 0.3);
        for (int phase = 1; phase <= phases; phase++)
        {
            using var run = new BigramRun { Objective = whole.Objective };
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => run.StartAsync(new BigramEngine(new BigramOptions { LaneSlots = [3] }), phase));
            await run.StartAsync(new BigramEngine(new BigramOptions { LaneSlots = [2, 5] }));
            Assert.True(whole.Digest() == run.Digest(), $"the digest differs after a stop in phase {phase}");
        }

        static double Reward(BigramRun run, int iteration) =>
            run.Read(ledger => ledger.Measures.Read(iteration)[Measure.Evaluation("test", Metric.PassAt(1))].Value);
    }

    [Fact]
    public async Task With_soft_targets_it_learns_the_distribution_and_ends_with_the_same_bits()
    {
        using var whole = new BigramRun { Labels = new() { ["cross"] = "x", ["ring"] = "o" } };
        await whole.StartAsync(new BigramEngine());
        Assert.All(whole.Read(ledger => ledger.Training.ReadSteps(2)), step => Assert.True(step.Loss > 0.56, $"loss {step.Loss}")); // the entropy of (1/4, 3/4)
        double last = whole.Read(ledger => ledger.Training.ReadSteps(2))[^1].Loss, first = whole.Read(ledger => ledger.Training.ReadSteps(2))[0].Loss;
        Assert.True(last < first - 0.5, $"loss {first} -> {last}");
        double share = whole.Read(ledger => ledger.Measures.Read(2)[Measure.Evaluation("test", Metric.PassAt(1))].Value);
        Assert.InRange(share, 0.1, 0.45); // what is right was said by one annotator of four
        for (int phase = 2; phase <= 6; phase++)
        {
            using var run = new BigramRun { Labels = whole.Labels };
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => run.StartAsync(new BigramEngine(new BigramOptions { LaneSlots = [3] }), phase));
            await run.StartAsync(new BigramEngine(new BigramOptions { LaneSlots = [2, 5] }));
            Assert.True(whole.Digest() == run.Digest(), $"the digest differs after a stop in phase {phase}");
            Assert.Equal(whole.Weights(), run.Weights());
        }
    }

    /// <summary>A run on the bigram engine, with the real loop and ledger.</summary>
    private sealed class BigramRun : IDisposable
    {
        private readonly ScratchFolder _scratch = new();

        internal ObjectiveOptions? Objective { get; init; }

        /// <summary>Labels to train on in place of samples, with the distribution (1/4, 3/4), the first being right; null for none.</summary>
        internal Dictionary<string, string>? Labels { get; init; }

        // A base model that ends its texts soon, and says x now and then.
        internal BigramRun()
        {
            BigramWeights weights = BigramWeights.Random(0.5);
            int x = BigramWeights.Tokenizer.Encode("x", addSpecialTokens: false)[0];
            for (int row = 0; row < weights.Table.Length; row += BigramWeights.VocabularySize)
            {
                weights.Table[row + CharacterTokenizer.EndToken] += 3;
                weights.Table[row + x] += 2;
            }

            weights.Save(_scratch.File("base"));
        }

        /// <summary>Starts, or goes on; dies in the middle of the given phase, counted from 1. Gives the number of phases.</summary>
        internal async Task<int> StartAsync(BigramEngine engine, int dieIn = int.MaxValue)
        {
            Directory.CreateDirectory(_scratch.File("run"));
            using RunLedger ledger = RunLedger.Open(_scratch.File("run"));
            var sampling = new SamplingOptions { MaxTokens = 12, Stop = ["\n"] };
            var options = new LoopOptions
            {
                Seed = 3,
                Iterations = 2,
                Base = engine.Resolve(_scratch.File("base")),
                Teacher = null,
                Drawing = new DrawingOptions { Prompt = new PromptOptions(), VerifierFailureLimit = 0, VerifierWorkers = 2 },
                EStep = new EStepOptions { Samples = 24, Sampling = sampling },
                MStep = new MStepOptions
                {
                    Epochs = Labels is null ? 2 : 30,
                    Data = Labels is null ? MStepData.Kept : MStepData.Solutions,
                    Objective = Labels is null ? Objective : new ObjectiveOptions { Kind = ObjectiveKind.SoftTargets },
                    Optimizer = new OptimizerOptions { LearningRate = Labels is null ? 3 : 0.2, BatchSequences = Labels is null ? 8 : 3 },
                },
                Validation = new ValidationOptions { Samples = 8, Sampling = sampling },
                TrainGapSamples = 0,
            };
            var problems = new RunProblems(
                Problems("train", 6), Problems("validation", 3),
                [new EvaluationSet("test", Problems("test", 4), new EvaluationOptions { Samples = 16, Sampling = sampling, K = [1] })]);
            var progress = new DyingProgress(dieIn);
            await new SelfTraining(options, problems, engine, new ContainsVerifier(), ledger, progress, TimeProvider.System).RunAsync(CancellationToken.None);
            return progress.Phases;
        }

        internal T Read<T>(Func<RunLedger, T> read)
        {
            using RunLedger ledger = RunLedger.Open(_scratch.File("run"));
            return read(ledger);
        }

        internal string Digest() => Read(ledger => ledger.ContentDigest());

        internal string Weights() => BigramWeights.HashOf(Read(ledger => ledger.Paths.Policy(2)));

        public void Dispose() => _scratch.Dispose();

        // What is asked for is the same everywhere, as a table that looks at one token can learn no more.
        private Problem[] Problems(string prefix, int count) =>
            [.. Enumerable.Range(0, count).Select(i => new Problem { Id = $"{prefix}-{i}", Task = TaskKind.Choice, Prompt = $"{(char)('a' + i)}=", Reference = "x", Target = Target })];

        private LabelTarget? Target => Labels is null ? null
            : new() { Labels = [.. Labels.Keys], Verbalisers = [.. Labels.Values], Distribution = [0.25, 0.75], Hard = 0 };
    }

    private sealed class ContainsVerifier : IVerifier
    {
        public string VersionOf(TaskKind task) => "contains 1";

        public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken) => ValueTask.FromResult(new Finding
        {
            Verdict = completion.Contains(problem.Reference, StringComparison.Ordinal) ? Verdict.Correct : Verdict.Incorrect,
            Reason = "contains",
            Answer = completion,
        });

        public bool SameAnswer(Problem problem, string answer, string other) => answer == other;
    }

    /// <summary>Dies of the first sign of work in a phase.</summary>
    private sealed class DyingProgress(int dieIn) : ILoopProgress
    {
        internal int Phases { get; private set; }

        public void Started(PhaseStart phase) => Phases++;

        public void Advanced(PhaseProgress progress)
        {
            if (Phases == dieIn && progress.Tokens > 0)
            {
                throw new InvalidTimeZoneException("died");
            }
        }

        public void Finished(double seconds, string detail)
        {
        }

        public void Note(string message)
        {
        }
    }
}
