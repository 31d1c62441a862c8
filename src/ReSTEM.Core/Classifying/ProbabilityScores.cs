using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>What the predicted probabilities p of one problem cost, against a distribution y: a hard label, as one with a single 1, or that of annotators.</summary>
public static class ProbabilityScores
{
    /// <summary>A distribution that is one label alone.</summary>
    public static double[] OneHot(int label, int count)
    {
        double[] distribution = new double[count];
        distribution[label] = 1;
        return distribution;
    }

    /// <summary>Cross-entropy <c>-sum_k y_k log p_k</c> in nats; against a hard label the negative log-likelihood.</summary>
    /// <param name="target">y, shape [K].</param>
    /// <param name="logs">log p, shape [K], normalised.</param>
    public static double CrossEntropy(IReadOnlyList<double> target, IReadOnlyList<double> logs)
    {
        double sum = 0;
        for (int label = 0; label < target.Count; label++)
        {
            sum -= target[label] == 0 ? 0 : target[label] * logs[label];
        }

        return sum;
    }

    /// <summary>Entropy <c>-sum_k y_k log y_k</c> in nats; the cross-entropy that no prediction falls below.</summary>
    public static double Entropy(IReadOnlyList<double> target) => CrossEntropy(target, [.. target.Select(share => share == 0 ? 0 : Elementary.Log(share))]);

    /// <summary>Brier score <c>sum_k (p_k - y_k)^2</c>, in [0, 2].</summary>
    /// <remarks>Brier 1950, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78(1).</remarks>
    public static double Brier(IReadOnlyList<double> target, IReadOnlyList<double> probabilities)
    {
        double sum = 0;
        for (int label = 0; label < target.Count; label++)
        {
            double difference = probabilities[label] - target[label];
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>Jensen-Shannon divergence in nats, in [0, log 2]: the entropy of the mean of both minus the mean of their entropies.</summary>
    /// <remarks>Lin 1991, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37(1), equation 4.1.</remarks>
    public static double JensenShannon(IReadOnlyList<double> target, IReadOnlyList<double> probabilities)
    {
        double[] mean = [.. target.Zip(probabilities, (one, other) => (one + other) / 2)];
        return Math.Max(0, Entropy(mean) - ((Entropy(target) + Entropy(probabilities)) / 2));
    }
}
