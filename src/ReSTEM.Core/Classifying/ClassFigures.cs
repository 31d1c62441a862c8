namespace ReSTEM.Core;

/// <summary>The figures of a model on one problem set, each as a function of how often each problem counts, so that intervals and differences can be drawn for all.</summary>
public sealed class ClassFigures
{
    /// <summary>Names in the order of tables; those from <c>cross_entropy</c> on are against the annotators' distribution, the others against hard labels.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "accuracy", "macro_f1", "nll", "brier", "ece", "ece_adaptive", "cross_entropy", "jensen_shannon", "brier_soft", "ece_soft", "mass",
    ];

    private readonly IReadOnlyList<LabelPrediction> _predictions;
    private readonly Dictionary<string, Func<int[]?, double>> _figures;

    /// <param name="predictions">Not empty, all with the same labels.</param>
    /// <param name="temperature">T &gt; 0 of the probabilities.</param>
    /// <exception cref="ArgumentException">There are none, or their labels differ.</exception>
    public ClassFigures(IReadOnlyList<LabelPrediction> predictions, double temperature = 1)
    {
        if (predictions.Count == 0)
        {
            throw new ArgumentException("predictions.Count is 0, expected at least 1.", nameof(predictions));
        }

        if (predictions.FirstOrDefault(one => !one.Target.Labels.SequenceEqual(predictions[0].Target.Labels)) is { } other)
        {
            throw new ArgumentException(
                $"the labels of '{other.ProblemId}' are {string.Join(", ", other.Target.Labels)}, expected those of '{predictions[0].ProblemId}', {string.Join(", ", predictions[0].Target.Labels)}.", nameof(predictions));
        }

        (_predictions, Temperature) = (predictions, temperature);
        int labels = predictions[0].Target.Labels.Count;
        double[][] logs = [.. predictions.Select(one => one.LogNormalised(temperature))], probabilities = [.. predictions.Select(one => one.Probabilities(temperature))];
        double[][] hard = [.. predictions.Select(one => ProbabilityScores.OneHot(one.Target.Hard, labels))];
        IReadOnlyList<double>[] soft = [.. predictions.Select(one => one.Target.Distribution)];
        double[] confidences = [.. predictions.Select((one, index) => probabilities[index][one.Predicted])];
        HardCalibration = new Calibration(confidences, [.. predictions.Select(one => one.Predicted == one.Target.Hard ? 1.0 : 0)]);
        SoftCalibration = new Calibration(confidences, [.. predictions.Select(one => one.Target.Distribution[one.Predicted])]);
        _figures = new(StringComparer.Ordinal)
        {
            ["accuracy"] = times => ConfusionMatrix.Of(predictions, times).Accuracy,
            ["macro_f1"] = times => ConfusionMatrix.Of(predictions, times).MacroF1,
            ["nll"] = Mean(index => ProbabilityScores.CrossEntropy(hard[index], logs[index])),
            ["brier"] = Mean(index => ProbabilityScores.Brier(hard[index], probabilities[index])),
            ["ece"] = times => HardCalibration.Error(ReliabilityBins.EqualWidth, times),
            ["ece_adaptive"] = times => HardCalibration.Error(ReliabilityBins.EqualCount, times),
            ["cross_entropy"] = Mean(index => ProbabilityScores.CrossEntropy(soft[index], logs[index])),
            ["jensen_shannon"] = Mean(index => ProbabilityScores.JensenShannon(soft[index], probabilities[index])),
            ["brier_soft"] = Mean(index => ProbabilityScores.Brier(soft[index], probabilities[index])),
            ["ece_soft"] = times => SoftCalibration.Error(ReliabilityBins.EqualWidth, times),
            ["mass"] = Mean(index => predictions[index].Mass),
        };
    }

    /// <summary>T of the probabilities.</summary>
    public double Temperature { get; }

    /// <summary>What was predicted.</summary>
    public IReadOnlyList<LabelPrediction> Predictions => _predictions;

    /// <summary>Confidences against hard labels.</summary>
    public Calibration HardCalibration { get; }

    /// <summary>Confidences against the share of annotators who agree.</summary>
    public Calibration SoftCalibration { get; }

    /// <summary>A figure with its interval over problems.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="random">The same for all figures and models, so that they are paired.</param>
    public Estimate Of(string name, RandomStream random) => Bootstrap.Of(_predictions.Count, _figures[name], random);

    /// <summary>The figure of another model minus that of this one, of the same problems.</summary>
    /// <exception cref="ArgumentException">The problems differ.</exception>
    public PairedDifference Difference(ClassFigures other, string name, RandomStream random) =>
        other._predictions.Select(one => one.ProblemId).SequenceEqual(_predictions.Select(one => one.ProblemId))
            ? Bootstrap.Difference(_predictions.Count, _figures[name], other._figures[name], random)
            : throw new ArgumentException("other is of other problems, expected the same in the same order.", nameof(other));

    private Func<int[]?, double> Mean(Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, _predictions.Count).Select(value)];
        return times =>
        {
            double sum = 0;
            for (int index = 0; index < values.Length; index++)
            {
                sum += values[index] * (times?[index] ?? 1);
            }

            return sum / values.Length; // a resample has as many problems
        };
    }
}
