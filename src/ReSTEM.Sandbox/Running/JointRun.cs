namespace ReSTEM.Sandbox;

/// <summary>How test code in one process fared with a submission in another.</summary>
/// <param name="Submission">The submission's run.</param>
/// <param name="TestCode">The test code's run.</param>
/// <param name="Conclusion">The test code's last word, its letter first; null when it had none.</param>
/// <param name="Transcript">What the test code asked and what the submission answered, in order.</param>
internal sealed record JointRun(
    RunOutcome Submission,
    RunOutcome TestCode,
    byte[]? Conclusion,
    IReadOnlyList<(ReadOnlyMemory<byte> Question, ReadOnlyMemory<byte> Answer)> Transcript);
