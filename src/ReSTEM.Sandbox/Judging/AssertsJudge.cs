using System.Collections.Concurrent;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>
/// Judges by Python test code, which never shares a process with the submission. Three ways with the same verdict, fastest
/// first: a plan judged here; the test code run against results recorded for the questions it asked last time; the test code
/// and the submission run at the same time, each in its own process.
/// </summary>
internal sealed class AssertsJudge(CodeSandbox sandbox)
{
    private const int MaxCachedTests = 100_000;
    private readonly ConcurrentDictionary<CodeTests, Task<TestPlan?>> _plans = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<CodeTests, byte[][]> _questions = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many submissions were judged each way.</summary>
    public (int Planned, int Replayed, int Live) Counts => (_planned, _replayed, _live);

    private int _planned;
    private int _replayed;
    private int _live;

    public async Task<CodeJudgement> JudgeAsync(CodeTests tests, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        try
        {
            if (await PlanAsync(tests, cancellationToken) is { } plan
                && await JudgeByPlanAsync(plan, sources, cancellationToken) is { } planned)
            {
                Interlocked.Increment(ref _planned);
                return planned;
            }

            if (_questions.TryGetValue(tests, out var questions)
                && await ReplayAsync(tests, questions, sources, cancellationToken) is { } replayed)
            {
                Interlocked.Increment(ref _replayed);
                return replayed;
            }

            Interlocked.Increment(ref _live);
            return await JudgeLiveAsync(tests, sources, cancellationToken);
        }
        catch (InvalidDataException malformed)
        {
            return new CodeJudgement(Verdict.Incorrect, "malformed-result").With("message", malformed.Message);
        }
    }

    private async Task<TestPlan?> PlanAsync(CodeTests tests, CancellationToken cancellationToken)
    {
        if (_plans.TryGetValue(tests, out var known) && known is { IsCompletedSuccessfully: true })
        {
            return await known;
        }

        if (_plans.Count > MaxCachedTests)
        {
            _plans.Clear();
            _questions.Clear();
        }

        var plan = MakePlanAsync(tests, cancellationToken);
        _plans[tests] = plan;
        return await plan;
    }

    private async Task<TestPlan?> MakePlanAsync(CodeTests tests, CancellationToken cancellationToken)
    {
        var run = await sandbox.RunTestCodeAsync(RunMode.Plan, PyCodec.Encode(Parts(tests)), cancellationToken);
        return ChildFrames.ReadAll(run.Output) is [var message] && message.Span[0] == 'v'
            ? TestPlan.Read(PyCodec.Decode(message.Span[1..]))
            : null;
    }

    private async Task<CodeJudgement?> JudgeByPlanAsync(
        TestPlan plan, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        byte[] payload = Operations.Batch(sources, plan.Operations, goOn: false);
        var run = await sandbox.RunSubmissionAsync(RunMode.Operations, payload, cancellationToken);
        var results = ChildFrames.ReadAll(run.Output);
        int next = 0;
        for (int index = 0; index < plan.Operations.Count; index++)
        {
            int at = next < plan.Expectations.Count ? plan.Expectations[next].Assert : plan.Texts.Count - 1;
            string text = plan.Texts.GetValueOrDefault(at, "");
            if (index >= results.Count)
            {
                var ended = RunFailure.OfEnd(run) ?? new CodeJudgement(Verdict.Incorrect, "early-exit");
                return ended.AtTest(at, text).Measured(run);
            }

            if (results[index].Span[0] != 'v')
            {
                var failure = RunFailure.OfMessage(results[index].Span[1..]);
                bool missing = plan.Handles.Contains(index) && results[index].Span[0] == 'e';
                return (missing ? failure with { Reason = "missing-entry-point" } : failure).AtTest(at, text).Measured(run);
            }

            var got = PyCodec.Decode(results[index].Span[1..]);
            if (plan.Shown.Contains(index))
            {
                if (got is not { Kind: PyKind.Tuple, Items: [var result, { Kind: PyKind.Dict, Items: [] }, { Kind: PyKind.None }] })
                {
                    return null; // the test code can see what the call did
                }

                got = result;
            }

            if (plan.Handles.Contains(index) && got.Kind is not PyKind.Handle)
            {
                return null;
            }

            for (; next < plan.Expectations.Count && plan.Expectations[next].Operation == index; next++)
            {
                if (TestPlan.MustAsk(plan.Expectations[next], got))
                {
                    return null;
                }

                if (!TestPlan.Holds(plan.Expectations[next], got))
                {
                    string reason = got.Kind is PyKind.Handle ? "no-plain-value" : "wrong-output";
                    return new CodeJudgement(Verdict.Incorrect, reason).AtTest(plan.Expectations[next].Assert, text)
                        .Comparing(PyText.Of(plan.Expectations[next].Value), PyText.Of(got)).Measured(run);
                }
            }
        }

        var judgement = RunFailure.OfEnd(run)
            ?? (results.Count == plan.Operations.Count ? CodeJudgement.Passed : new CodeJudgement(Verdict.Incorrect, "malformed-result"));
        return (judgement with { AnswerKey = Operations.KeyOf(results, plan.Operations.Count) }).Measured(run);
    }

