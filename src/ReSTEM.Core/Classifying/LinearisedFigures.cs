namespace ReSTEM.Core;

/// <summary>Accuracy and macro-F1 as means of one value for each problem, so that what is known of means holds for both.</summary>
/// <remarks>
/// Figure plus empirical influence, which is the figure's derivative to the weight of a problem times the number of problems: Hampel 1974, "The Influence
/// Curve and Its Role in Robust Estimation"; as variances of statistics that are no means, Efron 1982, "The Jackknife, the Bootstrap and Other Resampling
/// Plans", chapter 6. Influences add up to 0, so that the mean is the figure itself.
/// </remarks>
public static class LinearisedFigures
{
    /// <summary>1 where the prediction is right, else 0: accuracy is a mean already.</summary>
    /// <param name="predictions">Any.</param>
    public static double[] Accuracy(IReadOnlyList<LabelPrediction> predictions) => [.. predictions.Select(one => one.Predicted == one.Target.Hard ? 1.0 : 0)];

    /// <summary>
    /// Macro-F1 plus, for each problem, <c>n * mean over k of (2 tp - F1_k * (support + predicted)) / (S_k + P_k)</c>, over the labels that are right or
    /// predicted somewhere; tp, support and predicted are 0 or 1, of the problem and label k.
    /// </summary>
    /// <param name="predictions">All with the same labels; not empty.</param>
    public static double[] MacroF1(IReadOnlyList<LabelPrediction> predictions)
    {
        var matrix = ConfusionMatrix.Of(predictions);
        ClassResult[] labels = [.. Enumerable.Range(0, matrix.LabelCount).Select(matrix.Of)];
        int there = labels.Count(one => one.Support + one.Predicted > 0);
        double macro = matrix.MacroF1, weight = predictions.Count / (double)there;
        return [.. predictions.Select(one =>
        {
            double influence = Part(one.Target.Hard, one.Predicted);
            return macro + (weight * (one.Predicted == one.Target.Hard ? influence : influence + Part(one.Predicted, one.Target.Hard)));
        })];

        // What a problem that has this label, as right or as predicted one, does to its F1.
        double Part(int label, int other)
        {
            double both = label == other ? 2 : 1, hits = label == other ? 2 : 0;
            return (hits - (labels[label].F1 * both)) / (labels[label].Support + labels[label].Predicted);
        }
    }
}
