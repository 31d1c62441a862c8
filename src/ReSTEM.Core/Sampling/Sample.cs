namespace ReSTEM.Core;

/// <summary>A completion with the verifier's finding.</summary>
/// <param name="Completion">What was drawn.</param>
/// <param name="Finding">What the verifier found.</param>
public sealed record Sample(Completion Completion, Finding Finding)
{
    /// <summary>Whether the reward is 1.</summary>
    public bool IsCorrect => Finding.Verdict is Verdict.Correct;

    /// <summary>Whether the model, or a stop string, ended the completion.</summary>
    public bool IsFinished => Completion.FinishReason is FinishReason.EndOfText or FinishReason.StopString;
}
