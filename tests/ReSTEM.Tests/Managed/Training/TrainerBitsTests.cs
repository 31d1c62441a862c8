using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class TrainerBitsTests
{
    [Theory]
    [InlineData("llama", true, EngineDtype.Float32)]
    [InlineData("llama", false, EngineDtype.Float32)]
    [InlineData("qwen2", true, EngineDtype.Float32)]
    [InlineData("llama", true, EngineDtype.Bfloat16)]
    [InlineData("qwen2", false, EngineDtype.Bfloat16)]
    public async Task Threads_and_micro_batches_do_not_change_the_bits(string family, bool tied, EngineDtype dtype)
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Find(family), tied);
        var expectedSteps = new List<TrainingStep>();
        var expected = await TrainerJobs.RunAsync(jobs.Job("a"), expectedSteps.Add, dtype: dtype);
        foreach (var (tokens, threads) in new[] { (1, 1), (30, 2), (100_000, 2) })
        {
            var steps = new List<TrainingStep>();
            var job = jobs.Job($"{tokens}", options => options with { Speed = new TrainingSpeed { MicroBatchTokens = tokens } });
            var actual = await TrainerJobs.RunAsync(job, steps.Add, threads, dtype);
            Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
            Assert.Equal(expectedSteps, steps);
        }

        Assert.Equal(9, expectedSteps.Count);
        Assert.Equal(Enumerable.Range(1, 9), expectedSteps.Select(step => step.Step));
        Assert.True(expectedSteps[^1].Loss < 0.7 * expectedSteps[0].Loss, $"loss {expectedSteps[0].Loss} -> {expectedSteps[^1].Loss}");
        Assert.Equal(expected.WeightsSha256, ModelFolder.WeightsSha256(jobs.Output + "a"));
    }

    [Fact]
    public async Task An_engine_that_samples_in_int8_trains_the_bits_of_float32()
    {
        using var jobs = new TrainerJobs();
        var expected = await TrainerJobs.RunAsync(jobs.Job("float32"));
        var actual = await TrainerJobs.RunAsync(jobs.Job("int8"), dtype: EngineDtype.Int8);
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
    }

    [Theory]
    [InlineData(EngineDtype.Float32)]
    [InlineData(EngineDtype.Bfloat16)]
    public void Packed_sequences_have_the_gradient_of_each_by_itself(EngineDtype dtype)
    {
        var format = new EngineOptions { Dtype = dtype }.Format;
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2));
        var packed = new PackedBatch();
        var alone = new List<PackedBatch>();
        foreach (var sequence in TrainerJobs.Sequences)
        {
            float[] ones = [.. sequence.TokenIds.Select(_ => 0.125f)];
            packed.Add(sequence.TokenIds, ones);
            alone.Add(new PackedBatch());
            alone[^1].Add(sequence.TokenIds, ones);
        }

        var (loss, gradient) = TrainingModel.LossAndGradient(weights, [packed], threads: 2, format: format);
        var (lossAlone, gradientAlone) = TrainingModel.LossAndGradient(weights, alone, threads: 1, format: format);
        Assert.Equal(lossAlone, loss);
        foreach (var tensor in gradient.Tensors)
        {
            KernelData.AssertSameBits(gradientAlone[tensor.Name].Values, tensor.Values);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    public void Gradient_matches_finite_differences_in_every_tensor(float smoothing)
    {
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2, tied: false));
        var batch = new PackedBatch();
        foreach (var sequence in TrainerJobs.Sequences)
        {
            batch.Add(sequence.TokenIds, [.. sequence.TokenIds.Select(_ => 0.01f)], smoothing);
        }

        var (_, gradient) = TrainingModel.LossAndGradient(weights, [batch], threads: 1);
        foreach (var tensor in weights.Tensors)
        {
            // along the gradient itself the slope is its norm; the step is small against the weights, large against rounding
            float[] direction = gradient[tensor.Name].Values, original = [.. tensor.Values];
            double norm = Math.Sqrt(direction.Sum(value => (double)value * value)), step = 3e-3 / Math.Max(norm, 1e-3);
            double Loss(double factor)
            {
                for (int index = 0; index < original.Length; index++)
                {
                    tensor.Values[index] = (float)(original[index] + (factor * direction[index]));
                }

                return TrainingModel.LossAndGradient(weights, [batch], threads: 1).Loss;
            }

            double slope = (Loss(step) - Loss(-step)) / (2 * step);
            original.CopyTo(tensor.Values, 0);
            Assert.True(Math.Abs(slope - (norm * norm)) < (0.01 * norm * norm) + 1e-6, $"{tensor.Name}: slope {slope}, norm^2 {norm * norm}");
        }
    }

    [Fact]
    public async Task Smoothed_labels_train_another_model_with_the_same_bits_however_the_work_is_cut()
    {
        using var jobs = new TrainerJobs();
        var smoothed = TrainingLoss.WeightedNll with { LabelSmoothing = 0.2 };
        var plainSteps = new List<TrainingStep>();
        var steps = new List<TrainingStep>();
        var plain = await TrainerJobs.RunAsync(jobs.Job("plain"), plainSteps.Add);
        var expected = await TrainerJobs.RunAsync(jobs.Job("a") with { Loss = smoothed }, steps.Add);
        var cut = jobs.Job("b", options => options with { Speed = new TrainingSpeed { MicroBatchTokens = 30 } }) with { Loss = smoothed };
        var actual = await TrainerJobs.RunAsync(cut, threads: 2);
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.NotEqual(plain.WeightsSha256, expected.WeightsSha256);
        Assert.True(steps[0].Loss > plainSteps[0].Loss, $"loss {steps[0].Loss} of the same weights, not smoothed {plainSteps[0].Loss}");
        Assert.Equal(plain.WeightsSha256, (await TrainerJobs.RunAsync(jobs.Job("c") with { Loss = smoothed with { LabelSmoothing = 0 } })).WeightsSha256);
    }

    [Fact]
    public async Task Smoothing_of_all_of_the_target_is_refused()
    {
        using var jobs = new TrainerJobs();
        var job = jobs.Job() with { Loss = TrainingLoss.WeightedNll with { LabelSmoothing = 1 } };
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => TrainerJobs.RunAsync(job));
        Assert.Equal("LabelSmoothing is 1, expected in [0, 1).", fault.Message);
    }

    [Fact]
    public async Task Loss_is_the_weighted_mean_over_the_whole_step()
    {
        using var jobs = new TrainerJobs();
        var weights = ModelFolder.Load(jobs.Base);
        double sum = 0, total = 0;
        foreach (var sequence in TrainerJobs.Sequences.Where(sequence => sequence.TokenIds.Count > 1))
        {
            // sum_s w_s sum_t nll / sum_s w_s T_s; a prediction counts from token max(1, prompt length) on
            var batch = new PackedBatch();
            batch.Add(sequence.TokenIds, [.. sequence.TokenIds.Select((_, t) => t >= sequence.PromptLength ? 1f : 0f)]);
            sum += sequence.Weight * TrainingModel.LossAndGradient(weights, [batch], threads: 1).Loss;
            total += sequence.Weight * (sequence.TokenIds.Count - Math.Max(1, sequence.PromptLength));
        }

        var steps = new List<TrainingStep>();
        var job = jobs.Job("", options => options with { BatchSequences = 100 }) with { Epochs = 1 };
        await TrainerJobs.RunAsync(job, steps.Add);
        Assert.Equal(sum / total, Assert.Single(steps).Loss, 1e-6);
        Assert.Equal(TrainerJobs.Sequences.Sum(sequence => sequence.TokenIds.Count), steps[0].Tokens);
    }

    [Fact]
    public async Task Steps_follow_algorithm_2_with_clipping_and_schedule_in_double()
    {
        using var jobs = new TrainerJobs();
        var job = jobs.Job("", options => options with { Schedule = LearningRateSchedule.Linear, WarmUpSteps = 1, ClipNorm = 0.5 }) with
        {
            Epochs = 1,
            Shuffle = false,
        };
        double[] rates = [1e-2, 1e-2 * 0.55, 1e-2 * 0.1]; // warm-up ends at the peak, then half way and all the way to a tenth
        ModelWeights weights = ModelFolder.Load(jobs.Base);
        var exact = weights.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values.Select(value => (W: (double)value, M: 0.0, V: 0.0)).ToArray());
        for (int step = 1; step <= 3; step++)
        {
            var sequences = TrainerJobs.Sequences.Skip((step - 1) * 4).Take(4).ToArray();
            double total = sequences.Sum(sequence => sequence.Weight * Math.Max(0.0, sequence.TokenIds.Count - Math.Max(1, sequence.PromptLength)));
            var batch = new PackedBatch();
            foreach (var sequence in sequences)
            {
                batch.Add(sequence.TokenIds, [.. sequence.TokenIds.Select((_, t) => t >= sequence.PromptLength ? (float)(sequence.Weight / total) : 0)]);
            }

            ModelWeights gradient = TrainingModel.LossAndGradient(weights, [batch], threads: 1).Gradient;
            double norm = Math.Sqrt(gradient.Tensors.Sum(tensor => tensor.Values.Sum(value => (double)value * value)));
            double clip = Math.Min(1, 0.5 / norm);
            foreach (var tensor in weights.Tensors)
            {
                var state = exact[tensor.Name];
                for (int i = 0; i < state.Length; i++)
                {
                    double g = gradient[tensor.Name].Values[i] * clip, m = (0.9 * state[i].M) + (0.1 * g), v = (0.98 * state[i].V) + (0.02 * g * g);
                    double update = m / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(v / (1 - Math.Pow(0.98, step))) + 1e-8);
                    double decay = tensor.Shape.Count > 1 ? 0.1 : 0;
                    state[i] = (state[i].W - (rates[step - 1] * (update + (decay * state[i].W))), m, v);
                    tensor.Values[i] = (float)state[i].W;
                }
            }
        }

        await TrainerJobs.RunAsync(job);
        ModelWeights trained = ModelFolder.Load(jobs.Output);
        foreach (var tensor in trained.Tensors)
        {
            // where a gradient is nearly 0 its sign, and with it a whole step, hangs on rounding: most of a tensor must agree closely
            double[] differences = [.. tensor.Values.Zip(exact[tensor.Name], (value, state) => Math.Abs(value - state.W)).Order()];
            Assert.InRange(differences[differences.Length * 9 / 10], 0, 2e-6);
        }
    }

    [Fact]
    public async Task Norm_gains_and_biases_are_not_decayed()
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Qwen2);
        var job = jobs.Job("", options => options with { WeightDecay = 1, LearningRate = 0.5, WarmUpSteps = 0, BatchSequences = 100 }) with
        {
            Epochs = 1,
            Sequences = [new TrainingSequence { TokenIds = [5], PromptLength = 0 }], // nothing to predict: gradient 0
        };
        await TrainerJobs.RunAsync(job);
        ModelWeights before = ModelFolder.Load(jobs.Base), after = ModelFolder.Load(jobs.Output);
        foreach (var tensor in before.Tensors)
        {
            float factor = tensor.Shape.Count > 1 ? 0.95f : 1; // 1 - rate of the last step (10 % of 0.5) * decay
            KernelData.AssertClose([.. tensor.Values.Select(value => (double)value * factor)], after[tensor.Name].Values, 1e-6);
        }
    }
}
