namespace ReSTEM.Core;

/// <summary>Runs phases once each: skips those that are recorded as complete, tells the progress, and books what they cost.</summary>
public sealed class PhaseClock(IPhaseStore phases, ILoopProgress progress, int iterations, TimeProvider time)
{
    private long _tokens;

    /// <summary>Tells that the phase under way went on.</summary>
    public void Advance(PhaseProgress advance)
    {
        Interlocked.Add(ref _tokens, advance.Tokens);
        progress.Advanced(advance);
    }

    /// <summary>The same for validation inside an M-step, which counts steps: its tokens are booked, its units are not.</summary>
    public void AdvanceValidation(PhaseProgress advance) => Advance(advance with { Units = 0, Detail = "validation: " + advance.Detail });

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

        progress.Started(new PhaseStart(iteration, iterations, name, unit, total));
        long start = time.GetTimestamp();
        Interlocked.Exchange(ref _tokens, 0);
        string outcome;
        try
        {
            outcome = await work();
        }
        finally
        {
            phases.AddCost(iteration, name, new PhaseCost(time.GetElapsedTime(start).TotalSeconds, Interlocked.Read(ref _tokens)));
        }

        phases.Complete(iteration, name);
        progress.Finished(time.GetElapsedTime(start).TotalSeconds, outcome);
    }
}
