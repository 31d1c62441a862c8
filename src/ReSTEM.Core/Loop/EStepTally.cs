using System.Globalization;

namespace ReSTEM.Core;

/// <summary>What is counted of an E-step while its problems pass.</summary>
internal sealed class EStepTally(ulong seed, bool comparesWithBefore)
{
    private readonly EmDiagnostics _diagnostics = new(comparesWithBefore);
    private readonly SortedDictionary<string, long> _ends = new(StringComparer.Ordinal);
    private long _correct;
    private long _unfinished;
    private long _solved;
    private long _keptProblems;

    internal bool ComparesWithBefore => comparesWithBefore;

    /// <summary>Judged samples.</summary>
    internal long Samples { get; private set; }

    /// <summary>Distinct completions kept.</summary>
    internal long Kept { get; private set; }

    /// <summary>Whether most samples were cut by a limit before they ended.</summary>
    internal bool IsMostlyUnfinished => 2 * _unfinished > Samples;

    internal TrainReward TrainReward { get; } = new(seed);

    internal void Add(ProblemSamples problem, IReadOnlyList<KeptSample> kept, long correctBefore)
    {
        int correct = problem.Samples.Count(sample => sample.IsCorrect);
        Samples += problem.Samples.Count;
        _correct += correct;
        _unfinished += problem.Samples.Count(sample => !sample.IsFinished);
        _solved += correct > 0 ? 1 : 0;
        Kept += kept.Count;
        _keptProblems += kept.Count > 0 ? 1 : 0;
        foreach (Sample sample in problem.Samples)
        {
            string end = sample.IsFinished ? sample.Finding.Verdict.ToString() : "unfinished";
            _ends[end] = _ends.GetValueOrDefault(end) + 1;
        }

        _diagnostics.Add(correct, problem.Samples.Count, correctBefore, kept);
        TrainReward.Add(problem);
    }

    internal IEnumerable<(Measure Measure, double Value)> Measures() =>
    [
        .. _diagnostics.Measures(),
        (Measure.Samples, Samples), (Measure.Correct, _correct), (Measure.Unfinished, _unfinished),
        (Measure.Kept, Kept), (Measure.Solved, _solved),
    ];

    /// <summary>How the samples ended, the most frequent end first.</summary>
    internal string Why() => string.Join(", ", _ends.OrderByDescending(end => end.Value).Select(end => $"{end.Value} {end.Key}"));

    internal string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_correct:N0} of {Samples:N0} correct, {Kept:N0} distinct kept on {_keptProblems:N0} problems");
}
