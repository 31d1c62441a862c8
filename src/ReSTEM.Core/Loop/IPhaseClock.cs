namespace ReSTEM.Core;

/// <summary>What work tells the phase that it is part of.</summary>
public interface IPhaseClock
{
    /// <summary>Tells that the phase under way went on.</summary>
    void Advance(PhaseProgress advance);

    /// <summary>What the phase under way cost since the last booking, to be recorded with the work; null outside of a phase.</summary>
    /// <param name="tokens">Drawn or trained on by the work.</param>
    PhaseBooking? Book(long tokens);
}
