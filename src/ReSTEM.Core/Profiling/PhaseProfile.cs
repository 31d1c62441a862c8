namespace ReSTEM.Core;

/// <summary>What a phase of one start of a run waited for. Each moment counts once: for the first of these that was at work then.</summary>
/// <param name="Iteration">Of the phase; 0 for the base model.</param>
/// <param name="Phase">Its name.</param>
/// <param name="Engine">Seconds in which the engine was asked for completions or training steps.</param>
/// <param name="Verification">Seconds in which completions were judged while nothing was asked of the engine.</param>
/// <param name="Ledger">Seconds in which the ledger wrote while neither of the others was at work.</param>
/// <param name="Idle">The rest.</param>
public sealed record PhaseProfile(int Iteration, string Phase, double Engine, double Verification, double Ledger, double Idle)
{
    /// <summary>All of it.</summary>
    public double Seconds => Engine + Verification + Ledger + Idle;
}
