namespace ReSTEM.Core;

/// <summary>Per-problem values of the metrics of one problem set, by metric name (<c>pass@1</c>, <c>maj@8</c>, <c>greedy</c>).</summary>
public static class PerProblem
{
    /// <summary>The metric of the greedy completion.</summary>
    public const string Greedy = "greedy";

    /// <summary>pass@k and maj@k of sampled completions, for every k.</summary>
    /// <param name="problems">In the order of the values.</param>
    /// <param name="samples">Judged samples; where the verifier failed on some, k is at most what is left of the problem's.</param>
    /// <param name="ks">Each at most the samples per problem.</param>
    /// <param name="verifier">Tells which answers are the same.</param>
    public static IReadOnlyDictionary<string, double[]> Sampled(
        IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples, IReadOnlyList<int> ks, IVerifier verifier)
    {
        var byProblem = samples.ToLookup(sample => sample.Completion.ProblemId, StringComparer.Ordinal);
        var values = new Dictionary<string, double[]>();
        foreach (int k in ks)
        {
            values[$"pass@{k}"] = [.. problems.Select(problem => Pass(Some(problem, byProblem[problem.Id]), k))];
            if (k > 1)
            {
                values[$"maj@{k}"] = [.. problems.Select(problem => Majority(problem, Some(problem, byProblem[problem.Id]), k, verifier))];
            }
        }

        return values;
    }

    /// <summary>1 for a correct greedy completion, 0 for any other.</summary>
    public static double[] OfGreedy(IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples)
    {
        var byProblem = samples.ToLookup(sample => sample.Completion.ProblemId, StringComparer.Ordinal);
        return [.. problems.Select(problem => Some(problem, byProblem[problem.Id]).Any(sample => sample.IsCorrect) ? 1.0 : 0.0)];
    }

    private static double Pass(List<Sample> samples, int k) =>
        PassAtK.Estimate(samples.Count, samples.Count(sample => sample.IsCorrect), Math.Min(k, samples.Count));

    private static double Majority(Problem problem, List<Sample> samples, int k, IVerifier verifier)
    {
        var classes = AnswerClasses.Of(problem, samples, verifier);
        return MajorityVote.Expectation(classes.Right, classes.Wrong, classes.Abstained, Math.Min(k, samples.Count));
    }

    private static List<Sample> Some(Problem problem, IEnumerable<Sample> samples) => samples.ToList() is { Count: > 0 } list
        ? list
        : throw new InvalidOperationException(
            $"no sample of problem '{problem.Id}' could be judged, expected at least 1; mend the verifier and start again, failed ones are judged anew.");
}
