using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

/// <summary>Cross-entropy to distributions over labels on the managed trainer: against the formula in double precision, and its bits.</summary>
public sealed class SoftTargetTests
{
    private const int End = 60;

    // Labels of 1 and 2 tokens, one a beginning of the other, then the end.
    private static readonly int[][] Labels = [[7, End], [7, 8, End], [9, End]];

    private static readonly double[][] Targets = [[0.5, 0.3, 0.2], [1, 0, 0], [0, 0.25, 0.75], [0.1, 0.9, 0], [0, 0, 1]];

    [Theory]
    [InlineData(LossNormalisation.WeightedSequences, 0)]
    [InlineData(LossNormalisation.WeightedTokens, 0)]
    [InlineData(LossNormalisation.WeightedSequences, 0.1)]
    public void Gradient_is_that_of_the_formula_in_double_precision(LossNormalisation normalisation, double smoothing)
    {
        var weights = TestModels.Random(TestModels.Config(tied: false), spread: 0.2);
        using var jobs = new TrainerJobs();
        TrainingJob job = Job(jobs, "", Targets) with { Loss = TrainingLoss.SoftTargets with { Normalisation = normalisation, LabelSmoothing = smoothing } };
        var (loss, gradient) = TrainingModel.LossAndGradient(weights, PackedBatch.Cut(new TrainingPlan(job).Sequences(1), 40), threads: 1);
        var exact = new DoubleLlama(weights);
        Assert.Equal(ExactLoss(exact, normalisation, smoothing), loss, 1e-5);
        foreach (var tensor in gradient.Tensors)
        {
            const double Step = 1e-5;
            double norm = Math.Sqrt(tensor.Values.Sum(value => (double)value * value));
            double[] values = exact.Tensors[tensor.Name], original = [.. values];
            double[] losses = [.. new[] { Step, -Step }.Select(step =>
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = original[i] + (step * tensor.Values[i] / norm);
                }

                return ExactLoss(exact, normalisation, smoothing);
            })];
            original.CopyTo(values, 0);
            Assert.Equal(norm, (losses[0] - losses[1]) / (2 * Step), 1e-3 * norm);
        }
    }

    [Fact]
    public void Loss_is_the_entropy_and_the_divergence()
    {
        var weights = TestModels.Random(TestModels.Config(), spread: 0.2);
        using var jobs = new TrainerJobs();
        var (loss, _) = TrainingModel.LossAndGradient(weights, PackedBatch.Cut(new TrainingPlan(Job(jobs, "", Targets)).Sequences(1), 1000), threads: 1);
        var exact = new DoubleLlama(weights);
        double divergence = 0, entropy = 0;
        for (int example = 0; example < Targets.Length; example++)
        {
            foreach (int label in Enumerable.Range(0, Labels.Length).Where(label => Targets[example][label] > 0))
            {
                double share = Targets[example][label];
                divergence += share * (Math.Log(share) - LogProbability(exact, example, label));
                entropy -= share * Math.Log(share);
            }
        }

        Assert.Equal((entropy + divergence) / Targets.Length, loss, 1e-5);
        Assert.True(divergence > 0.1);
    }

    [Theory]
    [InlineData(LossMean.Sequences)]
    [InlineData(LossMean.Tokens)]
    public async Task One_label_alone_is_its_negative_log_likelihood_bit_for_bit(LossMean mean)
    {
        using var jobs = new TrainerJobs();
        double[][] hard = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]];
        List<TrainingStep> softSteps = [], steps = [];
        var soft = Job(jobs, "soft", hard) with { Loss = ObjectiveOptions.LossOf(new ObjectiveOptions { Kind = ObjectiveKind.SoftTargets, MeanOver = mean }, null) };
        var plain = soft with
        {
            OutputFolder = jobs.Output + "nll",
            StateFolder = jobs.State + "nll",
            Sequences = [.. hard.Select((target, example) => Sequence(example, Array.IndexOf(target, 1)))],
            Loss = ObjectiveOptions.LossOf(new ObjectiveOptions { MeanOver = mean }, null),
        };
        var expected = await TrainerJobs.RunAsync(plain, steps.Add);
        Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(soft, softSteps.Add)).WeightsSha256);
        Assert.Equal(steps, softSteps);
        if (mean is LossMean.Tokens)
        {
            var today = plain with { OutputFolder = jobs.Output + "today", StateFolder = jobs.State + "today", Loss = TrainingLoss.WeightedNll };
            Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(today)).WeightsSha256);
        }
    }

    [Fact]
    public void The_objective_of_one_label_alone_is_that_of_solutions()
    {
        var labels = new Dictionary<string, string> { ["a"] = " yes", ["b"] = " no" };
        Problem hard = Classified.Problem("p", "text", labels, 0, 1);
        var loss = ObjectiveOptions.LossOf(null, null);
        Assert.Equal(new SolutionsObjective(loss).Examples(hard, []), new SoftTargetsObjective(loss).Examples(hard, []));
        Assert.Equal(
            [(" yes", 0.25, false), (" no", 0.75, true)],
            SoftTargetsObjective.Of(Classified.Problem("p", "text", labels, 0.25, 0.75)).Select(one => (one.Text, one.Weight, one.Continues)));
    }

    [Fact]
    public void The_labels_of_an_example_stay_in_one_batch_whatever_the_order()
    {
        using var jobs = new TrainerJobs();
        TrainingJob job = Job(jobs, "", Targets, batch: 2);
        var plan = new TrainingPlan(job);
        Assert.Equal((3, 9), (plan.StepsPerEpoch, plan.StepCount)); // 5 examples, two at a time, though there are 9 sequences
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var steps = Enumerable.Range(1, 3).Select(step => plan.Sequences((3 * epoch) + step)).ToList();
            Assert.Equal(9, steps.Sum(step => step.Count));
            foreach (var step in steps)
            {
                foreach (var example in step.GroupBy(one => one.TokenIds[0]))
                {
                    Assert.Equal(Targets[example.Key].Count(share => share > 0), example.Count());
                    Assert.Equal(1.0 / step.DistinctBy(one => one.TokenIds[0]).Count(), example.Sum(one => (double)one.Weight), 6);
                }
            }
        }
    }

    [Fact]
    public async Task Threads_and_micro_batches_do_not_change_the_bits_and_the_loss_falls()
    {
        using var jobs = new TrainerJobs();
        var steps = new List<TrainingStep>();
        var expected = await TrainerJobs.RunAsync(Job(jobs, "a", Targets), steps.Add);
        var cut = Job(jobs, "b", Targets);
        cut = cut with { Optimizer = cut.Optimizer with { Speed = new TrainingSpeed { MicroBatchTokens = 1 } } };
        Assert.Equal(expected.WeightsSha256, (await TrainerJobs.RunAsync(cut, threads: 2)).WeightsSha256);
        Assert.True(steps[^1].Loss < steps[0].Loss, $"loss {steps[0].Loss} -> {steps[^1].Loss}");
    }

    [Fact]
    public async Task Pairs_to_mix_of_examples_with_several_labels_are_refused()
    {
        using var jobs = new TrainerJobs();
        TrainingJob job = Job(jobs, "", Targets);
        var split = ConfidenceSplit.Of([[.. job.Sequences.Select((_, i) => (double)i)]]);
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => TrainerJobs.RunAsync(
            job with { Mixup = new MixupJob(new SftMixOptions(), split, RandomStream.Of(3, RandomPurpose.Mixup)), Optimizer = job.Optimizer with { BatchSequences = 2 } }));
        Assert.Equal("Mixup is given with examples of several sequences, expected null: pairs are of single sequences.", fault.Message);
    }

    /// <summary>-sum_k q_k log p(label_k | x) over the examples, by the formula; over their count, or over the tokens that they have by weight.</summary>
    private static double ExactLoss(DoubleLlama model, LossNormalisation normalisation, double smoothing)
    {
        double sum = 0, total = 0;
        for (int example = 0; example < Targets.Length; example++)
        {
            for (int label = 0; label < Labels.Length; label++)
            {
                sum -= Targets[example][label] * LogProbability(model, example, label, smoothing);
                total += Targets[example][label] * (normalisation is LossNormalisation.WeightedTokens ? Labels[label].Length : 1);
            }
        }

        return sum / total;
    }

    private static double LogProbability(DoubleLlama model, int example, int label, double smoothing = 0)
    {
        TrainingSequence sequence = Sequence(example, label);
        double[][] hidden = model.Hidden(sequence.TokenIds);
        double sum = 0;
        for (int t = sequence.PromptLength; t < sequence.TokenIds.Count; t++)
        {
            double[] logs = model.LogProbabilities(hidden[t - 1]);
            sum += ((1 - smoothing) * logs[sequence.TokenIds[t]]) + (smoothing * logs.Average());
        }

        return sum;
    }

    /// <summary>A prompt that begins with the number of its example.</summary>
    private static TrainingSequence Sequence(int example, int label) => new()
    {
        TokenIds = [example, .. Enumerable.Range(0, 3 + example).Select(t => 10 + (((t * t * 5) + (example * 11)) % 40)), .. Labels[label]],
        PromptLength = 4 + example,
    };

    private static TrainingJob Job(TrainerJobs jobs, string name, double[][] targets, int batch = 5) =>
        jobs.Job(name, options => options with { BatchSequences = batch }) with
        {
            Sequences = [.. targets.SelectMany((target, example) => Enumerable.Range(0, Labels.Length).Where(label => target[label] > 0)
                .Select((label, place) => Sequence(example, label) with { Weight = (float)target[label], Continues = place > 0 }))],
            Loss = TrainingLoss.SoftTargets,
        };
}
