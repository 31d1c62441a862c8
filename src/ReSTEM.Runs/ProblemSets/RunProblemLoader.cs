using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Loads the problem sets of a run: read or made, cut off the training problems, checked, disjoint.</summary>
/// <param name="config">Of the run.</param>
/// <param name="home">Folder that relative paths begin at.</param>
/// <param name="placeOf">Where a key stands in the configuration, for messages.</param>
/// <param name="watch">Watches.</param>
internal sealed class RunProblemLoader(RunConfig config, string home, Func<string, string> placeOf, LoadWatch watch)
{
    private readonly List<ConfigIssue> _issues = [];

    /// <exception cref="ConfigException">A set cannot be used, or problems are in several; all faults are named.</exception>
    internal RunProblems Load()
    {
        ulong seed = (ulong)config.Seed;
        ProblemSet? train = Set("train", "problems.train", config.Problems.Train);
        (string Name, double Share)[] shares = [.. Held().Where(set => set.Source.Share is not null).Select(set => (set.Name, set.Source.Share!.Value))];
        IReadOnlyList<ProblemSet> cut = [];
        Try("problems", () =>
        {
            if (train is not null)
            {
                (cut, train) = ProblemCut.Of(train, shares, seed);
            }
        });
        var sets = Held().ToDictionary(set => set.Path, set => set.Source.Share is null
            ? Set(set.Name, set.Path, set.Source)
            : Limited(cut.FirstOrDefault(part => part.Name == set.Name), set.Source.Limit, seed));
        if (_issues.Count == 0)
        {
            Try("problems", () => Contamination.Refuse(train!, [.. sets.Values.Select(set => set!)], config.Problems.AllowOverlap));
        }

        return _issues.Count > 0 ? throw new ConfigException(_issues) : new RunProblems(
            train!.Problems,
            config.Problems.Validation is null ? [] : sets["problems.validation"]!.Problems,
            [.. config.Evaluations.Select(entry => new EvaluationSet(entry.Key, sets[PathOf(entry.Key)]!.Problems, entry.Value.Measure))]);
    }

    private IEnumerable<(string Name, string Path, ProblemSource Source)> Held() =>
    [
        .. config.Problems.Validation is { } validation ? [("validation", "problems.validation", validation)] : Array.Empty<(string, string, ProblemSource)>(),
        .. config.Evaluations.Select(entry => (entry.Key, PathOf(entry.Key), entry.Value.Problems)),
    ];

    private static string PathOf(string evaluation) => $"evaluations.{evaluation}.problems";

    private static ProblemSet? Limited(ProblemSet? set, int limit, ulong seed) =>
        set is null || limit == 0 ? set : set.Subset(limit, ProblemSet.ChoiceOf(set.Name, seed));

    private ProblemSet? Set(string name, string path, ProblemSource source)
    {
        ProblemSet? set = null;
        Try(path, () => set = ProblemSet.Load(name, source.Under(home), (ulong)config.Seed, watch));
        return set;
    }

    private void Try(string path, Action load)
    {
        try
        {
            load();
        }
        catch (InvalidDataException fault)
        {
            _issues.Add(new ConfigIssue(placeOf(path), $"{path}: {fault.Message}"));
        }
    }
}
