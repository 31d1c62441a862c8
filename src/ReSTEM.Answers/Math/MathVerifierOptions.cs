namespace ReSTEM.Answers;

/// <summary>The options of the math task.</summary>
public sealed record MathVerifierOptions
{
    /// <summary>
    /// Whether, when nothing marks an answer, the last number on the completion's last line counts as one. Without it such a
    /// completion is Unparsable.
    /// </summary>
    public bool AllowLastNumber { get; init; } = true;

    /// <summary>Most steps of one judgement, above 0. A step is about one small arithmetic operation.</summary>
    public long MaxSteps { get; init; } = 200_000;
}
