using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Judges programs by their tests, in a sandbox, where no process that ran a submission has a say in its verdict.</summary>
public sealed class CodeVerifier : IVerifier, IAsyncDisposable
{
    private readonly CodeSandbox _sandbox;
    private readonly CodeReader _reader;
    private readonly StandardIoJudge _programs;
    private readonly CallsJudge _calls;
    private readonly AssertsJudge _asserts;
    private readonly ReferenceJudge _references;
    private readonly TestSoundness _soundness;
    private readonly CodeRepairs _repairs;

    private CodeVerifier(SandboxOptions options, CodeRepairs repairs, string interpreterVersion)
    {
        _repairs = repairs;
        InterpreterVersion = interpreterVersion;
        _sandbox = new CodeSandbox(options);
        _reader = new CodeReader(_sandbox);
        _programs = new StandardIoJudge(_sandbox);
        _calls = new CallsJudge(_sandbox);
        _asserts = new AssertsJudge(_sandbox);
        _references = new ReferenceJudge(_sandbox, _asserts);
        _soundness = new TestSoundness(JudgeAsync);
    }

    /// <summary>Tests every layer of the sandbox, then makes a verifier; about two seconds.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name; the message has cause and remedy.</exception>
    public static Task<CodeVerifier> StartAsync(SandboxOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, CodeRepairs.All, cancellationToken);

    /// <summary>The same, with no other repairs than these, and of them those that a problem allows.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name; the message has cause and remedy.</exception>
    public static async Task<CodeVerifier> StartAsync(SandboxOptions options, CodeRepairs repairs, CancellationToken cancellationToken)
    {
        options.Limits.ThrowUnlessValid();
        var (findings, interpreterVersion) = await SandboxSelfTest.RunWithVersionAsync(options, cancellationToken);
        SandboxSelfTest.ThrowIfMissing(findings);
        return new CodeVerifier(options, repairs, interpreterVersion);
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
    public string VersionOf(TaskKind task) =>
        $"code 1, Python {InterpreterVersion}{(_repairs is CodeRepairs.All ? "" : $", repairs: {_repairs}")}";

    /// <inheritdoc/>
    public async ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        if (problem.Tests is not { } tests || (tests.Cases.Count == 0 && tests.Statements.Count == 0))
        {
            return new Finding { Verdict = Verdict.Unsupported, Reason = "no-tests" };
        }

        var repairs = tests.Repairs & _repairs;
        var used = new List<string>();
        if (CodeExtraction.Text(completion, repairs, used) is not { } text)
        {
            return new Finding { Verdict = Verdict.Unparsable, Reason = "unclosed-reasoning" };
        }

        ExtractedCode code = ExtractedCode.None("");
        CodeJudgement judgement;
        try
        {
            var plain = CodeExtraction.Plain(tests, text, used);
            code = plain ?? await _reader.ReadAsync(tests, text, repairs, used, cancellationToken);
            judgement = await JudgeAsync(problem, code, cancellationToken);
            if (plain is not null && judgement.Reason == "syntax-error")
            {
                var mended = await _reader.ReadAsync(tests, text, repairs, used, cancellationToken);
                judgement = mended.Sources.SequenceEqual(code.Sources) ? judgement : await JudgeAsync(problem, mended, cancellationToken);
                code = mended;
            }

            judgement = await _soundness.FaultAsync(problem, judgement, cancellationToken) ?? judgement;
        }
        catch (SandboxException failure)
        {
            judgement = new CodeJudgement(Verdict.VerifierFailed, "sandbox-failed").With("message", failure.Message);
        }

        judgement = judgement.With("program", code.Kind).With("repairs", string.Join(", ", code.Repairs)).With("sandbox", _sandbox.LayersText);
        return new Finding
        {
            Verdict = judgement.Verdict,
            Reason = judgement.Reason,
            Answer = code.Code,
            AnswerKey = judgement.AnswerKey,
            Evidence = judgement.Evidence,
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

    /// <summary>Judges a text of the problem's maker, as it stands.</summary>
    private async Task<CodeJudgement> JudgeAsync(Problem problem, string text, CancellationToken cancellationToken)
    {
        var tests = problem.Tests!;
        var code = CodeExtraction.Plain(tests, text, []) ?? await _reader.ReadAsync(tests, text, CodeRepairs.None, [], cancellationToken);
        return await JudgeAsync(problem, code, cancellationToken);
    }

    private async Task<CodeJudgement> JudgeAsync(Problem problem, ExtractedCode code, CancellationToken cancellationToken) =>
        problem.Tests!.Form switch
        {
            _ when code.Sources.Count == 0 => new CodeJudgement(Verdict.Unparsable, code.Reason),
            CodeTestForm.StandardIo => await _programs.JudgeAsync(problem.Tests, code.Sources, cancellationToken),
            CodeTestForm.Calls => await _calls.JudgeAsync(problem.Tests, code.Sources, cancellationToken),
            CodeTestForm.Reference => await _references.JudgeAsync(problem, code.Sources, cancellationToken),
            _ => await _asserts.JudgeAsync(problem.Tests, code.Sources, cancellationToken),
        };

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) =>
        string.Equals(answer.Trim(), other.Trim(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
}
