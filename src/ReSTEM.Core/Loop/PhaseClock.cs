namespace ReSTEM.Core;

/// <summary>Runs phases once each: skips those that are recorded as complete, tells the progress, and books what they cost.</summary>
public sealed class PhaseClock(IPhaseStore phases, ILoopProgress progress, int iterations, TimeProvider time) : IPhaseClock
{
    private readonly Lock _lock = new();
    private PhaseStart? _phase;
    private long _booked; // when, as a timestamp

    /// <summary>The clock for validation inside an M-step, which counts steps: its costs are booked, its units are not counted.</summary>
    public IPhaseClock ForValidation => new ValidationClock(this);

    /// <inheritdoc/>
    public void Advance(PhaseProgress advance) => progress.Advanced(advance);

    /// <inheritdoc/>
    public PhaseBooking? Book(long tokens)
    {
        lock (_lock)
        {
            if (_phase is not { } phase)
            {
                return null;
            }

            long now = time.GetTimestamp();
            double seconds = time.GetElapsedTime(_booked, now).TotalSeconds;
            _booked = now;
            return new PhaseBooking(phase.Iteration, phase.Name, new PhaseCost(seconds, tokens));
        }
    }

    /// <summary>Tells a reader of the run something.</summary>
    public void Note(string message) => progress.Note(message);

    /// <summary>Runs a phase unless it is complete.</summary>
    /// <param name="iteration">Its iteration.</param>
    /// <param name="name">Its name, unique in the iteration.</param>
    /// <param name="unit">What its progress counts.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="work">Does it; returns what came of it in a few words.</param>
    public async Task RunAsync(int iteration, string name, string unit, long total, Func<Task<string>> work)
    {
        if (phases.IsComplete(iteration, name))
        {
            return;
        }

        var phase = new PhaseStart(iteration, iterations, name, unit, total);
        progress.Started(phase);
        long start = time.GetTimestamp();
        Begin(phase, start);
        string? outcome = null;
        try
        {
            outcome = await work();
        }
        finally
        {
            PhaseBooking rest = Book(0)!;
            End();
            if (outcome is null)
            {
                phases.Book(rest);
            }
            else
            {
                phases.Complete(iteration, name, rest);
            }
        }

        progress.Finished(time.GetElapsedTime(start).TotalSeconds, outcome);
    }

    private void Begin(PhaseStart phase, long now)
    {
        lock (_lock)
        {
            (_phase, _booked) = (phase, now);
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _phase = null;
        }
    }

    private sealed class ValidationClock(PhaseClock clock) : IPhaseClock
    {
        public void Advance(PhaseProgress advance) => clock.Advance(advance with { Units = 0, Detail = "validation: " + advance.Detail });

        public PhaseBooking? Book(long tokens) => clock.Book(tokens);
    }
}
