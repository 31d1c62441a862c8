namespace ReSTEM.Core;

/// <summary>Which policy follows which: one after the other, but for what <see cref="ValidationTest"/> decided.</summary>
/// <param name="measures">Of the run.</param>
/// <param name="iterations">Iterations that the run may have at most.</param>
public sealed class PolicyLine(IMeasureStore measures, int iterations)
{
    /// <summary>The iteration of the policy that an E-step samples, unless there is a teacher; 0 is the base model.</summary>
    /// <param name="iteration">The E-step's, from 1.</param>
    public int SampledBy(int iteration) =>
        iteration > 1 && ValidationDecision.Read(measures, iteration - 1) is { } decision ? decision.GoesOnFrom : iteration - 1;

    /// <summary>Whether the run ends after an iteration, by its length or by its rule.</summary>
    public bool EndsAfter(int iteration) =>
        iteration >= iterations || ValidationDecision.Read(measures, iteration) is { Stops: true };

    /// <summary>The last iteration that there is or will be, as far as it is decided.</summary>
    public int Last => Enumerable.Range(1, iterations).First(EndsAfter);
}
