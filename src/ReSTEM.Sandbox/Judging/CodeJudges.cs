using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>The judge for each form of tests, all in one sandbox.</summary>
internal sealed class CodeJudges(CodeSandbox sandbox)
{
    private readonly StandardIoJudge _programs = new(sandbox);
    private readonly CallsJudge _calls = new(sandbox);
    private readonly AssertsJudge _asserts = new(sandbox);

    /// <summary>How many submissions with assert-style tests were judged by plan, by replay, and live.</summary>
    public (int Planned, int Replayed, int Live) AssertCounts => _asserts.Counts;

    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public Task<CodeJudgement> JudgeAsync(CodeTests tests, IReadOnlyList<string> sources, CancellationToken cancellationToken) => tests.Form switch
    {
        CodeTestForm.StandardIo => _programs.JudgeAsync(tests, sources, cancellationToken),
        CodeTestForm.Calls => _calls.JudgeAsync(tests, sources, cancellationToken),
        _ => _asserts.JudgeAsync(tests, sources, cancellationToken),
    };
}
