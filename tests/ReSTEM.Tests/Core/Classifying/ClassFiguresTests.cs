using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

public sealed class ClassFiguresTests
{
    private static readonly RandomStream Random = RandomStream.Of(4, RandomPurpose.Bootstrap);

    private static readonly LabelPrediction[] First = Predictions(1), Second = Predictions(2);

    [Fact]
    public void Figures_that_are_means_are_those_of_the_bootstrap_over_problems()
    {
        double[] losses = [.. First.Select(Loss)], others = [.. Second.Select(Loss)];
        Near(Bootstrap.Mean(losses, Random), new ClassFigures(First).Of("cross_entropy", Random));
        PairedDifference expected = Bootstrap.Difference(losses, others, Random);
        PairedDifference actual = new ClassFigures(First).Difference(new ClassFigures(Second), "cross_entropy", Random);
        Assert.Equal(expected.Value, actual.Value, 12);
        Assert.Equal(expected.Low, actual.Low, 12);
        Assert.Equal(expected.High, actual.High, 12);
        Assert.Equal(expected.PValue, actual.PValue, 12);
        Near(Bootstrap.Mean([.. First.Select(one => one.Predicted == one.Target.Hard ? 1.0 : 0)], Random), new ClassFigures(First).Of("accuracy", Random));

        static double Loss(LabelPrediction one) => -one.Target.Distribution.Zip(one.Probabilities(), (q, p) => q * Math.Log(p)).Sum();
    }

    // The second label is predicted with 0.7, and two of five annotators agree with that, though most say the first.
    [Fact]
    public void Confidence_against_annotators_is_that_of_who_agrees_with_the_prediction() =>
        Assert.Equal(0.3, new ClassFigures([Classified.Prediction(0, [0.3, 0.7], [0.6, 0.4])]).Of("ece_soft", Random).Value, 12);

    // A resample in which every problem counts as often as it was drawn is the set with the problems written down so often.
    [Fact]
    public void Figures_that_are_no_means_are_those_of_the_resampled_set()
    {
        var random = RandomStream.Of(9, RandomPurpose.Bootstrap);
        foreach (string name in new[] { "macro_f1", "ece", "ece_adaptive", "ece_soft" })
        {
            var values = new List<double>();
            int[]? seen = null;
            var figures = new ClassFigures(First, 1.5);
            Bootstrap.Of(First.Length, times =>
            {
                seen ??= times is null ? null : [.. times];
                return 0;
            }, random);
            LabelPrediction[] written = [.. First.SelectMany((one, i) => Enumerable.Repeat(one, seen![i]))];
            Assert.Equal(First.Length, written.Length);
            double once = Value(new ClassFigures(written, 1.5), name), counted = Counted(figures, name, seen!);
            Assert.Equal(once, counted, 12);
        }

        static double Value(ClassFigures figures, string name) => figures.Of(name, Random).Value;

        static double Counted(ClassFigures figures, string name, int[] times) => name switch
        {
            "macro_f1" => ConfusionMatrix.Of(figures.Predictions, times).MacroF1,
            "ece" => figures.HardCalibration.Error(ReliabilityBins.EqualWidth, times),
            "ece_adaptive" => figures.HardCalibration.Error(ReliabilityBins.EqualCount, times),
            _ => figures.SoftCalibration.Error(ReliabilityBins.EqualWidth, times),
        };
    }

    [Fact]
    public void Every_figure_has_a_value_inside_its_range_and_the_same_bits_each_time()
    {
        foreach (string name in ClassFigures.Names)
        {
            Estimate estimate = new ClassFigures(First).Of(name, Random);
            Assert.InRange(estimate.Value, 0, name is "brier" or "brier_soft" ? 2 : name is "nll" or "cross_entropy" ? 10 : 1.0000001);
            Assert.Equal(estimate, new ClassFigures(First).Of(name, Random));
            Assert.True(estimate.Low <= estimate.High);
        }

        Assert.Equal(1, new ClassFigures(First).Of("mass", Random).Value, 9);
    }

    [Fact]
    public void Table_json_and_page_have_the_same_figures()
    {
        var set = new ClassifiedSet("<set>", [First, Second], 0.5);
        var results = new ClassResults(["one", "two"], [new FittedTemperature(2, 1), new FittedTemperature(1, 1)], [set], 4);
        var rows = ClassTable.Of(results, set);
        Assert.Equal(ClassFigures.Names.Count + 8, rows.Count);
        var json = ClassJson.Of(results);
        string text = ClassTable.Text(results), page = ClassPage.Text("a & b", results);
        Assert.DoesNotContain("<set>", page, StringComparison.Ordinal);
        foreach (ClassTable.Row row in rows)
        {
            Assert.Equal(row.Models[1].Value, (double)json["sets"]!["<set>"]!["models"]![1]!["figures"]![row.Name]!["value"]!);
            Assert.Equal(row.Difference!.Value.Value, row.Models[1].Value - row.Models[0].Value, 12);
            string shown = row.Models[1].Value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains(shown, text, StringComparison.Ordinal);
            Assert.Contains(shown, page, StringComparison.Ordinal);
        }

        Assert.NotEqual(rows.Single(row => row.Name == "nll").Models[0], rows.Single(row => row.Name == "nll_scaled").Models[0]); // T = 2
        Assert.Equal(rows.Single(row => row.Name == "cross_entropy").Models, rows.Single(row => row.Name == "cross_entropy_scaled").Models); // T = 1
    }

    [Fact]
    public void Models_on_other_problems_are_not_compared()
    {
        var other = new ClassFigures([.. Second.Select(one => one with { ProblemId = "other" })]);
        Assert.Throws<ArgumentException>(() => new ClassFigures(First).Difference(other, "accuracy", Random));
        Assert.Throws<ArgumentException>(() => new ClassFigures([First[0], Classified.Prediction(0, [0.5, 0.3, 0.2])]));
    }

    private static LabelPrediction[] Predictions(ulong seed)
    {
        RandomSequence said = RandomStream.Of(seed, RandomPurpose.Problems).Sequence(), right = RandomStream.Of(7, RandomPurpose.Problems).Sequence();
        return [.. Enumerable.Range(0, 40).Select(i =>
        {
            double yes = right.Below(6) / 5.0, guess = 0.05 + (0.9 * said.Uniform());
            return Classified.Prediction(yes > 0.5 ? 0 : 1, [guess, 1 - guess], [yes, 1 - yes]) with { ProblemId = $"p{i}" };
        })];
    }

    private static void Near(Estimate expected, Estimate actual)
    {
        Assert.Equal(expected.Value, actual.Value, 12);
        Assert.Equal(expected.Low, actual.Low, 12);
        Assert.Equal(expected.High, actual.High, 12);
    }
}
