using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Tests;
using ReSTEM.Torch;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

/// <summary>Whole training jobs on libtorch.</summary>
[Collection(nameof(Alone))]
public sealed class TorchTrainerTests
{
    private static readonly TorchSettings Settings = TorchUse.Settings();

    [EngineTheory("torch-cpu")]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Steps_are_those_of_the_managed_engine(bool hasAdapter, bool mixes)
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Qwen2);
        List<TrainingStep> expected = [], actual = [];
        await TrainerJobs.RunAsync(Job(jobs, "managed", hasAdapter, mixes), expected.Add);
        await RunAsync(Job(jobs, "torch", hasAdapter, mixes), actual.Add);
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (left, right) in expected.Zip(actual))
        {
            Assert.Equal(left.Loss, right.Loss, 1e-3 * Math.Max(1, left.Loss));
            Assert.Equal(mixes, left.Mixup is not null);
            Assert.Equal(left.Mixup ?? -1, right.Mixup ?? -1, 2e-3 * Math.Max(1, left.Mixup ?? 0));
            Assert.Equal(left.GradientNorm, right.GradientNorm, 1e-2 * left.GradientNorm);
            Assert.Equal(left.LearningRate, right.LearningRate);
        }

        var (first, second) = (Values(jobs, Job(jobs, "managed", hasAdapter, mixes).OutputFolder), Values(jobs, Job(jobs, "torch", hasAdapter, mixes).OutputFolder));
        double size = Norm(first), moved = Norm(first.Zip(Values(jobs, jobs.Base), (a, b) => a - b));
        Assert.Equal(0, Norm(first.Zip(second, (a, b) => a - b)), 2e-2 * moved);
        Assert.True(moved > 1e-2 * size, "training changed nothing");
    }

    [EngineTheory("torch-cpu")]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_job_that_is_stopped_ends_with_the_same_bits(bool hasAdapter, bool mixes)
    {
        using var jobs = new TrainerJobs();
        var whole = await RunAsync(Job(jobs, "whole", hasAdapter, mixes), static _ => { });
        var job = Job(jobs, "stopped", hasAdapter, mixes);
        foreach (int last in new[] { 2, 5 })
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(job, step => CancelAt(step, last, stop), stop.Token));
        }

        Assert.Equal(whole.WeightsSha256, (await RunAsync(job, static _ => { })).WeightsSha256);

        static void CancelAt(TrainingStep step, int last, CancellationTokenSource stop)
        {
            if (step.Step == last)
            {
                stop.Cancel();
            }
        }
    }

    [EngineFact("torch-cpu")]
    public void Memory_stays_flat_over_1000_steps()
    {
        using var jobs = new TrainerJobs();
        var job = Job(jobs, "", hasAdapter: false);
        using var stepper = new TorchStepperSource(Settings).Open(job.Base, job.Optimizer, null);
        WeightedSequence[] sequences = [.. job.Sequences.Where(static sequence => sequence.TokenIds.Count > 1).Select(static sequence => new WeightedSequence(sequence.TokenIds, 1, sequence.Weight))];
        long tensors = 0, bytes = 0;
        for (int step = 1; step <= 1000; step++)
        {
            stepper.Step(sequences, step, 1e-4);
            if (step == 200)
            {
                (tensors, bytes) = (Tensor.TotalCount, NativeMemoryOfProcess.Bytes);
            }
        }

        Assert.InRange(Tensor.TotalCount, 0, tensors); // fewer where the collector finds some of another test
        Assert.InRange(NativeMemoryOfProcess.Bytes - bytes, long.MinValue, 16 << 20);
    }

    /// <summary>Distributions over labels of 2 and 3 tokens, one a beginning of the other; what is compared is the step's loss, its gradient, and the weights.</summary>
    [EngineTheory("torch-cpu")]
    [InlineData(LossMean.Sequences, 0)]
    [InlineData(LossMean.Tokens, 0.1)]
    public async Task Soft_targets_are_those_of_the_managed_engine(LossMean mean, double smoothing)
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Qwen2);
        List<TrainingStep> expected = [], actual = [], hard = [];
        await TrainerJobs.RunAsync(SoftJob("managed", [[0.5, 0.3, 0.2], [1, 0, 0], [0, 0.25, 0.75], [0.1, 0.9, 0], [0, 0, 1]]), expected.Add);
        await RunAsync(SoftJob("torch", [[0.5, 0.3, 0.2], [1, 0, 0], [0, 0.25, 0.75], [0.1, 0.9, 0], [0, 0, 1]]), actual.Add);
        Assert.Equal(9, actual.Count); // 5 examples, two at a time, three times
        foreach (var (left, right) in expected.Zip(actual, (left, right) => (left, right)))
        {
            Assert.Equal(left.Loss, right.Loss, 1e-3 * left.Loss);
            Assert.Equal(left.GradientNorm, right.GradientNorm, 1e-2 * left.GradientNorm);
        }

        var (first, second) = (Values(jobs, jobs.Output + "managed"), Values(jobs, jobs.Output + "torch"));
        Assert.Equal(0, Norm(first.Zip(second, (a, b) => a - b)), 2e-2 * Norm(first.Zip(Values(jobs, jobs.Base), (a, b) => a - b)));

        // The shares matter: of the hard labels alone the losses are others.
        await RunAsync(SoftJob("hard", [[1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]]), hard.Add);
        Assert.NotEqual(hard[0].Loss, actual[0].Loss, 1e-2);

        TrainingJob SoftJob(string name, double[][] targets)
        {
            int[][] labels = [[7, 60], [7, 8, 60], [9, 60]];
            return jobs.Job(name, static options => options with { BatchSequences = 2, LearningRate = 1e-3 }) with
            {
                Sequences = [.. targets.SelectMany((target, example) => Enumerable.Range(0, labels.Length).Where(label => target[label] > 0).Select((label, place) => new TrainingSequence
                {
                    TokenIds = [example, .. Enumerable.Range(0, 3 + example).Select(t => 10 + (((t * t * 5) + (example * 11)) % 40)), .. labels[label]],
                    PromptLength = 4 + example,
                    Weight = (float)target[label],
                    Continues = place > 0,
                }))],
                Loss = ObjectiveOptions.LossOf(new ObjectiveOptions { Kind = ObjectiveKind.SoftTargets, MeanOver = mean }, smoothing),
            };
        }
    }

    private static TrainingJob Job(TrainerJobs jobs, string name, bool hasAdapter, bool mixes = false)
    {
        var job = jobs.Job(name, static options => options with { Speed = new TrainingSpeed { CommitSeconds = 0 } });
        var split = ConfidenceSplit.Of([[.. job.Sequences.Select(static (sequence, i) => ConfidenceSplit.Counts(sequence) ? i * 7 % 11 : double.NaN)]]);
        job = mixes ? job with { Mixup = new MixupJob(new SftMixOptions { Mu = 0.5 }, split, RandomStream.Of(3, RandomPurpose.Mixup)) } : job;
        return hasAdapter
            ? job with { Adapter = new AdapterJob(new AdapterOptions { Rank = 4, TargetModules = ["q_proj", "down_proj"] }, RandomStream.Of(5, RandomPurpose.Initialization)) }
            : job;
    }

    private static Task<TrainingResult> RunAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken = default) =>
        new CourseTrainer(new TorchStepperSource(Settings)).TrainAsync(job, onStep, cancellationToken);

    private static float[] Values(TrainerJobs jobs, string folder)
    {
        if (!AdapterFolder.IsAdapter(folder))
        {
            return [.. ModelFolder.Load(folder).Tensors.SelectMany(static tensor => tensor.Values)];
        }

        using var stored = ModelFolder.Open(jobs.Base);
        return [.. ModelWeights.Copy(new MergedWeights(stored, AdapterFolder.Read(folder, stored.Config))).Tensors.SelectMany(static tensor => tensor.Values)];
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(static value => (double)value * value));
}
