using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>SFTMix on the managed trainer: against the formula in double precision, and its bits.</summary>
public sealed class MixupTests
{
    /// <summary>Sequence 5 of the eleven has one token: ten are split.</summary>
    private static readonly ConfidenceSplit Split = ConfidenceSplit.Of([[.. TrainerJobs.Sequences.Select((sequence, i) =>
        ConfidenceSplit.Counts(sequence) ? i * 7 % 11 / 10.0 : double.NaN)]]);

    [Theory]
    [InlineData(true, 0.2, 0)]
    [InlineData(false, 0.2, 0)]
    [InlineData(false, 3, 0.1)]
    [InlineData(false, 0, 0)] // the negative log-likelihood alone
    [InlineData(true, 0, 0.1)] // with smoothed labels
    public void Gradient_is_that_of_the_formula_in_double_precision(bool tied, double mu, double smoothing)
    {
        var weights = TestModels.Random(TestModels.Config(tied: tied), spread: 0.2);
        TrainingJob job = Job(mu, smoothing);
        var sequences = new TrainingPlan(job).Sequences(1);
        var (loss, gradient) = TrainingModel.LossAndGradient(weights, PackedBatch.Cut(sequences, 40), threads: 1);

        var exact = new DoubleLlama(weights);
        Assert.Equal(ExactLoss(exact, job, sequences), loss, 1e-5);
        RandomSequence random = RandomStream.Of(3, RandomPurpose.Problems).Sequence();
        foreach (var tensor in gradient.Tensors)
        {
            double norm = Math.Sqrt(tensor.Values.Sum(value => (double)value * value));
            double[] along = [.. tensor.Values.Select(value => value / norm)], across = [.. along.Select(_ => random.Normals().First)];
            double length = Math.Sqrt(across.Sum(value => value * value));
            across = [.. across.Select(value => value / length)];
            Assert.Equal(norm, Slope(along), 1e-3 * norm);
            double inner = across.Zip(tensor.Values, (a, b) => a * b).Sum();
            Assert.Equal(inner, Slope(across), 1e-3 * norm / Math.Sqrt(along.Length)); // what a random direction has of the norm

            double Slope(double[] direction)
            {
                const double Step = 1e-5;
                double[] values = exact.Tensors[tensor.Name], original = [.. values];
                double[] losses = [.. new[] { Step, -Step }.Select(step =>
                {
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = original[i] + (step * direction[i]);
                    }

                    return ExactLoss(exact, job, sequences);
                })];
                original.CopyTo(values, 0);
                return (losses[0] - losses[1]) / (2 * Step);
            }
        }
    }

    [Fact]
    public void A_share_of_one_is_the_negative_log_likelihood_of_the_confident_sequence_bit_for_bit()
    {
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2));
        TrainingSequence confident = TrainerJobs.Sequences[4], other = TrainerJobs.Sequences[9];
        WeightedSequence plain = new(confident.TokenIds, 2, 0.125f), silent = new(other.TokenIds, 2, 0);
        var expected = TrainingModel.LossAndGradient(weights, PackedBatch.Cut([plain, silent], 100), threads: 1);
        var mixed = TrainingModel.LossAndGradient(
            weights, PackedBatch.Cut([plain with { Weight = 0 }, silent with { Mixture = new Mixture(1, 0.125f, 0) }], 100), threads: 1);
        Assert.Equal(expected.Loss, mixed.Loss);
        foreach (var tensor in expected.Gradient.Tensors)
        {
            KernelData.AssertSameBits(tensor.Values, mixed.Gradient[tensor.Name].Values);
        }
    }

    [Fact]
    public async Task Without_weight_it_is_the_negative_log_likelihood_bit_for_bit()
    {
        using var jobs = new TrainerJobs();
        List<TrainingStep> plainSteps = [], steps = [];
        var plain = await TrainerJobs.RunAsync(jobs.Job("plain"), plainSteps.Add);
        var mixed = await TrainerJobs.RunAsync(jobs.Job("mixed") with { Mixup = Mixup(0) }, steps.Add);
        Assert.Equal(plain.WeightsSha256, mixed.WeightsSha256);
        Assert.Equal(plainSteps, steps);
        Assert.All(steps, step => Assert.Null(step.Mixup));
    }

    [Theory]
    [InlineData(EngineDtype.Float32)]
    [InlineData(EngineDtype.Bfloat16)]
    public async Task Threads_and_micro_batches_do_not_change_the_bits(EngineDtype dtype)
    {
        using var jobs = new TrainerJobs();
        var expectedSteps = new List<TrainingStep>();
        var expected = await TrainerJobs.RunAsync(jobs.Job("a") with { Mixup = Mixup() }, expectedSteps.Add, dtype: dtype);
        foreach (var (tokens, threads) in new[] { (1, 1), (30, 2), (100_000, 2) })
        {
            var steps = new List<TrainingStep>();
            var job = jobs.Job($"{tokens}", options => options with { Speed = new TrainingSpeed { MicroBatchTokens = tokens } }) with { Mixup = Mixup() };
            Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(job, steps.Add, threads, dtype)).WeightsSha256);
            Assert.Equal(expectedSteps, steps);
        }

        Assert.NotEqual(expected.WeightsSha256, (await TrainerJobs.RunAsync(jobs.Job("plain"), dtype: dtype)).WeightsSha256);
        Assert.Equal(9, expectedSteps.Count);
        Assert.True(expectedSteps[^1].Loss < expectedSteps[0].Loss, $"loss {expectedSteps[0].Loss} -> {expectedSteps[^1].Loss}");
        Assert.All(expectedSteps, step => Assert.InRange(step.Mixup!.Value, 0.1, 10));
    }

    /// <summary>A new adapter adds nothing yet, so the first step has the losses of the weights themselves.</summary>
    [Fact]
    public async Task An_adapter_sees_the_same_mixtures()
    {
        using var jobs = new TrainerJobs();
        var adapter = new AdapterJob(new AdapterOptions { Rank = 3 }, RandomStream.Of(5, RandomPurpose.Adapter));
        List<TrainingStep> whole = [], steps = [];
        await TrainerJobs.RunAsync(jobs.Job("whole") with { Mixup = Mixup() }, whole.Add);
        var expected = await TrainerJobs.RunAsync(jobs.Job("a") with { Mixup = Mixup(), Adapter = adapter }, steps.Add);
        Assert.Equal((whole[0].Loss, whole[0].Mixup), (steps[0].Loss, steps[0].Mixup));
        var cut = jobs.Job("b", options => options with { Speed = new TrainingSpeed { MicroBatchTokens = 30 } });
        Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(cut with { Mixup = Mixup(), Adapter = adapter }, threads: 2)).WeightsSha256);
        Assert.NotEqual(expected.WeightsSha256, (await TrainerJobs.RunAsync(jobs.Job("plain") with { Adapter = adapter })).WeightsSha256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Crash_at_any_step_gives_the_same_bits(int diesAfter)
    {
        using var jobs = new TrainerJobs();
        var expectedSteps = new List<TrainingStep>();
        var expected = await TrainerJobs.RunAsync(jobs.Job("whole") with { Mixup = Mixup() }, expectedSteps.Add);
        var job = jobs.Job() with { Mixup = Mixup(), CommitInterval = TimeSpan.Zero };
        await Assert.ThrowsAsync<InvalidOperationException>(() => TrainerJobs.RunAsync(
            job, step => { if (step.Step == diesAfter) { throw new InvalidOperationException("crash"); } }));
        var steps = new List<TrainingStep>();
        Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(job, steps.Add)).WeightsSha256);
        Assert.Equal(expectedSteps, steps);
    }

    [Fact]
    public async Task State_of_another_mixture_is_refused_by_name()
    {
        using var jobs = new TrainerJobs();
        await Assert.ThrowsAsync<InvalidOperationException>(() => TrainerJobs.RunAsync(
            jobs.Job() with { Mixup = Mixup(), CommitInterval = TimeSpan.Zero }, step => { if (step.Step == 2) { throw new InvalidOperationException("crash"); } }));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => TrainerJobs.RunAsync(jobs.Job() with { Mixup = Mixup(0.3) }));
        Assert.Contains("belongs to another job: mixup is mu 0.2 alpha 0.5 of halves ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_mixed_is_refused()
    {
        using var jobs = new TrainerJobs();
        await RefusedAsync(jobs.Job("", options => options with { BatchSequences = 3 }) with { Mixup = Mixup() }, "BatchSequences is 3, expected an even number with a mixture, whose pairs stay together.");
        await RefusedAsync(jobs.Job() with { Mixup = Mixup(-1) }, "Mu is -1, expected at least 0.");
        await RefusedAsync(jobs.Job() with { Mixup = Mixup() with { Split = ConfidenceSplit.Of([[1, 2]]) } }, "Mixup.Split.Perplexities.Count is 2, expected 11 (Sequences.Count).");

        static async Task RefusedAsync(TrainingJob job, string message) =>
            Assert.Equal(message, (await Assert.ThrowsAsync<ArgumentException>(() => TrainerJobs.RunAsync(job))).Message);
    }

    [Fact]
    public void Each_epoch_mixes_each_confident_sequence_once_with_an_unconfident_one_of_its_own()
    {
        TrainingJob job = Job(0.2, 0) with { Optimizer = new OptimizerOptions { BatchSequences = 4 }, Epochs = 3 };
        var plan = new TrainingPlan(job);
        var epochs = new List<string>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var order = Enumerable.Range(1, 3).SelectMany(step => plan.Sequences((epoch * 3) + step)).ToList();
            int[] numbers = [.. order.Select(one => Enumerable.Range(0, 11).Single(i => job.Sequences[i].TokenIds.SequenceEqual(one.TokenIds)))];
            epochs.Add(string.Join(' ', numbers));
            Assert.Equal(Enumerable.Range(0, 11), numbers.Order());
            Assert.Equal(Split.Confident, numbers.Where((_, i) => i % 2 == 0 && i < 10).Order());
            Assert.Equal(Split.Unconfident, numbers.Where((_, i) => i % 2 == 1).Order());
            Assert.Equal(5, numbers[^1]); // it has nothing to mix, and is trained on all the same
            Assert.Equal(order.Select((_, i) => i % 2 == 1), order.Select(one => one.Mixture is not null));
        }

        Assert.Equal(3, epochs.Distinct().Count());
        Assert.Equal(
            new TrainingPlan(job).Sequences(7).Select(one => one.Mixture), plan.Sequences(7).Select(one => one.Mixture)); // asked for first, as after a resume
    }

    [Fact]
    public void Without_shuffling_the_pairs_are_in_the_given_order()
    {
        TrainingJob job = Job(0.2, 0) with { Shuffle = false };
        int[] expected = [.. Split.Confident.Zip(Split.Unconfident).SelectMany(pair => new[] { pair.First, pair.Second }), 5];
        Assert.Equal(expected.Select(i => job.Sequences[i].TokenIds.Count), new TrainingPlan(job).Sequences(1).Select(one => one.TokenIds.Count));
    }

    /// <summary>l = l_NTP + mu l_Mixup, from the sequences of the job and the shares that were drawn: algorithm and normalisation written out.</summary>
    private static double ExactLoss(DoubleLlama model, TrainingJob job, IReadOnlyList<WeightedSequence> sequences)
    {
        double plain = 0, plainTotal = 0, mixed = 0, mixedTotal = 0, smoothing = job.Loss.LabelSmoothing;
        double[][][] hidden = [.. sequences.Select(sequence => model.Hidden(sequence.TokenIds))];
        TrainingSequence[] own = [.. sequences.Select(one => job.Sequences.Single(sequence => sequence.TokenIds.SequenceEqual(one.TokenIds)))];
        for (int s = 0; s < own.Length; s++)
        {
            for (int t = Math.Max(1, own[s].PromptLength); t < own[s].TokenIds.Count; t++)
            {
                plain += own[s].Weight * CrossEntropy(hidden[s][t - 1], own[s].TokenIds[t]);
                plainTotal += own[s].Weight;
            }

            if (sequences[s].Mixture is not { } mixture)
            {
                continue;
            }

            TrainingSequence c = own[s - 1], u = own[s];
            int cFirst = Math.Max(1, c.PromptLength), uFirst = Math.Max(1, u.PromptLength);
            double lambda = mixture.Share;
            for (int n = 0; n < Math.Min(c.TokenIds.Count - cFirst, u.TokenIds.Count - uFirst); n++)
            {
                double[] z = [.. hidden[s - 1][cFirst + n - 1].Zip(hidden[s][uFirst + n - 1], (a, b) => (lambda * a) + ((1 - lambda) * b))];
                mixed += lambda * c.Weight * CrossEntropy(z, c.TokenIds[cFirst + n]);
                mixed += (1 - lambda) * u.Weight * CrossEntropy(z, u.TokenIds[uFirst + n]);
                mixedTotal += (lambda * c.Weight) + ((1 - lambda) * u.Weight);
            }
        }

        return (plain / plainTotal) + (job.Mixup!.Options.Mu > 0 ? job.Mixup.Options.Mu * mixed / mixedTotal : 0);

        double CrossEntropy(double[] row, int target)
        {
            double[] logs = model.LogProbabilities(row);
            return -((1 - smoothing) * logs[target]) - (smoothing * logs.Average());
        }
    }

    private static MixupJob Mixup(double mu = 0.2) => new(new SftMixOptions { Mu = mu }, Split, RandomStream.Of(3, RandomPurpose.Mixup));

    /// <summary>All eleven in one batch.</summary>
    private static TrainingJob Job(double mu, double smoothing)
    {
        using var jobs = new TrainerJobs();
        return jobs.Job("", options => options with { BatchSequences = 12 }) with
        {
            Mixup = Mixup(mu),
            Loss = TrainingLoss.WeightedNll with { LabelSmoothing = smoothing },
        };
    }
}
