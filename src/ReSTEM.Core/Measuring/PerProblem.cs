namespace ReSTEM.Core;

/// <summary>The value of a metric of one problem, from its judged samples.</summary>
public static class PerProblem
{
    /// <summary>pass@k; where the verifier failed on some samples, k is at most what is left.</summary>
    public static double Pass(IReadOnlyList<Sample> samples, int k) =>
        PassAtK.Estimate(samples.Count, samples.Count(sample => sample.IsCorrect), Math.Min(k, samples.Count));

    /// <summary>maj@k; k as for pass@k.</summary>
    /// <param name="classes">The samples by answer.</param>
    /// <param name="k">Votes.</param>
    public static double Majority(AnswerClasses classes, int k) => MajorityVote.Expectation(
        classes.Right, classes.Wrong, classes.Abstained, Math.Min(k, classes.Right + classes.Wrong.Sum() + classes.Abstained));

    /// <summary>1 for a correct greedy completion, 0 for any other.</summary>
    public static double Greedy(IReadOnlyList<Sample> samples) => samples.Any(sample => sample.IsCorrect) ? 1 : 0;
}
