namespace ReSTEM.Core;

/// <summary>What a phase cost, over all starts of the run.</summary>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Tokens">Tokens drawn or trained on.</param>
public readonly record struct PhaseCost(double Seconds, long Tokens);

/// <summary>Which phases are done, and what they cost.</summary>
public interface IPhaseStore
{
    /// <summary>Whether a phase was completed.</summary>
    bool IsComplete(int iteration, string phase);

    /// <summary>Marks a phase as completed.</summary>
    void Complete(int iteration, string phase);

    /// <summary>Adds to what a phase cost.</summary>
    void AddCost(int iteration, string phase, PhaseCost cost);

    /// <summary>What each phase of an iteration cost.</summary>
    IReadOnlyDictionary<string, PhaseCost> ReadCosts(int iteration);
}
