namespace ReSTEM.Answers;

/// <summary>The options of the math task.</summary>
public sealed record MathVerifierOptions
{
    /// <summary>
    /// Whether, when nothing marks or states an answer, a number that stands alone as a value in the last sentence counts as one
    /// (rule <c>last-number</c> in the evidence). Without it such a completion is Unparsable.
    /// </summary>
    public bool AllowLastNumber { get; init; } = true;

    /// <summary>Most steps of one judgement, above 0. A step is about one small arithmetic operation.</summary>
    public long MaxSteps { get; init; } = 200_000;
}
