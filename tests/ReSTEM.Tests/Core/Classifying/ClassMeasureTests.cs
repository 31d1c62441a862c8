using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class ClassMeasureTests
{
    // scikit-learn's documentation of f1_score: y_true 0 1 2 0 1 2, y_pred 0 2 1 0 0 1, macro 0.26..., and of confusion_matrix:
    // y_true 2 0 2 2 0 1, y_pred 0 0 2 2 0 2 gives [[2, 0, 0], [0, 0, 1], [1, 0, 2]].
    [Fact]
    public void Macro_f1_is_that_of_the_published_example()
    {
        var matrix = ConfusionMatrix.Of(Of([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]));
        Assert.Equal(4.0 / 15, matrix.MacroF1, 12); // F1 of label 0 is 2 * 2 / (2 + 3), the others 0
        Assert.Equal(1.0 / 3, matrix.Accuracy, 12);
    }

    [Fact]
    public void Rows_are_right_labels_and_columns_predictions()
    {
        var matrix = ConfusionMatrix.Of(Of([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]));
        Assert.Equal(new[,] { { 2, 0, 0 }, { 0, 0, 1 }, { 1, 0, 2 } }, matrix.Counts);
        Assert.Equal(new ClassResult(3, 3, 2.0 / 3, 2.0 / 3, 2.0 / 3), matrix.Of(2));
        Assert.Equal(new ClassResult(1, 0, 0, 0, 0), matrix.Of(1));
    }

    [Fact]
    public void A_label_that_is_nowhere_is_left_out_of_macro_f1()
    {
        var matrix = ConfusionMatrix.Of([.. Of([0, 0, 1], [0, 0, 1], labels: 4)]);
        Assert.Equal(1, matrix.MacroF1);
        Assert.Equal(1, ConfusionMatrix.Of(Of([1, 1], [1, 1])).MacroF1); // one class only
    }

    // Label 0 has F1 2 / 3; label 1 is never right and once predicted, F1 0; label 2 is nowhere.
    [Fact]
    public void A_label_that_is_only_predicted_counts_in_macro_f1() => Assert.Equal(1.0 / 3, ConfusionMatrix.Of(Of([0, 0], [0, 1])).MacroF1, 12);

    [Fact]
    public void Of_equally_probable_labels_the_first_is_predicted() => Assert.Equal(1, Classified.Prediction(0, [0.2, 0.4, 0.4]).Predicted);

    [Fact]
    public void Counting_a_prediction_twice_is_having_it_twice()
    {
        var predictions = Of([0, 1, 2, 0], [0, 2, 1, 1]);
        var twice = ConfusionMatrix.Of(predictions, [2, 0, 1, 3]);
        var written = ConfusionMatrix.Of([predictions[0], predictions[0], predictions[2], predictions[3], predictions[3], predictions[3]]);
        Assert.Equal(written.Counts, twice.Counts);
    }

    [Fact]
    public void Scores_are_those_of_the_formulas()
    {
        double[] target = [0.5, 0.25, 0.25], probabilities = [0.5, 0.5, 0], logs = [.. probabilities.Select(value => Math.Log(value))];
        Assert.Equal(double.PositiveInfinity, ProbabilityScores.CrossEntropy(target, logs));
        Assert.Equal(1.5 * Math.Log(2), ProbabilityScores.Entropy(target), 12); // 0.5 log 2 + 2 * 0.25 log 4
        Assert.Equal(0.125, ProbabilityScores.Brier(target, probabilities), 12); // 0 + 1/16 + 1/16
        Assert.Equal(-Math.Log(0.25), ProbabilityScores.CrossEntropy([0, 1], [Math.Log(0.75), Math.Log(0.25)]), 12);
        // H of the mean (0.5, 0.375, 0.125) minus the mean of 1.5 log 2 and log 2
        double mean = (0.5 * Math.Log(2)) - (0.375 * Math.Log(0.375)) + (0.125 * Math.Log(8));
        Assert.Equal(mean - (1.25 * Math.Log(2)), ProbabilityScores.JensenShannon(target, probabilities), 12);
    }

    // Brier 1950: a forecast of 0.7 of rain scores 0.18 where it rains and 0.98 where it does not.
    [Fact]
    public void Brier_is_that_of_forecasts_of_rain()
    {
        Assert.Equal(0.18, ProbabilityScores.Brier([1, 0], [0.7, 0.3]), 12);
        Assert.Equal(0.98, ProbabilityScores.Brier([0, 1], [0.7, 0.3]), 12);
    }

    [Fact]
    public void Jensen_shannon_is_zero_of_the_same_and_log_two_of_what_shares_nothing()
    {
        Assert.Equal(0, ProbabilityScores.JensenShannon([0.3, 0.7], [0.3, 0.7]), 12);
        Assert.Equal(Math.Log(2), ProbabilityScores.JensenShannon([1, 0], [0, 1]), 12);
        Assert.Equal(ProbabilityScores.JensenShannon([0.9, 0.1], [0.2, 0.8]), ProbabilityScores.JensenShannon([0.2, 0.8], [0.9, 0.1]), 12);
    }

    [Fact]
    public void Probabilities_are_the_softmax_however_small_they_are()
    {
        var far = new LabelPrediction("p", Classified.Prediction(0, [0.5, 0.5]).Target, [-1000, -1000 - Math.Log(3)]);
        Assert.Equal(0.75, far.Probabilities()[0], 12);
        Assert.Equal(9.0 / 10, far.Probabilities(0.5)[0], 12); // odds 3 at T = 1 are 9 at T = 1/2
        Assert.Equal(Math.Log(0.25), far.LogNormalised()[1], 12);
        Assert.Equal(0, far.Mass);
        Assert.Equal(0, far.Predicted);
    }

    private static LabelPrediction[] Of(int[] hard, int[] predicted, int labels = 3) =>
        [.. hard.Zip(predicted, (right, said) => Classified.Prediction(right, [.. Enumerable.Range(0, labels).Select(label => label == said ? 0.6 : 0.4 / (labels - 1))]))];
}
