using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Figures over seeds: against the bootstrap over problems, brute-force derivatives, and intervals of a population whose figures are known.</summary>
public sealed class SeededFiguresTests
{
    private static readonly RandomStream Random = RandomStream.Of(4, RandomPurpose.Bootstrap);

    [Fact]
    public void One_seed_is_a_model_by_itself()
    {
        var first = Drawn(1, 60, Weak);
        var second = Drawn(2, 60, Strong);
        SeededFigures one = new([first]), other = new([second]);
        foreach (string name in SeededFigures.Names)
        {
            Assert.Equal(new ClassFigures(first).Of(name, Random), one.Of(name, Random));
            Assert.Equal(new ClassFigures(first).Difference(new ClassFigures(second), name, Random), one.Difference(other, name, Random));
        }
    }

    [Fact]
    public void Several_seeds_are_their_mean_on_the_same_resamples()
    {
        LabelPrediction[][] seeds = [Drawn(1, 60, Weak), Drawn(2, 60, Weak), Drawn(3, 60, Strong)];
        var figures = new SeededFigures(seeds);
        double[] perProblem = [.. Enumerable.Range(0, 60).Select(i => seeds.Count(seed => seed[i].Predicted == seed[i].Target.Hard) / 3.0)];
        Estimate expected = Bootstrap.Mean(perProblem, Random), actual = figures.Of(SeededFigures.Accuracy, Random);
        Assert.Equal(expected.Value, actual.Value, 12);
        Assert.Equal(expected.Low, actual.Low, 12);
        Assert.Equal(expected.High, actual.High, 12);
        Assert.Equal(seeds.Select(seed => ConfusionMatrix.Of(seed).MacroF1), figures.BySeed(SeededFigures.MacroF1));
        Assert.Equal(figures.BySeed(SeededFigures.MacroF1).Average(), figures.Of(SeededFigures.MacroF1, Random).Value, 12);
    }

    // The derivative of macro-F1 to the weight of one problem, by counting it a millionth more often than the others.
    [Fact]
    public void Linearised_values_are_the_figure_and_its_derivative()
    {
        const int Often = 1_000_000;
        LabelPrediction[] predictions = Drawn(5, 25, Weak);
        double[] values = LinearisedFigures.MacroF1(predictions);
        double macro = ConfusionMatrix.Of(predictions).MacroF1;
        Assert.Equal(macro, values.Average(), 12);
        for (int problem = 0; problem < predictions.Length; problem++)
        {
            int[] times = [.. Enumerable.Repeat(Often, predictions.Length)];
            times[problem]++;
            double derivative = (ConfusionMatrix.Of(predictions, times).MacroF1 - macro) * Often;
            Assert.Equal(macro + (predictions.Length * derivative), values[problem], tolerance: 1e-4);
        }
    }

    // A label that is nowhere is no part of macro-F1; two labels: F1 of a is 2/3, of b 2/3 (tp 1, one wrong each way of three).
    [Fact]
    public void Linearised_values_of_a_worked_example()
    {
        LabelPrediction[] predictions = [Said(0, 0, 0), Said(1, 0, 1), Said(2, 1, 1)];
        double[] values = LinearisedFigures.MacroF1(predictions);
        Assert.Equal(2.0 / 3, values.Average(), 12);
        // Right on a: 2/3 + 3/2 * (2 - 2 * 2/3) / 3 = 1; wrong: 2/3 + 3/2 * (-2/3 / 3 - 2/3 / 3) = 0.
        Assert.Equal([1, 0, 1], values.Select(value => Math.Round(value, 12)));
        Assert.Equal([1, 0, 1], LinearisedFigures.Accuracy(predictions));
    }

