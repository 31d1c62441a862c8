using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Judges programs by their tests, in a sandbox, where no process that ran a submission has a say in its verdict.</summary>
public sealed class CodeVerifier : IVerifier, IAsyncDisposable
{
    private readonly CodeSandbox _sandbox;
    private readonly CodeReader _reader;
    private readonly CodeJudges _judges;
    private readonly ReferenceLimits _limits;
    private readonly TestSoundness _soundness;
    private readonly CodeRepairs _repairs;

    private CodeVerifier(SandboxOptions options, CodeRepairs repairs, SandboxInspection inspection)
    {
        _repairs = repairs;
        InterpreterVersion = inspection.InterpreterVersion;
        CpuFactor = inspection.CpuFactor;
        _sandbox = new CodeSandbox(options with { Limits = options.Limits with { MachineFactor = options.Limits.MachineFactor * inspection.CpuFactor } });
        _reader = new CodeReader(_sandbox);
        _judges = new CodeJudges(_sandbox);
        _limits = new ReferenceLimits(_sandbox, ReadAsync);
        _soundness = new TestSoundness(async (problem, text, token) =>
            await _judges.JudgeAsync(problem, await ReadAsync(problem.Tests!, text, token), token));
    }

    /// <summary>Tests every layer of the sandbox, then makes a verifier; about two seconds the first time in a process.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name; the message has cause and remedy.</exception>
    public static Task<CodeVerifier> StartAsync(SandboxOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, CodeRepairs.All, cancellationToken);

    /// <summary>The same, with no other repairs than these, and of them those that a problem allows.</summary>
    /// <exception cref="SandboxException">A layer is missing and was not given up by name; the message has cause and remedy.</exception>
    public static async Task<CodeVerifier> StartAsync(SandboxOptions options, CodeRepairs repairs, CancellationToken cancellationToken)
    {
        options.Limits.ThrowUnlessValid();
        return new CodeVerifier(options, repairs, await KnownInspections.InspectAsync(options, cancellationToken));
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
    public string VersionOf(TaskKind task) =>
        $"code 3, Python {InterpreterVersion}{(_repairs is CodeRepairs.All ? "" : $", repairs: {_repairs}")}";

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
            Measurements = new Dictionary<string, string>(judgement.Measurements) { ["cpu_factor"] = MachineFactor.Text(CpuFactor) },
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
            ? (await _judges.References.ResultsOfAsync(problem, cancellationToken)).Fault
            : await _soundness.FaultAsync(problem, cancellationToken);
        return fault is null ? null : new Finding { Verdict = fault.Verdict, Reason = fault.Reason, Evidence = fault.Evidence };
    }

    /// <summary>Runs a program for its output; nothing is judged.</summary>
    /// <param name="program">Python source.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="cpuSeconds">Processor time that it may take, at least 1; null for the usual limit.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public async Task<ProgramResult> RunProgramAsync(string program, string input, int? cpuSeconds, CancellationToken cancellationToken)
    {
        var sandbox = cpuSeconds is { } seconds ? _sandbox.WithCpuSeconds(seconds) : _sandbox;
        var payload = PyValue.TupleOf(PyValue.ListOf([PyValue.Of(program)]), PyValue.Of(Encoding.UTF8.GetBytes(input)));
        return ProgramResult.Of(await sandbox.RunSubmissionAsync(RunMode.StandardIo, PyCodec.Encode(payload), cancellationToken));
    }

    /// <summary>The program in a text of the problem's maker, as it stands.</summary>
    private async Task<ExtractedCode> ReadAsync(CodeTests tests, string text, CancellationToken cancellationToken) =>
        CodeExtraction.Plain(tests, text, []) ?? await _reader.ReadAsync(tests, text, CodeRepairs.None, [], cancellationToken);

    private async Task<CodeJudgement> JudgeAsync(Problem problem, ExtractedCode code, CancellationToken cancellationToken)
    {
        var judgement = await _judges.JudgeAsync(problem, code, cancellationToken);
        return judgement.Reason == "cpu-limit" && await _limits.RaisedAsync(problem, cancellationToken) is { } seconds
            ? await _limits.Within(seconds).JudgeAsync(problem, code, cancellationToken)
            : judgement;
    }

    /// <inheritdoc/>
    public bool SameAnswer(Problem problem, string answer, string other) =>
        string.Equals(answer.Trim(), other.Trim(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
}
