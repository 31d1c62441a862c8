using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>One temperature for all predictions, chosen on validation problems: <c>softmax(log p / T)</c>.</summary>
/// <remarks>
/// Guo et al. 2017, arXiv:1706.04599, section 4.2. The cross-entropy is convex in 1 / T, and its derivative there is the mean of
/// <c>E_y[log p] - E_softmax[log p]</c> with the sign turned round, so that bisection finds the one place where it is 0.
/// </remarks>
public static class TemperatureScaling
{
    /// <summary>T lies in [1 / Most, Most]: predictions that are all right, and those that are worse than none, have no best one.</summary>
    public const double Most = 1000;

    private const int Halvings = 100;

    /// <summary>The temperature with the least mean cross-entropy.</summary>
    /// <param name="predictions">Of validation problems; not empty.</param>
    /// <param name="targetOf">What each is to predict, shape [K]: the hard label, or the annotators' distribution.</param>
    /// <exception cref="ArgumentException">There are no predictions.</exception>
    public static double Fit(IReadOnlyList<LabelPrediction> predictions, Func<LabelPrediction, IReadOnlyList<double>> targetOf)
    {
        if (predictions.Count == 0)
        {
            throw new ArgumentException("predictions.Count is 0, expected at least 1.", nameof(predictions));
        }

        IReadOnlyList<double>[] targets = [.. predictions.Select(targetOf)];
        double low = -Elementary.Log(Most), high = Elementary.Log(Most); // of log(1 / T)
        for (int halving = 0; halving < Halvings; halving++)
        {
            double middle = (low + high) / 2;
            (low, high) = Slope(Elementary.Pow(Math.E, middle)) > 0 ? (low, middle) : (middle, high);
        }

        return Elementary.Pow(Math.E, -(low + high) / 2);

        double Slope(double inverse)
        {
            double sum = 0;
            for (int index = 0; index < targets.Length; index++)
            {
                double[] probabilities = predictions[index].Probabilities(1 / inverse);
                for (int label = 0; label < probabilities.Length; label++)
                {
                    sum += (probabilities[label] - targets[index][label]) * predictions[index].LogProbabilities[label];
                }
            }

            return sum;
        }
    }
}