    private async Task<CodeJudgement?> ReplayAsync(
        CodeTests tests, byte[][] questions, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        byte[] payload = Operations.Batch(sources, questions, goOn: true);
        var run = await sandbox.RunSubmissionAsync(RunMode.Operations, payload, cancellationToken);
        var results = ChildFrames.ReadAll(run.Output);
        if (results.Count != questions.Length || RunFailure.OfEnd(run) is not null || !results.TrueForAll(Operations.IsWellFormed))
        {
            return null;
        }

        var transcript = questions.Zip(results, (question, result) => PyValue.TupleOf(PyValue.Of(question), PyValue.Of(result)));
        byte[] testCode = PyCodec.Encode(WithTranscript(tests, transcript, live: false));
        var testRun = await sandbox.RunTestCodeAsync(RunMode.TestCode, testCode, cancellationToken);
        return ChildFrames.ReadAll(testRun.Output) is [var message] && message.Span[0] is (byte)'p' or (byte)'f'
            ? Conclude(message.Span).Measured(run)
            : null;
    }

    private async Task<CodeJudgement> JudgeLiveAsync(CodeTests tests, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        byte[] submission = PyCodec.Encode(PyValue.TupleOf(PyValue.ListOf(sources.Select(PyValue.Of))));
        var run = await sandbox.RunTogetherAsync(submission, PyCodec.Encode(WithTranscript(tests, [], live: true)), cancellationToken);
        if (run.Transcript is [.., { Answer: var last }] && last.Span[0] == 'l')
        {
            return RunFailure.OfMessage(last.Span[1..]).AtTest(0, "").Measured(run.Submission);
        }

        byte[][] questions = [.. run.Transcript.Select(exchange => exchange.Question.ToArray())];
        _questions.AddOrUpdate(tests, questions, (_, known) => known.Length >= questions.Length ? known : questions);
        if (run.Conclusion is { } conclusion)
        {
            // Only answers that came before any limit was reached could lead to a conclusion.
            return Conclude(conclusion).Measured(run.Submission);
        }

        var failure = RunFailure.OfEnd(run.Submission)
            ?? RunFailure.OfEnd(run.TestCode)
            ?? new CodeJudgement(Verdict.Incorrect, "early-exit");
        return failure.Measured(run.Submission);
    }

    private static CodeJudgement Conclude(ReadOnlySpan<byte> message)
    {
        if (message[0] == 'p')
        {
            return CodeJudgement.Passed;
        }

        if (message[0] == 't')
        {
            var own = RunFailure.OfMessage(message[1..]);
            return (own.Reason == "missing-package" ? own : own with { Verdict = Verdict.Unsupported, Reason = "tests-failed" })
                .With("needed_by", "tests");
        }

        var parts = PyCodec.Decode(message[1..]).Items;
        var failure = parts[2].Text == "AssertionError"
            ? new CodeJudgement(Verdict.Incorrect, "wrong-output")
            : RunFailure.OfException(parts[2].Text, parts[3].Text);
        return failure.AtTest((int)parts[0].Integer, parts[1].Text);
    }

    private static PyValue WithTranscript(CodeTests tests, IEnumerable<PyValue> transcript, bool live) =>
        PyValue.TupleOf([.. Parts(tests).Items, PyValue.ListOf(transcript), PyValue.Of(live)]);

    private static PyValue Parts(CodeTests tests) => PyValue.TupleOf(
        PyValue.Of(tests.Setup), PyValue.ListOf(tests.Statements.Select(PyValue.Of)), PyValue.Of(tests.EntryPoint));
}
