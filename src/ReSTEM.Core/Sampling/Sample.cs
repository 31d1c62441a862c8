namespace ReSTEM.Core;

/// <summary>A completion with the verifier's finding.</summary>
/// <param name="Completion">What was drawn.</param>
/// <param name="Finding">What the verifier found.</param>
public sealed record Sample(Completion Completion, Finding Finding)
{
    /// <summary>The reward r(x, y), in [0, 1].</summary>
    /// <exception cref="ArgumentException">The verifier failed, so there is none.</exception>
    public double Reward => Core.Reward.Of(Finding);

    /// <summary>Whether the verdict is Correct.</summary>
    public bool IsCorrect => Finding.Verdict is Verdict.Correct;

    /// <summary>Whether the model, or a stop string, ended the completion.</summary>
    public bool IsFinished => Completion.FinishReason is FinishReason.EndOfText or FinishReason.StopString;
}

/// <summary>Lists of samples.</summary>
public static class SampleLists
{
    /// <summary>Those with a verdict: a sample on which the verifier failed says nothing, and is left out of every measure.</summary>
    public static IReadOnlyList<Sample> Judged(this IReadOnlyList<Sample> samples) =>
        [.. samples.Where(sample => sample.Finding.Verdict is not Verdict.VerifierFailed)];
}
