using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class CalibrationTests
{
    // Two bins of width 1/2 hold (0.3: wrong), (0.5: right) and (0.6: right), (0.8: right), (1: wrong):
    // 2/5 |1/2 - 0.4| + 3/5 |2/3 - 0.8| = 0.04 + 0.08
    [Fact]
    public void Error_is_that_of_the_formula_by_hand()
    {
        var calibration = new Calibration([0.6, 0.3, 1, 0.5, 0.8], [1, 0, 0, 1, 1]);
        Assert.Equal(0.12, calibration.Error(ReliabilityBins.EqualWidth, count: 2), 12);
        Assert.Equal([2, 3], calibration.Diagram(ReliabilityBins.EqualWidth, count: 2).Select(bin => bin.Count)); // 0.5 is in the lower one
        // of equal count: (0.3, 0.5, 0.6) and (0.8, 1): 3/5 |2/3 - 1.4/3| + 2/5 |1/2 - 0.9| = 0.12 + 0.16
        Assert.Equal(0.28, calibration.Error(ReliabilityBins.EqualCount, count: 2), 12);
        Assert.Equal([(0.3, 0.6), (0.8, 1.0)], calibration.Diagram(ReliabilityBins.EqualCount, count: 2).Select(bin => (bin.Low, bin.High)));
    }

    [Fact]
    public void Both_cuts_are_those_of_brute_force()
    {
        RandomSequence random = RandomStream.Of(5, RandomPurpose.Problems).Sequence();
        for (int round = 0; round < 50; round++)
        {
            int count = 1 + (round * 3);
            double[] confidences = [.. Enumerable.Range(0, count).Select(_ => random.Uniform())];
            double[] right = [.. confidences.Select(confidence => random.Uniform() < confidence ? 1.0 : 0)];
            var calibration = new Calibration(confidences, right);
            double width = 0, equal = 0;
            for (int bin = 1; bin <= 15; bin++)
            {
                int[] inside = [.. Enumerable.Range(0, count).Where(i => confidences[i] > (bin - 1) / 15.0 && confidences[i] <= bin / 15.0)];
                width += Gap(inside) / count;
            }

            int[] order = [.. Enumerable.Range(0, count).OrderBy(i => confidences[i])];
            for (int bin = 0, first = 0; bin < 15; bin++)
            {
                int size = (count / 15) + (bin < count % 15 ? 1 : 0);
                equal += Gap(order[first..(first + size)]) / count;
                first += size;
            }

            Assert.Equal(width, calibration.Error(ReliabilityBins.EqualWidth), 12);
            Assert.Equal(equal, calibration.Error(ReliabilityBins.EqualCount), 12);

            double Gap(int[] inside) => Math.Abs(inside.Sum(i => right[i]) - inside.Sum(i => confidences[i]));
        }
    }

    [Theory]
    [InlineData(ReliabilityBins.EqualWidth)]
    [InlineData(ReliabilityBins.EqualCount)]
    public void Counting_a_prediction_twice_is_having_it_twice(ReliabilityBins bins)
    {
        double[] confidences = [0.9, 0.4, 0.55, 0.7, 0.2], right = [1, 0, 1, 0.4, 0];
        int[] times = [2, 0, 3, 1, 4], written = [.. Enumerable.Range(0, 5).SelectMany(i => Enumerable.Repeat(i, times[i]))];
        var twice = new Calibration(confidences, right);
        var all = new Calibration([.. written.Select(i => confidences[i])], [.. written.Select(i => right[i])]);
        Assert.Equal(all.Error(bins, count: 3), twice.Error(bins, times, 3), 12);
    }

    [Fact]
    public void Confidences_that_hold_have_no_error() =>
        Assert.Equal(0, new Calibration([0.75, 0.75, 0.75, 0.75], [1, 1, 0, 1]).Error(ReliabilityBins.EqualWidth), 12);

    [Fact]
    public void Lists_of_different_lengths_are_refused() =>
        Assert.StartsWith("right.Count is 1, expected 2", Assert.Throws<ArgumentException>(() => new Calibration([0.5, 0.5], [1])).Message);

    // One logit gap for all, g = log 9, and 3 of 4 right: the best probability is 3/4, with a gap of log 3, so T = log 9 / log 3 = 2.
    [Fact]
    public void Temperature_of_one_gap_is_the_closed_form()
    {
        LabelPrediction[] predictions = [.. new[] { 0, 0, 0, 1 }.Select(hard => Classified.Prediction(hard, [0.9, 0.1]))];
        Assert.Equal(2, TemperatureScaling.Fit(predictions, Hard), 9);
        // Annotators who are of one mind in 9 of 10 cases agree with the model as it is.
        LabelPrediction[] soft = [Classified.Prediction(0, [0.9, 0.1], [0.9, 0.1]), Classified.Prediction(1, [0.1, 0.9], [0.1, 0.9])];
        Assert.Equal(1, TemperatureScaling.Fit(soft, one => one.Target.Distribution), 9);
    }

    [Fact]
    public void No_temperature_of_a_grid_is_better()
    {
        RandomSequence random = RandomStream.Of(6, RandomPurpose.Problems).Sequence();
        LabelPrediction[] predictions = [.. Enumerable.Range(0, 60).Select(_ =>
        {
            double[] weights = [.. Enumerable.Range(0, 4).Select(_ => Math.Exp(4 * random.Uniform()))];
            return Classified.Prediction((int)(4 * random.Uniform()), [.. weights.Select(weight => weight / weights.Sum())]);
        })];
        double fitted = TemperatureScaling.Fit(predictions, Hard);
        Assert.All(
            Enumerable.Range(-40, 81).Select(step => Math.Pow(1.1, step)),
            temperature => Assert.True(Loss(fitted) <= Loss(temperature) + 1e-12, $"T {fitted}: {Loss(fitted)}, T {temperature}: {Loss(temperature)}"));
        Assert.InRange(fitted, 1.2, TemperatureScaling.Most);

        double Loss(double temperature) => predictions.Sum(one => ProbabilityScores.CrossEntropy(Hard(one), one.LogNormalised(temperature)));
    }

    [Fact]
    public void What_is_all_right_goes_to_the_end_of_the_range() =>
        Assert.Equal(1 / TemperatureScaling.Most, TemperatureScaling.Fit([Classified.Prediction(0, [0.9, 0.1])], Hard), 9);

    private static double[] Hard(LabelPrediction prediction) => ProbabilityScores.OneHot(prediction.Target.Hard, prediction.LogProbabilities.Count);
}
