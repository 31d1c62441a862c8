using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Problems and predictions over labels, as tests want them.</summary>
internal static class Classified
{
    internal static Problem Problem(string id, string text, IReadOnlyDictionary<string, string> labels, params double[] distribution)
    {
        var target = new LabelTarget
        {
            Labels = [.. labels.Keys],
            Verbalisers = [.. labels.Values],
            Distribution = distribution,
            Hard = Array.IndexOf(distribution, distribution.Max()),
        };
        return new Problem
        {
            Id = id,
            Task = TaskKind.Classify,
            Prompt = text,
            Reference = target.HardLabel,
            Solution = target.Verbalisers[target.Hard],
            Target = target,
        };
    }

    /// <summary>A prediction with given probabilities, against a hard label and a distribution that is that label unless another is given.</summary>
    internal static LabelPrediction Prediction(int hard, double[] probabilities, double[]? distribution = null)
    {
        string[] labels = [.. Enumerable.Range(0, probabilities.Length).Select(label => $"{(char)('a' + label)}")];
        return new LabelPrediction("p", new LabelTarget
        {
            Labels = labels,
            Verbalisers = labels,
            Distribution = distribution ?? ProbabilityScores.OneHot(hard, labels.Length),
            Hard = hard,
        }, [.. probabilities.Select(value => Math.Log(value))]);
    }
}
