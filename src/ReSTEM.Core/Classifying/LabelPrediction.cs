using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>What a model gives the labels of one problem, beside its target.</summary>
/// <param name="ProblemId">Its problem.</param>
/// <param name="Target">What is right.</param>
/// <param name="LogProbabilities">log p(label_k, end | prompt) in nats, shape [K]: not normalised, the model may say other things.</param>
public sealed record LabelPrediction(string ProblemId, LabelTarget Target, IReadOnlyList<double> LogProbabilities)
{
    /// <summary>Probabilities of the labels, normalised, shape [K]: <c>softmax(log p / T)</c>.</summary>
    /// <param name="temperature">T &gt; 0; 1 for the model as it is.</param>
    public double[] Probabilities(double temperature = 1) => [.. LogNormalised(temperature).Select(log => Elementary.Pow(Math.E, log))];

    /// <summary>Their logarithms, in nats, shape [K].</summary>
    /// <param name="temperature">T &gt; 0.</param>
    public double[] LogNormalised(double temperature = 1)
    {
        double most = LogProbabilities.Max() / temperature;
        double sum = 0;
        foreach (double log in LogProbabilities)
        {
            sum += Elementary.Pow(Math.E, (log / temperature) - most);
        }

        double total = most + Elementary.Log(sum);
        return [.. LogProbabilities.Select(log => (log / temperature) - total)];
    }

    /// <summary>The most probable label, by number; of equals the first. No temperature changes it.</summary>
    public int Predicted
    {
        get
        {
            int best = 0;
            for (int label = 1; label < LogProbabilities.Count; label++)
            {
                best = LogProbabilities[label] > LogProbabilities[best] ? label : best;
            }

            return best;
        }
    }

    /// <summary>Probability that the model says one of the labels at all, in [0, 1].</summary>
    public double Mass
    {
        get
        {
            double sum = 0;
            foreach (double log in LogProbabilities)
            {
                sum += Elementary.Pow(Math.E, log);
            }

            return sum;
        }
    }
}
