namespace ReSTEM.Answers;

/// <summary>A stated limit on the work was reached; the verifier turns it into <see cref="Core.Verdict.LimitExceeded"/>.</summary>
internal sealed class LimitExceededException(string reason, string message) : Exception(message)
{
    /// <summary>The reason code of the finding.</summary>
    internal string Reason { get; } = reason;
}
