using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class TrainerResumeTests : IDisposable
{
    private readonly TrainerJobs _jobs = new();

    public void Dispose() => _jobs.Dispose();

    [Theory]
    [InlineData(1, 0, EngineDtype.Float32)]
    [InlineData(4, 0, EngineDtype.Float32)]
    [InlineData(6, 1000, EngineDtype.Float32)] // dies before anything was committed
    [InlineData(4, 0, EngineDtype.Bfloat16)]
    public async Task Crash_at_any_step_gives_the_same_bits(int diesAfter, int commitSeconds, EngineDtype dtype)
    {
        var expectedSteps = new List<TrainingStep>();
        var expected = await TrainerJobs.RunAsync(_jobs.Job("whole"), expectedSteps.Add, dtype: dtype);
        var job = _jobs.Job() with { CommitInterval = TimeSpan.FromSeconds(commitSeconds) };
        await Assert.ThrowsAsync<InvalidOperationException>(() => TrainerJobs.RunAsync(
            job, step => { if (step.Step == diesAfter) { throw new InvalidOperationException("crash"); } }, dtype: dtype));
        Directory.CreateDirectory(_jobs.State);
        await File.WriteAllTextAsync(Path.Combine(_jobs.State, "state.bin.tmp"), "cut off while writing");

        var steps = new List<TrainingStep>();
        var actual = await TrainerJobs.RunAsync(job, steps.Add, threads: 2, dtype);

        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.Equal(expectedSteps, steps);
        Assert.False(Directory.Exists(_jobs.State));
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors", "training.json"],
            Directory.GetFiles(_jobs.Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cancellation_commits_the_last_whole_step()
    {
        using var source = new CancellationTokenSource();
        var job = _jobs.Job() with { CommitInterval = TimeSpan.FromHours(1) };
        var trainer = new ManagedEngine(new EngineOptions { Threads = 1 }).Trainer;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trainer.TrainAsync(
            job, step => { if (step.Step == 5) { source.Cancel(); } }, source.Token));
        Assert.True(File.Exists(Path.Combine(_jobs.State, "state.bin")));
        Assert.False(Directory.Exists(_jobs.Output));
        var expected = await TrainerJobs.RunAsync(_jobs.Job("whole"));
        Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(job)).WeightsSha256);
    }

    [Fact]
    public async Task Best_epoch_is_kept_and_patience_ends_the_job_also_after_crashes()
    {
        double[] measures = [0.2, 0.5, 0.5, 0.1, 0.9];
        var hashes = new List<string>();
        var job = _jobs.Job("", options => options with { Schedule = LearningRateSchedule.Constant }) with
        {
            Epochs = 5,
            Patience = 2,
            Validate = (candidate, _) =>
            {
                Assert.Equal(candidate.Epoch * 3, candidate.Step);
                hashes.Add(FingerprintOf(candidate));
                return hashes.Count % 2 == 1
                    ? throw new InvalidOperationException("crash") // every measurement dies once
                    : Task.FromResult(measures[candidate.Epoch - 1]);
            },
        };
        for (int crash = 0; crash < 4; crash++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => TrainerJobs.RunAsync(job));
        }

        var result = await TrainerJobs.RunAsync(job);
        Assert.Equal(2, result.ChosenEpoch);
        Assert.Equal(measures[..4], result.Measures);
        Assert.Equal(12, result.Steps);
        Assert.Equal(hashes[2], result.WeightsSha256);
        Assert.Equal(hashes[2], hashes[3]);
        Assert.Equal(8, hashes.Count);
        var steps = new List<TrainingStep>();
        var again = await TrainerJobs.RunAsync(job, steps.Add); // answered from the finished model
        Assert.Equal(result.Measures, again.Measures);
        Assert.Equal(result.WeightsSha256, again.WeightsSha256);
        Assert.Equal(12, steps.Count);
        Assert.Equal(8, hashes.Count);
    }

    [Theory]
    [InlineData("state.bin")]
    [InlineData("weights-3.bin")]
    [InlineData("moments-3.bin")]
    public async Task Damaged_state_is_named_and_never_used(string name)
    {
        await StopAsync(_jobs.Job());
        string path = Path.Combine(_jobs.State, name);
        byte[] whole = await File.ReadAllBytesAsync(path);
        foreach (int length in new[] { whole.Length, whole.Length - 7, 30, 0 })
        {
            byte[] damaged = whole[..length];
            if (length == whole.Length)
            {
                damaged[length / 2] ^= 1;
            }

            await File.WriteAllBytesAsync(path, damaged);
            var exception = await Assert.ThrowsAsync<InvalidDataException>(() => TrainerJobs.RunAsync(_jobs.Job()));
            Assert.StartsWith($"{path} is damaged: its SHA-256 is ", exception.Message, StringComparison.Ordinal);
            Assert.EndsWith($"Delete the folder {_jobs.State} to start the job from its beginning.", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task State_and_output_of_another_job_are_refused_by_name()
    {
        await StopAsync(_jobs.Job());
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => TrainerJobs.RunAsync(_jobs.Job() with { Epochs = 4 }));
        Assert.Contains("belongs to another job: epochs is 3, expected 4.", exception.Message, StringComparison.Ordinal);
        await TrainerJobs.RunAsync(_jobs.Job());
        exception = await Assert.ThrowsAsync<InvalidDataException>(
            () => TrainerJobs.RunAsync(_jobs.Job("", options => options with { WeightDecay = 0.5 })));
        Assert.Contains("holds the model of another job: optimizer is ", exception.Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_jobs.Output, "training.json"));
        await Assert.ThrowsAsync<IOException>(() => TrainerJobs.RunAsync(_jobs.Job()));
    }

    [Theory]
    [InlineData("epochs", "Epochs is 0, expected at least 1.")]
    [InlineData("token", "Sequences[0]: a token id is 61, expected 0 to 60.")]
    [InlineData("length", "Sequences[0]: the sequence has 97 tokens, expected 1 to 96 (the model's context).")]
    [InlineData("weight", "Sequences[0].Weight is -1, expected a finite number >= 0.")]
    [InlineData("rate", "LearningRate is 0, expected > 0.")]
    public async Task Impossible_jobs_are_refused(string fault, string message)
    {
        var job = _jobs.Job("", options => fault == "rate" ? options with { LearningRate = 0 } : options) with
        {
            Epochs = fault == "epochs" ? 0 : 1,
            Sequences =
            [
                new TrainingSequence
                {
                    TokenIds = [.. Enumerable.Repeat(fault == "token" ? 61 : 3, fault == "length" ? 97 : 4)],
                    PromptLength = 0,
                    Weight = fault == "weight" ? -1 : 1,
                },
            ],
        };
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => TrainerJobs.RunAsync(job));
        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public void Initial_weights_are_normal_and_keyed_by_tensor()
    {
        var config = TestModels.Config(DecoderFamilies.Qwen2) with { ModelDim = 96, FeedForwardDim = 200 };
        ModelWeights weights = ModelInitializer.Create(config, RandomStream.Of(1, RandomPurpose.Initialization));
        ModelWeights again = ModelInitializer.Create(config, RandomStream.Of(1, RandomPurpose.Initialization));
        Assert.All(weights["model.norm.weight"].Values, value => Assert.Equal(1, value));
        Assert.All(weights["model.layers.0.self_attn.q_proj.bias"].Values, value => Assert.Equal(0, value));
        foreach (var (tensor, spread) in new[] { (weights["model.layers.1.mlp.gate_proj.weight"], 0.02), (weights["model.layers.1.mlp.down_proj.weight"], 0.01) }) // 0.02 / sqrt(2 * 2)
        {
            double variance = tensor.Values.Average(value => (double)value * value);
            Assert.InRange(Math.Sqrt(variance) / spread, 0.98, 1.02); // 19200 numbers: standard error 0.5 %
            KernelData.AssertSameBits(tensor.Values, again[tensor.Name].Values);
        }

        Assert.NotEqual(weights["model.layers.0.mlp.gate_proj.weight"].Values[0], weights["model.layers.1.mlp.gate_proj.weight"].Values[0]);
    }

    private static string FingerprintOf(TrainingCandidate candidate)
    {
        using IPolicy policy = candidate.Open();
        return policy.Fingerprint.WeightsSha256;
    }

    private static async Task StopAsync(TrainingJob job) => await Assert.ThrowsAsync<InvalidOperationException>(
        () => TrainerJobs.RunAsync(job with { CommitInterval = TimeSpan.Zero }, step => { if (step.Step == 4) { throw new InvalidOperationException("crash"); } }));
}
