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
    public static double[] MacroF1(IReadOnlyList<LabelPrediction> predictions) =>
        MacroF1([.. predictions.Select(one => (one.Target.Hard, (int?)one.Predicted))], predictions[0].Target.Labels.Count);

    /// <summary>The same, where a prediction may be no label: wrong, and of no label's predictions.</summary>
    /// <param name="pairs">The right label and the predicted one, by number; not empty.</param>
    /// <param name="count">K, how many labels there are.</param>
    public static double[] MacroF1(IReadOnlyList<(int Hard, int? Predicted)> pairs, int count)
    {
        int[] hits = new int[count], both = new int[count]; // support and predicted together
        foreach (var (hard, predicted) in pairs)
        {
            both[hard]++;
            if (predicted is { } label)
            {
                both[label]++;
                hits[label] += label == hard ? 2 : 0;
            }
        }

        double macro = Enumerable.Range(0, count).Where(label => both[label] > 0).Average(F1);
        double weight = pairs.Count / (double)both.Count(times => times > 0);
        return [.. pairs.Select(pair =>
        {
            double influence = Part(pair.Hard, pair.Predicted);
            return macro + (weight * (pair.Predicted is { } label && label != pair.Hard ? influence + Part(label, pair.Hard) : influence));
        })];

        double F1(int label) => hits[label] / (double)both[label];

        // What a problem that has this label, as right or as predicted one, does to its F1.
        double Part(int label, int? other) => ((label == other ? 2 : 0) - (F1(label) * (label == other ? 2 : 1))) / both[label];
    }
}
