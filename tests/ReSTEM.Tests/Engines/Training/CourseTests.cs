using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

public sealed class CourseTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly BigramEngine _engine = new();

    public CourseTests() => BigramWeights.Random().Save(_scratch.File("base"));

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Stopped_at_every_step_in_turn_the_result_has_the_same_bits()
    {
        var expectedSteps = new List<TrainingStep>();
        TrainingResult expected = await RunAsync(Job("whole"), expectedSteps.Add);
        Assert.Equal(15, expectedSteps.Count);
        Assert.True(expectedSteps[^1].Loss < 0.8 * expectedSteps[0].Loss, $"loss {expectedSteps[0].Loss} -> {expectedSteps[^1].Loss}");

        int done = 0;
        _engine.StepCount = 0;
        for (int starts = 0; starts < 15; starts++)
        {
            // every start dies after one new step, before it is committed; then the step is done again, committed and stopped at
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => RunAsync(Job("stopped"), step =>
            {
                if (step.Step > done)
                {
                    done = step.Step;
                    throw new InvalidTimeZoneException("crash");
                }
            }));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CancelAfterAsync(Job("stopped"), done));
        }

        Assert.Equal(30, _engine.StepCount); // each step once before the crash and once until the commit
        var steps = new List<TrainingStep>();
        TrainingResult actual = await RunAsync(Job("stopped"), steps.Add);
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.Equal(expectedSteps, steps);
        Assert.False(Directory.Exists(_scratch.File("stopped-state")));
    }

    [Fact]
    public async Task Best_epoch_is_kept_and_patience_ends_the_job_also_after_crashes()
    {
        double[] measures = [0.2, 0.5, 0.5, 0.1, 0.9];
        var seen = new List<string>();
        TrainingJob job = Job("best") with
        {
            Epochs = 5,
            Patience = 2,
            Validate = (candidate, _) =>
            {
                using IPolicy policy = candidate.Open();
                seen.Add(policy.Fingerprint.WeightsSha256);
                return seen.Count % 2 == 1
                    ? throw new InvalidTimeZoneException("crash") // every measurement dies once
                    : Task.FromResult(measures[candidate.Epoch - 1]);
            },
        };
        for (int crash = 0; crash < 4; crash++)
        {
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => RunAsync(job));
        }

        TrainingResult result = await RunAsync(job);
        Assert.Equal((2, 12, 8), (result.ChosenEpoch, result.Steps, seen.Count));
        Assert.Equal(measures[..4], result.Measures);
        Assert.Equal(seen[2], result.WeightsSha256); // the candidate of epoch 2, as it was in memory
        Assert.Equal(seen[3], _engine.WeightsSha256(job.OutputFolder));
    }

    [Fact]
    public async Task An_epoch_is_measured_once_though_the_job_dies_right_after()
    {
        int measured = 0;
        TrainingJob job = Job("measured") with
        {
            Epochs = 2,
            Validate = (_, _) => Task.FromResult(1.0 + measured++),
        };
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => RunAsync(job, step =>
        {
            if (step.Epoch == 2)
            {
                throw new InvalidTimeZoneException("crash");
            }
        }));
        Assert.Equal(1, measured);
        Assert.Equal([1.0, 2.0], (await RunAsync(job)).Measures);
    }

    [Fact]
    public async Task Candidate_draws_what_the_saved_model_draws()
    {
        var drawn = new List<string>();
        TrainingJob job = Job("drawn") with
        {
            Epochs = 1,
            Validate = async (candidate, _) =>
            {
                using IPolicy policy = candidate.Open();
                drawn.Add(await TextAsync(policy));
                return 1;
            },
        };
        await RunAsync(job);
        using IPolicy saved = _engine.Open(_engine.Resolve(job.OutputFolder));
        Assert.Equal(await TextAsync(saved), Assert.Single(drawn));
    }

    [Fact]
    public async Task Fingerprint_of_a_job_names_the_engine()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CancelAfterAsync(Job("mine"), 3));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => new CourseTrainer(new OtherArithmetic(_engine)).TrainAsync(
            Job("mine"), _ => { }, CancellationToken.None));
        Assert.Contains("belongs to another job: engine is bigram 1 float32, expected bigram 2 float32.", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, "0.5 1 1 1 1 1")]
    [InlineData(LearningRateSchedule.Linear, "0.5 1 0.8 0.6 0.4 0.2")] // 1 - 0.8 p for p = 1/4, 2/4, 3/4, 1
    [InlineData(LearningRateSchedule.Cosine, "0.5 1 0.8828 0.6 0.3172 0.2")] // 0.2 + 0.4 (1 + cos(pi p))
    public void Learning_rate_warms_up_and_falls_to_the_final_share(LearningRateSchedule schedule, string expected)
    {
        var options = new OptimizerOptions { LearningRate = 1, WarmUpSteps = 2, Schedule = schedule, FinalShare = 0.2 };
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(1, 6).Select(
            step => Math.Round(LearningRate.At(options, step, 6), 4).ToString(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_warm_up_ratio_is_the_warm_up_of_as_many_steps()
    {
        var steps = new OptimizerOptions { LearningRate = 1, WarmUpSteps = 2 };
        var ratio = new OptimizerOptions { LearningRate = 1, WarmUpRatio = 0.25 };
        Assert.Equal(
            Enumerable.Range(1, 8).Select(step => LearningRate.At(steps, step, 8)), Enumerable.Range(1, 8).Select(step => LearningRate.At(ratio, step, 8)));
        Assert.Equal(1, LearningRate.At(new OptimizerOptions { LearningRate = 1, WarmUpRatio = 1 }, 8, 8));
    }

    private static Task<string> TextAsync(IPolicy policy) => PolicyUse
        .DrawAsync(policy, Enumerable.Range(0, 9).Select(index => PolicyUse.Request([3], new SamplingOptions { MaxTokens = 20 }, index: index)))
        .ContinueWith(drawn => string.Join('\n', drawn.Result.Select(completion => completion.Text)), TaskScheduler.Default);

    private Task<TrainingResult> RunAsync(TrainingJob job, Action<TrainingStep>? onStep = null) =>
        _engine.Trainer.TrainAsync(job, onStep ?? (_ => { }), CancellationToken.None);

    /// <summary>Cancels when a step is done, so that it is committed.</summary>
    private async Task CancelAfterAsync(TrainingJob job, int step)
    {
        using var source = new CancellationTokenSource();
        await _engine.Trainer.TrainAsync(job, told => { if (told.Step == step) { source.Cancel(); } }, source.Token);
        source.Token.ThrowIfCancellationRequested(); // cancelled at the last step, when nothing was left to stop
    }

    private TrainingJob Job(string name) => new()
    {
        Base = _engine.Resolve(_scratch.File("base")),
        OutputFolder = _scratch.File(name),
        StateFolder = _scratch.File(name + "-state"),
        Sequences = [.. Enumerable.Range(0, 10).Select(index => new TrainingSequence
        {
            TokenIds = BigramWeights.Tokenizer.Encode($"{index} apples and {index} pears make {2 * index}.", addSpecialTokens: true),
            PromptLength = index % 3,
            Weight = 1 + (index % 2),
        })],
        Optimizer = new OptimizerOptions { LearningRate = 5, WarmUpSteps = 2, BatchSequences = 4 },
        Epochs = 5,
        Random = RandomStream.Of(3, RandomPurpose.BatchOrder),
        CommitInterval = TimeSpan.FromHours(1),
    };

    private sealed class OtherArithmetic(IStepperSource source) : IStepperSource
    {
        public EngineFingerprint Fingerprint { get; } = BigramEngine.Identity with { Version = "2" };

        public string WeightsSha256(string folder) => source.WeightsSha256(folder);

        public IStepper Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? adapter) => source.Open(policy, optimizer, adapter);
    }
}
