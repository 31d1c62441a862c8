namespace ReSTEM.Core;

/// <summary>A part of the run that has just begun.</summary>
/// <param name="Iteration">0 for the base model; <see cref="OutsideOfRun"/> for work that is no part of a run.</param>
/// <param name="Iterations">Iterations of the run.</param>
/// <param name="Name">For example <c>e-step</c>.</param>
/// <param name="Unit">What is counted: <c>samples</c> or <c>steps</c>.</param>
/// <param name="Total">How many there are.</param>
public sealed record PhaseStart(int Iteration, int Iterations, string Name, string Unit, long Total)
{
    /// <summary>The iteration of work that is no part of a run.</summary>
    public const int OutsideOfRun = -1;
}

/// <summary>What came since the last report.</summary>
/// <param name="Units">Units done; the first report of a resumed phase brings those of earlier starts.</param>
/// <param name="Tokens">Tokens drawn or trained on in this start.</param>
/// <param name="Detail">What else to show: correct so far, or loss.</param>
public readonly record struct PhaseProgress(long Units, long Tokens, string Detail);

/// <summary>Watches the loop. Calls come from one thread at a time.</summary>
public interface ILoopProgress
{
    /// <summary>A phase begins.</summary>
    void Started(PhaseStart phase);

    /// <summary>A phase went on.</summary>
    void Advanced(PhaseProgress progress);

    /// <summary>The phase that began last is done.</summary>
    /// <param name="seconds">Wall-clock seconds of this start.</param>
    /// <param name="detail">What came of it.</param>
    void Finished(double seconds, string detail);

    /// <summary>Something a reader of the run should know.</summary>
    void Note(string message);
}
