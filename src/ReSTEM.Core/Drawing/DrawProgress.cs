using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Tells how far a draw is.</summary>
internal sealed class DrawProgress
{
    private readonly Action<PhaseProgress> _advanced;
    private long _correct;

    /// <summary>Begins with what earlier starts left.</summary>
    internal DrawProgress(Action<PhaseProgress> advanced, SampleCounts before)
    {
        _advanced = advanced;
        _correct = before.Correct;
        Report(before.Judged, 0);
    }

    internal void Add(IReadOnlyList<Sample> samples)
    {
        _correct += samples.Count(sample => sample.IsCorrect);
        Report(samples.Count, samples.Sum(sample => (long)sample.Completion.TokenIds.Count));
    }

    private void Report(long units, long tokens) => _advanced(new PhaseProgress(
        units, tokens, string.Create(CultureInfo.InvariantCulture, $"{_correct:N0} correct")));
}
