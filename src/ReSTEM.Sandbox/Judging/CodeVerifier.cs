using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Judges programs by their tests, in a sandbox, where no process that ran a submission has a say in its verdict.</summary>
public sealed class CodeVerifier : IVerifier, IAsyncDisposable
{
    private readonly CodeSandbox _sandbox;
    private readonly StandardIoJudge _programs;
    private readonly CallsJudge _calls;
    private readonly AssertsJudge _asserts;
    private readonly ReferenceJudge _references;
    private readonly TestSoundness _soundness;

    private CodeVerifier(SandboxOptions options, string interpreterVersion)
    {
        InterpreterVersion = interpreterVersion;
        _sandbox = new CodeSandbox(options);
        _programs = new StandardIoJudge(_sandbox);
        _calls = new CallsJudge(_sandbox);
        _asserts = new AssertsJudge(_sandbox);
        _references = new ReferenceJudge(_sandbox, _asserts);
        _soundness = new TestSoundness(async (problem, source, token) => await JudgeAsync(
            problem, CodeExtraction.Extract(problem.Tests!, source).Sources, token));
    }

    /// <summary>Tests every layer of the sandbox, then makes a verifier; about two seconds.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name; the message has cause and remedy.</exception>
    public static async Task<CodeVerifier> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        options.Limits.ThrowUnlessValid();
        var (findings, interpreterVersion) = await SandboxSelfTest.RunWithVersionAsync(options, cancellationToken);
        SandboxSelfTest.ThrowIfMissing(findings);
        return new CodeVerifier(options, interpreterVersion);
    }

    /// <summary>Version of the Python that runs submissions, for example <c>3.11.2</c>.</summary>
    public string InterpreterVersion { get; }

    /// <summary>Runs that went over the wall-clock limit with CPU time left, and so were repeated alone.</summary>
    public int RepeatedAlone => _sandbox.RepeatedAlone;

    /// <summary>Process ids of the workers that are alive now.</summary>
    internal IReadOnlyCollection<int> WorkerProcessIds => _sandbox.ProcessIds;

    /// <summary>How many submissions with assert-style tests were judged by plan, by replay, and live.</summary>
    internal (int Planned, int Replayed, int Live) AssertCounts => _asserts.Counts;

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
            judgement = await JudgeAsync(problem, code.Sources, cancellationToken);
            judgement = await _soundness.FaultAsync(problem, judgement, cancellationToken) ?? judgement;
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
            Measurements = judgement.Measurements,
        };
    }

    /// <summary>
    /// What is wrong with the tests of a code problem, whatever is submitted: they accept anything, or the data set's own solution
    /// fails. Null when nothing is found. A few runs per problem.
    /// </summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public async Task<Finding?> FaultOfTestsAsync(Problem problem, CancellationToken cancellationToken)
    {
        var fault = problem.Tests is { Reference: not null }
            ? (await _references.ResultsOfAsync(problem, cancellationToken)).Fault
            : await _soundness.FaultAsync(problem, cancellationToken);
        return fault is null ? null : new Finding { Verdict = fault.Verdict, Reason = fault.Reason, Evidence = fault.Evidence };
    }

    private Task<CodeJudgement> JudgeAsync(Problem problem, IReadOnlyList<string> sources, CancellationToken cancellationToken) =>
        problem.Tests!.Form switch
        {
            CodeTestForm.StandardIo => _programs.JudgeAsync(problem.Tests, sources, cancellationToken),
            CodeTestForm.Calls => _calls.JudgeAsync(problem.Tests, sources, cancellationToken),
            CodeTestForm.Reference => _references.JudgeAsync(problem, sources, cancellationToken),
            _ => _asserts.JudgeAsync(problem.Tests, sources, cancellationToken),
        };

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) =>
        string.Equals(answer.Trim(), other.Trim(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
}
