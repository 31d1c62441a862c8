namespace ReSTEM.Core;

/// <summary>Accuracy and macro-F1 of models that differ by the seed of their training alone: means over the seeds.</summary>
public sealed class SeededFigures
{
    /// <summary>Share of problems whose hard label is predicted.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Mean of F1 over the labels.</summary>
    public const string MacroF1 = "macro_f1";

    /// <summary>Names in the order of tables.</summary>
    public static IReadOnlyList<string> Names { get; } = [Accuracy, MacroF1];

    /// <param name="seeds">For each seed what its model predicts, of the same problems in the same order.</param>
    /// <exception cref="ArgumentException">There are no seeds or no problems, or the problems differ.</exception>
    public SeededFigures(IReadOnlyList<IReadOnlyList<LabelPrediction>> seeds)
    {
        if (seeds.Count == 0 || seeds[0].Count == 0)
        {
            throw new ArgumentException($"seeds has {seeds.Count} models, expected at least one, and problems.", nameof(seeds));
        }

        Seeds = seeds.All(one => IsOfSameProblems(one, seeds[0])) ? seeds
            : throw new ArgumentException("seeds are of different problems, expected the same in the same order.", nameof(seeds));
    }

    /// <summary>For each seed what its model predicts.</summary>
    public IReadOnlyList<IReadOnlyList<LabelPrediction>> Seeds { get; }

    /// <summary>A figure of each seed, in [0, 1].</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public IReadOnlyList<double> BySeed(string name) => [.. Seeds.Select(one => Value(name, one, null))];

    /// <summary>Mean over the seeds, with a bootstrap interval over problems: for these seeds, on other problems.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="random">The same for all models, so that they are paired.</param>
    public Estimate Of(string name, RandomStream random) => Bootstrap.Of(Seeds[0].Count, times => Mean(name, times), random);

    /// <summary>
    /// Mean over the seeds of another training minus that of this one, paired by problem and seed. With one seed the interval is a bootstrap over problems;
    /// with more it covers other problems and other seeds (<see cref="CrossedDifference"/>, macro-F1 by <see cref="LinearisedFigures"/>).
    /// </summary>
    /// <param name="other">As many seeds, the same problems, at least two.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="random">For one seed.</param>
    /// <exception cref="ArgumentException">Seeds or problems differ.</exception>
    public PairedDifference Difference(SeededFigures other, string name, RandomStream random)
    {
        if (other.Seeds.Count != Seeds.Count || !IsOfSameProblems(other.Seeds[0], Seeds[0]))
        {
            throw new ArgumentException($"other has {other.Seeds.Count} seeds or other problems, expected {Seeds.Count} seeds and the same problems.", nameof(other));
        }

        return Seeds.Count == 1
            ? Bootstrap.Difference(Seeds[0].Count, times => Mean(name, times), times => other.Mean(name, times), random)
            : CrossedDifference.Of([.. Seeds.Select(one => Values(name, one))], [.. other.Seeds.Select(one => Values(name, one))], random);
    }

    private double Mean(string name, int[]? times)
    {
        double sum = 0;
        foreach (var one in Seeds)
        {
            sum += Value(name, one, times);
        }

        return sum / Seeds.Count;
    }

    private static double Value(string name, IReadOnlyList<LabelPrediction> predictions, int[]? times)
    {
        var matrix = ConfusionMatrix.Of(predictions, times);
        return name == MacroF1 ? matrix.MacroF1 : matrix.Accuracy;
    }

    private static double[] Values(string name, IReadOnlyList<LabelPrediction> predictions) =>
        name == MacroF1 ? LinearisedFigures.MacroF1(predictions) : LinearisedFigures.Accuracy(predictions);

    private static bool IsOfSameProblems(IReadOnlyList<LabelPrediction> one, IReadOnlyList<LabelPrediction> other) =>
        one.Select(prediction => prediction.ProblemId).SequenceEqual(other.Select(prediction => prediction.ProblemId));
}
