using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>The judge for each form of tests, all in one sandbox.</summary>
internal sealed class CodeJudges(CodeSandbox sandbox)
{
    private readonly StandardIoJudge _programs = new(sandbox);
    private readonly CallsJudge _calls = new(sandbox);
    private readonly AssertsJudge _asserts = new(sandbox);

    /// <summary>The judge by a reference solution's results.</summary>
    public ReferenceJudge References { get; } = new(sandbox, new AssertsJudge(sandbox));

    /// <summary>How many submissions with assert-style tests were judged by plan, by replay, and live.</summary>
    public (int Planned, int Replayed, int Live) AssertCounts => _asserts.Counts;

    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public async Task<CodeJudgement> JudgeAsync(Problem problem, ExtractedCode code, CancellationToken cancellationToken) => problem.Tests!.Form switch
    {
        _ when code.Sources.Count == 0 => new CodeJudgement(Verdict.Unparsable, code.Reason),
        CodeTestForm.StandardIo => await _programs.JudgeAsync(problem.Tests, code.Sources, cancellationToken),
        CodeTestForm.Calls => await _calls.JudgeAsync(problem.Tests, code.Sources, cancellationToken),
        CodeTestForm.Reference => await References.JudgeAsync(problem, code.Sources, cancellationToken),
        _ => await _asserts.JudgeAsync(problem.Tests, code.Sources, cancellationToken),
    };
}
