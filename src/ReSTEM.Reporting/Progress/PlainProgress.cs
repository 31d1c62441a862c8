using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Progress as plain lines, for pipes and files: one when a phase begins, one every ten seconds, one when it ends.</summary>
/// <param name="output">Where the lines go; flushed after each. Not closed.</param>
/// <param name="time">Measures speed and the time between lines.</param>
/// <param name="onlyLongWork">Whether a phase that takes less than <see cref="Interval"/> tells nothing.</param>
public sealed class PlainProgress(TextWriter output, TimeProvider time, bool onlyLongWork = false) : ILoopProgress
{
    /// <summary>Least time between two lines of one phase.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private PhaseMeter? _meter;
    private long _lastLine;
    private bool _told;

    /// <inheritdoc/>
    public void Started(PhaseStart phase)
    {
        lock (_lock)
        {
            _meter = new PhaseMeter(phase, time);
            _lastLine = time.GetTimestamp();
            _told = !onlyLongWork;
            if (_told)
            {
                Line(string.Create(CultureInfo.InvariantCulture, $"{ProgressText.Label(phase)}: {phase.Total:N0} {phase.Unit} to do"));
            }
        }
    }

    /// <inheritdoc/>
    public void Advanced(PhaseProgress progress)
    {
        lock (_lock)
        {
            if (_meter is not { } meter)
            {
                return;
            }

            meter.Add(progress);
            if (time.GetElapsedTime(_lastLine) >= Interval)
            {
                _lastLine = time.GetTimestamp();
                _told = true;
                string?[] parts =
                [
                    ProgressText.Counts(meter) + string.Create(CultureInfo.InvariantCulture, $" ({meter.Share:P0})"),
                    ProgressText.Speed(meter), meter.Detail, ProgressText.Eta(meter),
                ];
                Line($"{ProgressText.Label(meter.Phase)}: {string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)))}");
            }
        }
    }

    /// <inheritdoc/>
    public void Finished(double seconds, string detail)
    {
        lock (_lock)
        {
            if (_meter is { } meter && _told)
            {
                Line($"{ProgressText.Label(meter.Phase)}: done in {ProgressText.Seconds(seconds)}: {detail}");
            }

            _meter = null;
        }
    }

    /// <inheritdoc/>
    public void Note(string message)
    {
        lock (_lock)
        {
            Line($"note: {message}");
        }
    }

    private void Line(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }
}
