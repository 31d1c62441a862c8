using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Counts and speed of the phase under way. Not safe for several threads.</summary>
internal sealed class PhaseMeter(PhaseStart phase, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _doneBefore = -1;

    internal PhaseStart Phase => phase;

    internal long Done { get; private set; }

    internal long Tokens { get; private set; }

    internal string Detail { get; private set; } = "";

    internal TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Share of the units that are done, in [0, 1].</summary>
    internal double Share => phase.Total <= 0 ? 0 : Math.Clamp((double)Done / phase.Total, 0, 1);

    /// <summary>Tokens per second of this start; null before there is anything to divide.</summary>
    internal double? TokensPerSecond => Tokens > 0 && Elapsed > TimeSpan.Zero ? Tokens / Elapsed.TotalSeconds : null;

    /// <summary>Time left at the speed so far; null while that is unknown.</summary>
    internal TimeSpan? Remaining
    {
        get
        {
            long now = Done - Math.Max(0, _doneBefore);
            long left = phase.Total - Done;
            return now > 0 && left > 0 && Elapsed >= TimeSpan.FromSeconds(1) ? Elapsed * ((double)left / now) : null;
        }
    }

    internal void Add(PhaseProgress progress)
    {
        Done += progress.Units;
        Tokens += progress.Tokens;
        Detail = progress.Detail;
        if (_doneBefore < 0)
        {
            // The first report of a resumed phase brings the units of earlier starts, which say nothing about this one's speed.
            _doneBefore = Done;
        }
        else if (progress.Tokens == 0 && phase.Iteration != PhaseStart.OutsideOfRun)
        {
            _doneBefore += progress.Units;
        }
    }
}
