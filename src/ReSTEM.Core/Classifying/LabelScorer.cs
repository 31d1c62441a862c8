namespace ReSTEM.Core;

/// <summary>Classifies problems by the probabilities of their labels: exact, nothing is drawn.</summary>
/// <param name="policy">Scores. Where its engine can, a prompt is computed once for all its labels.</param>
/// <param name="encoder">Of the same model.</param>
public sealed class LabelScorer(IPolicy policy, LabelEncoder encoder)
{
    /// <summary>The prediction for each problem, in order.</summary>
    /// <param name="problems">All of task classify, with labels that fit the context.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    /// <exception cref="InvalidDataException">A problem has no labels, or does not fit the context with one of them.</exception>
    public IEnumerable<LabelPrediction> Predict(IReadOnlyList<Problem> problems, CancellationToken cancellationToken)
    {
        using IEnumerator<float[]> scores = policy.LogProbabilities(problems.SelectMany(problem => Sequences(problem).Whole), cancellationToken).GetEnumerator();
        foreach (Problem problem in problems)
        {
            LabelSequences sequences = Sequences(problem);
            double[] logs = new double[sequences.Labels.Count];
            for (int label = 0; label < logs.Length; label++)
            {
                logs[label] = scores.MoveNext()
                    ? SumOf(scores.Current, sequences.Prompt.Count, problem)
                    : throw new InvalidOperationException($"the engine scored fewer sequences than it was given, expected one for each label of '{problem.Id}'.");
            }

            yield return new LabelPrediction(problem.Id, problem.Target!, logs);
        }
    }

    private LabelSequences Sequences(Problem problem)
    {
        LabelSequences sequences = encoder.Of(problem);
        return encoder.Fits(sequences) ? sequences : throw new InvalidDataException(
            $"problem '{problem.Id}' has {sequences.Longest} tokens with its longest label, expected no more than the model's context; leave such problems out.");
    }

    private static double SumOf(float[] logs, int first, Problem problem)
    {
        double sum = 0;
        for (int t = Math.Max(1, first); t < logs.Length; t++)
        {
            sum += logs[t];
        }

        return double.IsFinite(sum) ? sum : throw new InvalidDataException(
            $"the log-probability of a label of '{problem.Id}' is {sum}, expected a number: the weights may be damaged.");
    }
}
