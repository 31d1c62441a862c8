using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>
/// Judges functions by the results of a reference solution, which runs once per problem, in another process; the comparison is made
/// here. Test code that the problem has besides must pass as well.
/// </summary>
internal sealed class ReferenceJudge(CodeSandbox sandbox, AssertsJudge asserts)
{
    private readonly Once<ReferenceResults> _results = new();

    /// <summary>The expected results of a problem.</summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public Task<ReferenceResults> ResultsOfAsync(Problem problem, CancellationToken cancellationToken) => _results.GetAsync(
        ProblemKey.Of(problem), () => ReferenceResults.RunAsync(sandbox, problem.Tests!, cancellationToken));

    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public async Task<CodeJudgement> JudgeAsync(Problem problem, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var tests = problem.Tests!;
        var reference = await ResultsOfAsync(problem, cancellationToken);
        if (reference.Fault is { } fault)
        {
            return fault;
        }

        var results = new List<ReadOnlyMemory<byte>>();
        RunOutcome? slowest = null;
        foreach (var batch in reference.Batches)
        {
            var arguments = tests.Cases.Skip(batch.First).Take(batch.Count).Select(test => ArgumentJson.Parse(test.Input)).ToList();
            byte[] payload = Operations.Batch(sources, arguments.Select(Operations.Call).Prepend(Operations.Entry(tests.EntryPoint)), goOn: false);
            var run = await sandbox.RunSubmissionAsync(RunMode.Operations, payload, cancellationToken);
            slowest = slowest is null || run.Cpu > slowest.Cpu ? run : slowest;
            var given = ChildFrames.ReadAll(run.Output);
            if (Failure(tests, reference, batch, arguments, run, given) is { } failure)
            {
                return failure.Measured(run);
            }

            results.AddRange(given.Skip(1));
        }

        var passed = CodeJudgement.Passed;
        if (tests.Statements.Count > 0)
        {
            passed = await asserts.JudgeAsync(tests, sources, cancellationToken);
            if (passed.Verdict is not Verdict.Correct)
            {
                return passed;
            }
        }

        passed = passed with { AnswerKey = Operations.KeyOf(results, tests.Cases.Count) };
        return slowest is null ? passed : passed.Measured(slowest);
    }

    private static CodeJudgement? Failure(
        CodeTests tests, ReferenceResults reference, ReferenceResults.Batch batch, List<PyValue> arguments, RunOutcome run,
        List<ReadOnlyMemory<byte>> given)
    {
        try
        {
            if (given.Count > 0 && given[0].Span[0] != 'v')
            {
                var failure = RunFailure.OfMessage(given[0].Span[1..]);
                return given[0].Span[0] == 'e' ? failure with { Reason = "missing-entry-point" } : failure;
            }

            for (int i = 0; i < batch.Count; i++)
            {
                var failure = i + 1 < given.Count
                    ? Failure(tests.Reference!, arguments[i], reference.Expected[batch.First + i], given[i + 1])
                    : RunFailure.OfEnd(run) ?? new CodeJudgement(Verdict.Incorrect, "early-exit");
                if (failure is not null)
                {
                    return failure.AtTest(batch.First + i, PyText.Of(arguments[i]));
                }
            }
        }
        catch (InvalidDataException malformed)
        {
            return new CodeJudgement(Verdict.Incorrect, "malformed-result").With("message", malformed.Message);
        }

        return given.Count == batch.Count + 1
            ? RunFailure.OfEnd(run)
            : new CodeJudgement(Verdict.Incorrect, "malformed-result");
    }

    private static CodeJudgement? Failure(ReferenceSolution reference, PyValue arguments, byte[] expected, ReadOnlyMemory<byte> result)
    {
        if (result.Span[0] != 'v')
        {
            return RunFailure.OfMessage(result.Span[1..]);
        }

        var right = PyCodec.Decode(expected).Items;
        var got = PyCodec.Decode(result.Span[1..]);
        return ReferenceComparison.IsRight(reference, arguments, right, got)
            ? null
            : new CodeJudgement(Verdict.Incorrect, got.Kind is PyKind.Handle ? "no-plain-value" : "wrong-output")
                .Comparing(PyText.Of(right[0]), PyText.Of(got));
    }
}
