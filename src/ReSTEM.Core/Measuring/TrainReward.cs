namespace ReSTEM.Core;

/// <summary>Pass@1 on the training problems.</summary>
public static class TrainReward
{
    /// <summary>Name in the ledger, on the iteration of the policy that was sampled.</summary>
    public const string Measure = "train/pass@1";

    /// <summary>Mean share of correct samples over problems, with its interval.</summary>
    public static Estimate Of(IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples, ulong seed)
    {
        var byProblem = samples.ToLookup(sample => sample.Completion.ProblemId, StringComparer.Ordinal);
        double[] rates = [.. problems.Where(problem => byProblem.Contains(problem.Id)).Select(problem => byProblem[problem.Id].Average(sample => sample.IsCorrect ? 1.0 : 0.0))];
        return Bootstrap.Mean(rates, RandomStream.Of(seed, RandomPurpose.Bootstrap));
    }
}
