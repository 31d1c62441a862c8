namespace ReSTEM.Core;

/// <summary>How often each label was predicted where each was right; rows are the right labels, columns the predicted ones.</summary>
/// <param name="Counts">Shape [K, K].</param>
public sealed record ConfusionMatrix(int[,] Counts)
{
    /// <summary>Of predictions, each so many times.</summary>
    /// <param name="predictions">All with the same labels; not empty.</param>
    /// <param name="times">How often each counts; null for once.</param>
    public static ConfusionMatrix Of(IReadOnlyList<LabelPrediction> predictions, int[]? times = null)
    {
        int labels = predictions[0].Target.Labels.Count;
        int[,] counts = new int[labels, labels];
        for (int index = 0; index < predictions.Count; index++)
        {
            counts[predictions[index].Target.Hard, predictions[index].Predicted] += times?[index] ?? 1;
        }

        return new ConfusionMatrix(counts);
    }

    /// <summary>K.</summary>
    public int LabelCount => Counts.GetLength(0);

    /// <summary>Share of predictions that are right, in [0, 1].</summary>
    public double Accuracy => Enumerable.Range(0, LabelCount).Sum(label => Counts[label, label]) / (double)Counts.Cast<int>().Sum();

    /// <summary>Mean of F1 over the labels that are right or predicted somewhere, in [0, 1].</summary>
    public double MacroF1 => Enumerable.Range(0, LabelCount).Select(Of).Where(one => one.Support + one.Predicted > 0).Average(one => one.F1);

    /// <summary>One label against the others.</summary>
    public ClassResult Of(int label)
    {
        int right = Counts[label, label];
        int support = Enumerable.Range(0, LabelCount).Sum(predicted => Counts[label, predicted]);
        int predictions = Enumerable.Range(0, LabelCount).Sum(hard => Counts[hard, label]);
        return new ClassResult(support, predictions, Ratio(right, predictions), Ratio(right, support), Ratio(2 * right, support + predictions));
    }

    // 0 of 0 is 0, as scikit-learn has it.
    private static double Ratio(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
}

/// <summary>How a model does on one label.</summary>
/// <param name="Support">How often it is right.</param>
/// <param name="Predicted">How often it is predicted.</param>
/// <param name="Precision">Right of predicted, in [0, 1]; 0 where it is never predicted.</param>
/// <param name="Recall">Predicted of right, in [0, 1]; 0 where it is never right.</param>
/// <param name="F1">Their harmonic mean, 2 TP / (2 TP + FP + FN).</param>
public sealed record ClassResult(int Support, int Predicted, double Precision, double Recall, double F1);
