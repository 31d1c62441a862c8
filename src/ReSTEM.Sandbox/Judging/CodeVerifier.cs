using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Judges programs by their tests, in a sandbox, where no process that ran a submission has a say in its verdict.</summary>
public sealed class CodeVerifier : IVerifier, IAsyncDisposable
{
    private readonly CodeSandbox _sandbox;
    private readonly CodeJudges _judges;
    private readonly ReferenceLimits _references;

    private CodeVerifier(SandboxOptions options, SandboxInspection inspection)
    {
        InterpreterVersion = inspection.InterpreterVersion;
        CpuFactor = inspection.CpuFactor;
        _sandbox = new CodeSandbox(options with { Limits = options.Limits with { MachineFactor = inspection.CpuFactor } });
        _judges = new CodeJudges(_sandbox);
        _references = new ReferenceLimits(_sandbox);
    }

    /// <summary>Tests every layer of the sandbox, then makes a verifier; about two seconds.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name; the message has cause and remedy.</exception>
    public static async Task<CodeVerifier> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        options.Limits.ThrowUnlessValid();
        var inspection = await SandboxSelfTest.InspectAsync(options, cancellationToken);
        SandboxSelfTest.ThrowIfMissing(inspection.Findings);
        return new CodeVerifier(options, inspection);
    }

    /// <summary>Version of the Python that runs submissions, for example <c>3.11.2</c>.</summary>
    public string InterpreterVersion { get; }

    /// <summary>By what limits of CPU time are multiplied on this machine, from 1; in the measurements of every finding.</summary>
    public double CpuFactor { get; }

    /// <summary>Runs that went over the wall-clock limit with CPU time left, and so were repeated alone.</summary>
    public int RepeatedAlone => _sandbox.RepeatedAlone;

    /// <summary>Process ids of the workers that are alive now.</summary>
    internal IReadOnlyCollection<int> WorkerProcessIds => _sandbox.ProcessIds;

    /// <summary>The same by kind: those that run submissions, those that run test code.</summary>
    internal (IReadOnlyCollection<int> Submissions, IReadOnlyCollection<int> TestCode) WorkersByKind =>
        (_sandbox.SubmissionProcessIds, _sandbox.TestCodeProcessIds);

    /// <summary>How many submissions with assert-style tests were judged by plan, by replay, and live.</summary>
    internal (int Planned, int Replayed, int Live) AssertCounts => _judges.AssertCounts;

    /// <inheritdoc/>
    public string VersionOf(TaskKind task) => $"code 1, Python {InterpreterVersion}";

    /// <inheritdoc/>
    public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        if (problem.Tests is not { } tests || (tests.Cases.Count == 0 && tests.Statements.Count == 0))
        {
            return new Finding { Verdict = Verdict.Unsupported, Reason = "no-tests" };
        }

        var code = CodeExtraction.Extract(tests, completion);
        if (code.Sources.Count == 0)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = code.Reason };
        }

        CodeJudgement judgement;
        try
        {
            judgement = await _judges.JudgeAsync(tests, code.Sources, cancellationToken);
            if (judgement.Reason == "cpu-limit" && await _references.RaisedAsync(problem, tests, cancellationToken) is { } seconds)
            {
                judgement = await _references.Within(seconds).JudgeAsync(tests, code.Sources, cancellationToken);
            }
        }
        catch (SandboxException failure)
        {
            judgement = new CodeJudgement(Verdict.VerifierFailed, "sandbox-failed").With("message", failure.Message);
        }

        return new Finding
        {
            Verdict = judgement.Verdict,
            Reason = judgement.Reason,
            Answer = code.Code,
            AnswerKey = judgement.AnswerKey,
            Evidence = judgement.With("sandbox", _sandbox.LayersText).Evidence,
            Measurements = new Dictionary<string, string>(judgement.Measurements) { ["cpu_factor"] = MachineFactor.Text(CpuFactor) },
        };
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) =>
        string.Equals(answer.Trim(), other.Trim(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
}
