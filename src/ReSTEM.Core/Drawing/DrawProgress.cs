using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Tells how far a draw is, and what its samples cost.</summary>
internal sealed class DrawProgress
{
    private readonly IPhaseClock _clock;
    private readonly HashSet<(string Problem, int Index)> _again;
    private long _correct;

    /// <summary>Begins with what earlier starts left.</summary>
    /// <param name="clock">Of the phase.</param>
    /// <param name="before">What is there.</param>
    /// <param name="again">Completions that are there and are judged anew: they were paid for when they were drawn.</param>
    internal DrawProgress(IPhaseClock clock, SampleCounts before, IEnumerable<Completion> again)
    {
        _clock = clock;
        _again = [.. again.Select(completion => (completion.ProblemId, completion.Index))];
        _correct = before.Correct;
        Report(before.Judged, 0);
    }

    /// <summary>Tokens that were drawn in this start.</summary>
    internal long TokensOf(IReadOnlyList<Sample> samples) => samples
        .Where(sample => !_again.Contains((sample.Completion.ProblemId, sample.Completion.Index)))
        .Sum(sample => (long)sample.Completion.TokenIds.Count);

    /// <summary>Tells of more that is there and is judged anew.</summary>
    internal void JudgeAgain(IEnumerable<Completion> again) => _again.UnionWith(again.Select(completion => (completion.ProblemId, completion.Index)));

    internal void Add(IReadOnlyList<Sample> samples)
    {
        _correct += samples.Count(sample => sample.IsCorrect);
        Report(samples.Count, TokensOf(samples));
    }

    private void Report(long units, long tokens) => _clock.Advance(new PhaseProgress(
        units, tokens, string.Create(CultureInfo.InvariantCulture, $"{_correct:N0} correct")));
}
