using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The words that progress is told in.</summary>
internal static class ProgressText
{
    internal static string Label(PhaseStart phase) => phase.Iteration switch
    {
        PhaseStart.OutsideOfRun => phase.Name,
        0 => $"base model {phase.Name}",
        _ => string.Create(CultureInfo.InvariantCulture, $"iteration {phase.Iteration}/{phase.Iterations} {phase.Name}"),
    };

    internal static string Counts(PhaseMeter meter) => string.Create(
        CultureInfo.InvariantCulture, $"{meter.Done:N0}/{meter.Phase.Total:N0} {meter.Phase.Unit}");

    internal static string? Speed(PhaseMeter meter) => meter.TokensPerSecond is { } speed
        ? string.Create(CultureInfo.InvariantCulture, $"{speed:N0} tokens/s")
        : null;

    internal static string? Eta(PhaseMeter meter) => meter.Remaining is { } left ? $"ETA {Clock(left)}" : null;

    /// <summary><c>0:34</c>, <c>12:05</c>, <c>1:02:33</c>; rounded up, so that it reaches 0 last.</summary>
    internal static string Clock(TimeSpan time)
    {
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        return seconds.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)seconds.TotalHours}:{seconds.Minutes:D2}:{seconds.Seconds:D2}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds.Minutes}:{seconds.Seconds:D2}");
    }

    /// <summary><c>0.4 s</c>, <c>58.1 s</c>, <c>2:05 min</c>, <c>1:02:33 h</c>.</summary>
    internal static string Seconds(double seconds) => seconds < 99.95
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s")
        : seconds < 3600
            ? Clock(TimeSpan.FromSeconds(Math.Round(seconds))) + " min"
            : Clock(TimeSpan.FromSeconds(Math.Round(seconds))) + " h";
}
