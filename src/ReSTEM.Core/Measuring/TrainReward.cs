namespace ReSTEM.Core;

/// <summary>Pass@1 on the training problems.</summary>
public static class TrainReward
{
    private const string Metric = "pass@1";

    /// <summary>Name in the ledger, on the iteration of the policy that was sampled.</summary>
    public const string Measure = "train/" + Metric;

    /// <summary>Name in the ledger of the same over the problems of one task, where there are several.</summary>
    public static string MeasureOf(TaskKind task) => $"train/{task.ToString().ToLowerInvariant()}/{Metric}";

    /// <summary>Mean share of correct samples over problems, with its interval: of all, and where there are several tasks of each.</summary>
    public static IEnumerable<(string Name, Estimate Value)> Of(IReadOnlyList<Problem> problems, IReadOnlyList<Sample> samples, ulong seed)
    {
        var byProblem = samples.ToLookup(sample => sample.Completion.ProblemId, StringComparer.Ordinal);
        Estimate Mean(IEnumerable<Problem> chosen) => Bootstrap.Mean(
            [.. chosen.Where(problem => byProblem.Contains(problem.Id)).Select(problem => byProblem[problem.Id].Average(sample => sample.IsCorrect ? 1.0 : 0.0))],
            RandomStream.Of(seed, RandomPurpose.Bootstrap));
        yield return (Measure, Mean(problems));
        var tasks = problems.Where(problem => byProblem.Contains(problem.Id)).GroupBy(problem => problem.Task).OrderBy(task => task.Key).ToList();
        foreach (var task in tasks.Count > 1 ? tasks : [])
        {
            yield return (MeasureOf(task.Key), Mean(task));
        }
    }
}
