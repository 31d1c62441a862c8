namespace ReSTEM.Core;

/// <summary>What a phase cost, over all starts of the run.</summary>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Tokens">Tokens drawn or trained on.</param>
public readonly record struct PhaseCost(double Seconds, long Tokens);

/// <summary>What a phase cost since the last booking.</summary>
/// <param name="Iteration">The phase's iteration.</param>
/// <param name="Phase">Its name.</param>
/// <param name="Cost">What is added to its costs.</param>
public sealed record PhaseBooking(int Iteration, string Phase, PhaseCost Cost);

/// <summary>
/// Which phases are done, and what they cost. Costs are booked together with the work that they paid for, so that a process that is
/// killed leaves neither work without its costs nor costs without their work.
/// </summary>
public interface IPhaseStore
{
    /// <summary>Whether a phase was completed.</summary>
    bool IsComplete(int iteration, string phase);

    /// <summary>Marks a phase as completed.</summary>
    /// <param name="iteration">Its iteration.</param>
    /// <param name="phase">Its name.</param>
    /// <param name="booking">What is left to book; null for nothing.</param>
    void Complete(int iteration, string phase, PhaseBooking? booking = null);

    /// <summary>Adds to what a phase cost, without work.</summary>
    void Book(PhaseBooking booking);

    /// <summary>What each phase of an iteration cost.</summary>
    IReadOnlyDictionary<string, PhaseCost> ReadCosts(int iteration);
}
