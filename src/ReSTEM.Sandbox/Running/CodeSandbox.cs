using System.Runtime.CompilerServices;

namespace ReSTEM.Sandbox;

/// <summary>Two pools of workers: one runs submissions, the other the data sets' test code; never one the other's.</summary>
internal sealed class CodeSandbox : IAsyncDisposable
{
    private readonly SandboxPool _submissions;
    private readonly SandboxPool _testCode;
    private readonly StrongBox<int> _repeatedAlone;

    public CodeSandbox(SandboxOptions options)
        : this(options.Limits, new SandboxPool(options), new SandboxPool(options), new StrongBox<int>(0))
    {
        LayersText = options.GivenUp is SandboxLayers.None
            ? "all layers"
            : $"without {options.GivenUp.ToString().ToLowerInvariant()}";
    }

    private CodeSandbox(SandboxLimits limits, SandboxPool submissions, SandboxPool testCode, StrongBox<int> repeatedAlone)
    {
        Limits = limits;
        _submissions = submissions;
        _testCode = testCode;
        _repeatedAlone = repeatedAlone;
    }

    /// <summary>The limits of a run.</summary>
    public SandboxLimits Limits { get; }

    /// <summary>What verdicts say about the walls that they were found behind.</summary>
    public string LayersText { get; private init; } = "";

    /// <summary>Runs that went over the wall-clock limit with CPU time left, and so were repeated alone.</summary>
    public int RepeatedAlone => _repeatedAlone.Value;

    /// <summary>The same workers with another limit of CPU time; no other limit may differ. Not to be disposed of by itself.</summary>
    public CodeSandbox WithCpuSeconds(int seconds) =>
        new(Limits with { CpuSeconds = seconds }, _submissions, _testCode, _repeatedAlone) { LayersText = LayersText };

    /// <summary>Process ids of all workers that are alive now.</summary>
    public IReadOnlyCollection<int> ProcessIds => [.. SubmissionProcessIds, .. TestCodeProcessIds];

    /// <summary>Of those that run submissions.</summary>
    public IReadOnlyCollection<int> SubmissionProcessIds => _submissions.ProcessIds;

    /// <summary>Of those that run test code.</summary>
    public IReadOnlyCollection<int> TestCodeProcessIds => _testCode.ProcessIds;

    /// <summary>Runs one submission.</summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public Task<RunOutcome> RunSubmissionAsync(RunMode mode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        WithPatienceAsync(
            (limits, alone) => _submissions.UseAsync(
                (worker, token) => worker.Run(new RunRequest(mode, payload, limits), token).Genuine(),
                alone, cancellationToken),
            outcome => outcome);

    /// <summary>Runs trusted test code.</summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public Task<RunOutcome> RunTestCodeAsync(RunMode mode, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        WithPatienceAsync(
            (limits, alone) => _testCode.UseAsync(
                (worker, token) => worker.Run(new RunRequest(mode, payload, limits), token).Genuine(),
                alone, cancellationToken),
            outcome => outcome);

    /// <summary>
    /// Runs test code in one process against a submission in another: the questions of the first are answered by the second.
    /// </summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public Task<JointRun> RunTogetherAsync(
        ReadOnlyMemory<byte> submission, ReadOnlyMemory<byte> testCode, CancellationToken cancellationToken) =>
        WithPatienceAsync(
            (limits, alone) => _submissions.UseAsync(
                (worker, token) => _testCode.UseWithin(
                    (tester, _) => Converse(worker, submission, tester, testCode, limits, token), alone, token),
                alone, cancellationToken),
            run => run.Submission.End is RunEnd.WallLimit ? run.Submission : run.TestCode);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _submissions.DisposeAsync();
        await _testCode.DisposeAsync();
    }

    private static JointRun Converse(
        SandboxWorker worker, ReadOnlyMemory<byte> submission, SandboxWorker tester, ReadOnlyMemory<byte> testCode,
        SandboxLimits limits, CancellationToken cancellationToken)
    {
        var transcript = new List<(ReadOnlyMemory<byte> Question, ReadOnlyMemory<byte> Answer)>();
        // The test code waits while the submission works, so its wall-clock limit is the looser one.
        var testLimits = limits with { Wall = limits.Wall * 2 };
        worker.Begin(new RunRequest(RunMode.Conversation, submission, limits), cancellationToken);
        tester.Begin(new RunRequest(RunMode.TestCode, testCode, testLimits), cancellationToken);
        ReadOnlyMemory<byte>? conclusion = null;
        while (tester.Receive() is { } message)
        {
            if (message.Span[0] != 'o')
            {
                conclusion = message;
                break;
            }

            var question = message[1..].ToArray();
            worker.Send(question);
            if (worker.Receive() is not { } answer)
            {
                break;
            }

            var copy = answer.ToArray();
            transcript.Add((question, copy));
            if (copy[0] == 'l' || !Operations.IsWellFormed(copy))
            {
                break;
            }

            tester.Send(copy);
        }

        var testOutcome = tester.End(stop: true).Genuine();
        var runOutcome = worker.End(stop: true).Genuine();
        return new JointRun(runOutcome, testOutcome, conclusion?.ToArray(), transcript);
    }

    private async Task<T> WithPatienceAsync<T>(Func<SandboxLimits, bool, Task<T>> run, Func<T, RunOutcome> decisive)
    {
        var result = await run(Limits, false);
        if (decisive(result).End is not RunEnd.WallLimit)
        {
            return result;
        }

        Interlocked.Increment(ref _repeatedAlone.Value);
        return await run(Limits with { Wall = Limits.Wall * 2 }, true);
    }
}
