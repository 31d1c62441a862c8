namespace ReSTEM.Core;

/// <summary>What a verifier concluded about one completion.</summary>
public enum Verdict
{
    /// <summary>The answer is right.</summary>
    Correct,

    /// <summary>There is an answer and it is wrong.</summary>
    Incorrect,

    /// <summary>No answer could be read from the completion.</summary>
    Unparsable,

    /// <summary>Judging, or running, the answer went over a stated limit.</summary>
    LimitExceeded,

    /// <summary>The problem or the answer needs something this verifier does not do.</summary>
    Unsupported,

    /// <summary>The verifier itself failed; says nothing about the completion and is never a reward.</summary>
    VerifierFailed,
}
