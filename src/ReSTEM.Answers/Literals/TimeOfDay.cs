namespace ReSTEM.Answers;

/// <summary>A time of day.</summary>
/// <param name="Hours">0 to 24; 1 to 12 while <paramref name="IsHalfKnown"/> is false.</param>
/// <param name="Minutes">0 to 59.</param>
/// <param name="Seconds">0 to 59.</param>
/// <param name="IsHalfKnown">Whether this names one moment; else a.m. and p.m. are both possible.</param>
internal readonly record struct TimeOfDay(int Hours, int Minutes, int Seconds, bool IsHalfKnown)
{
    internal static readonly TimeOfDay Noon = new(12, 0, 0, true);
    internal static readonly TimeOfDay Midnight = new(0, 0, 0, true);

    /// <summary>What was written without a half of the day. With seconds it may as well be a duration, which has no halves.</summary>
    internal static TimeOfDay Written(int hours, int minutes, int? seconds) =>
        new(hours, minutes, seconds ?? 0, seconds is not null || hours is 0 or > 12);

    /// <summary>The moment in the half of the day that was named beside it; hours that name their half keep it.</summary>
    internal TimeOfDay In(HalfOfDay half) => this with
    {
        Hours = Hours is >= 1 and <= 12 ? (Hours % 12) + (half == HalfOfDay.Afternoon ? 12 : 0) : Hours,
        IsHalfKnown = true,
    };

    /// <summary>A time whose half of the day is not known matches both halves.</summary>
    internal bool Matches(TimeOfDay other) => IsHalfKnown == other.IsHalfKnown
        ? this == other
        : (Hours % 12, Minutes, Seconds) == (other.Hours % 12, other.Minutes, other.Seconds);

    /// <summary>h:mm:ss, and a question mark while the half of the day is not known.</summary>
    public override string ToString() => $"{Hours}:{Minutes:00}:{Seconds:00}" + (IsHalfKnown ? "" : "?");
}

/// <summary>a.m. or p.m.</summary>
internal enum HalfOfDay
{
    Morning,
    Afternoon,
}
