namespace ReSTEM.Core;

/// <summary>Pass@1 on the training problems; is told of one problem after the other.</summary>
/// <param name="seed">The run's seed, for the intervals.</param>
public sealed class TrainReward(ulong seed)
{
    private readonly List<(TaskKind Task, double Reward)> _problems = [];

    /// <summary>Takes one problem; one without a judged sample does not count.</summary>
    public void Add(ProblemSamples problem)
    {
        if (problem.Samples.Count > 0)
        {
            _problems.Add((problem.Problem.Task, problem.Samples.Average(sample => sample.Reward)));
        }
    }

    /// <summary>Mean reward over problems, with its interval: of all, and where there are several tasks of each.</summary>
    public IEnumerable<(Measure Measure, Estimate Value)> Measures()
    {
        yield return (Measure.TrainReward, Mean(_problems));
        var tasks = _problems.GroupBy(problem => problem.Task).OrderBy(task => task.Key).ToList();
        foreach (var task in tasks.Count > 1 ? tasks : [])
        {
            yield return (Measure.TrainRewardOf(task.Key), Mean(task));
        }
    }

    private Estimate Mean(IEnumerable<(TaskKind Task, double Reward)> problems) => Bootstrap.Mean(
        [.. problems.Select(problem => problem.Reward)], RandomStream.Of(seed, RandomPurpose.Bootstrap));
}