    [Fact]
    public void Differences_over_seeds_are_crossed_by_problem_and_seed()
    {
        LabelPrediction[][] first = [Drawn(1, 60, Weak), Drawn(2, 60, Weak)], second = [Drawn(3, 60, Strong), Drawn(4, 60, Strong)];
        double[][] Right(LabelPrediction[][] seeds) => [.. seeds.Select(seed => seed.Select(one => one.Predicted == one.Target.Hard ? 1.0 : 0).ToArray())];
        var one = new SeededFigures(first);
        Assert.Equal(CrossedDifference.Of(Right(first), Right(second), Random), one.Difference(new SeededFigures(second), SeededFigures.Accuracy, Random));
        PairedDifference macro = one.Difference(new SeededFigures(second), SeededFigures.MacroF1, Random);
        Assert.Equal(second.Average(seed => ConfusionMatrix.Of(seed).MacroF1) - first.Average(seed => ConfusionMatrix.Of(seed).MacroF1), macro.Value, 12);
        Assert.InRange(0, double.MinValue, macro.Low); // the strong one is better, and that is seen
    }

    /// <summary>Two models of three seeds on problems of a population: the share of intervals that hold the difference of the population's macro-F1.</summary>
    [Fact]
    public void Ninety_five_of_a_hundred_intervals_hold_the_difference_of_the_population()
    {
        const int Trials = 1000, Problems = 150;
        double difference = OfPopulation(Strong) - OfPopulation(Weak);
        int held = 0;
        for (uint trial = 0; trial < Trials; trial++)
        {
            LabelPrediction[][] Of(double[][] model, uint number) => [.. Enumerable.Range(0, 3).Select(seed => Drawn(trial, Problems, model, (100 * number) + seed))];
            PairedDifference found = new SeededFigures(Of(Weak, 1)).Difference(new SeededFigures(Of(Strong, 2)), SeededFigures.MacroF1, Random);
            held += found.Low <= difference && difference <= found.High ? 1 : 0;
        }

        Assert.InRange(held / (double)Trials, 0.93, 0.975);
    }

    [Fact]
    public void Other_problems_or_seeds_are_not_compared()
    {
        LabelPrediction[] here = Drawn(1, 10, Weak);
        Assert.Throws<ArgumentException>(() => new SeededFigures([]));
        Assert.Throws<ArgumentException>(() => new SeededFigures([here, here[..9]]));
        Assert.Throws<ArgumentException>(() => new SeededFigures([here]).Difference(new SeededFigures([here, here]), SeededFigures.Accuracy, Random));
        Assert.Throws<ArgumentException>(() => new SeededFigures([here]).Difference(new SeededFigures([here[..9]]), SeededFigures.Accuracy, Random));
    }

    // What a model says of each right label; labels are right in half, a third and a sixth of the problems.
    private static readonly double[] Prior = [1.0 / 2, 1.0 / 3, 1.0 / 6];
    private static readonly double[][] Weak = [[0.6, 0.3, 0.1], [0.3, 0.5, 0.2], [0.4, 0.2, 0.4]];
    private static readonly double[][] Strong = [[0.85, 0.1, 0.05], [0.1, 0.8, 0.1], [0.15, 0.15, 0.7]];

    private static double OfPopulation(double[][] model) => Enumerable.Range(0, 3).Average(label =>
        2 * Prior[label] * model[label][label] / (Prior[label] + Enumerable.Range(0, 3).Sum(right => Prior[right] * model[right][label])));

    /// <param name="set">Which problems.</param>
    /// <param name="count">How many.</param>
    /// <param name="model">What is said of each right label.</param>
    /// <param name="seed">Of the model; without it the set's number.</param>
    private static LabelPrediction[] Drawn(uint set, int count, double[][] model, long? seed = null)
    {
        // Sets of the tests that name no seed share their problems, so that they are paired.
        RandomSequence right = RandomStream.Of(seed is null ? 1 : set, RandomPurpose.Problems).Sequence();
        RandomSequence said = RandomStream.Of(((ulong)set << 32) + (ulong)(seed ?? 0), RandomPurpose.Sample).Sequence();
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int hard = Of(Prior, right.Uniform());
            return Said(i, hard, Of(model[hard], said.Uniform()));
        })];

        static int Of(double[] shares, double uniform) => uniform < shares[0] ? 0 : uniform < shares[0] + shares[1] ? 1 : 2;
    }

    private static LabelPrediction Said(int problem, int hard, int predicted) =>
        Classified.Prediction(hard, [.. Enumerable.Range(0, 3).Select(label => label == predicted ? 0.6 : 0.2)]) with { ProblemId = $"p{problem}" };
}
