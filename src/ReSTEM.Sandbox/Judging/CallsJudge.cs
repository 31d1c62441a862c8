using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Judges functions by their results: all calls in one process, the comparison here.</summary>
internal sealed class CallsJudge(CodeSandbox sandbox)
{
    public async Task<CodeJudgement> JudgeAsync(CodeTests tests, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        // What is called comes first, so that the functions have the first handles.
        List<string> functions = [.. tests.Cases.Select(test => FunctionOf(tests, test)).Distinct()];
        var operations = functions.Select(Operations.Entry).Concat(tests.Cases.Select(test => Operations.Call(
            functions.IndexOf(FunctionOf(tests, test)), ArgumentJson.Parse(test.Input), ArgumentJson.Parse(test.Named.Length > 0 ? test.Named : "{}"))));
        byte[] payload = Operations.Batch(sources, operations, goOn: true);
        var run = await sandbox.RunSubmissionAsync(RunMode.Operations, payload, cancellationToken);
        var results = ChildFrames.ReadAll(run.Output);
        string? key = Operations.KeyOf(results, tests.Cases.Count + functions.Count);
        try
        {
            var judgement = await JudgeResultsAsync(tests, functions.Count, run, results, cancellationToken);
            return (judgement with { AnswerKey = key }).Measured(run);
        }
        catch (InvalidDataException malformed)
        {
            return new CodeJudgement(Verdict.Incorrect, "malformed-result").With("message", malformed.Message).Measured(run);
        }
    }

    private async Task<CodeJudgement> JudgeResultsAsync(
        CodeTests tests, int functions, RunOutcome run, List<ReadOnlyMemory<byte>> results, CancellationToken cancellationToken)
    {
        if (results.Take(functions).Cast<ReadOnlyMemory<byte>?>().FirstOrDefault(result => result!.Value.Span[0] != 'v') is { } missing)
        {
            var failure = RunFailure.OfMessage(missing.Span[1..]);
            return missing.Span[0] == 'e' ? failure with { Reason = "missing-entry-point" } : failure;
        }

        for (int index = 0; index < tests.Cases.Count; index++)
        {
            var test = tests.Cases[index];
            var failure = index + functions < results.Count
                ? await JudgeResultAsync(tests, test, results[index + functions], cancellationToken)
                : RunFailure.OfEnd(run) ?? new CodeJudgement(Verdict.Incorrect, "early-exit");
            if (failure is not null)
            {
                return failure.AtTest(index, test.Input);
            }
        }

        return results.Count == tests.Cases.Count + functions
            ? RunFailure.OfEnd(run) ?? CodeJudgement.Passed
            : new CodeJudgement(Verdict.Incorrect, "malformed-result");
    }

    private async Task<CodeJudgement?> JudgeResultAsync(
        CodeTests tests, CodeCase test, ReadOnlyMemory<byte> result, CancellationToken cancellationToken)
    {
        if (result.Span[0] != 'v')
        {
            return RunFailure.OfMessage(result.Span[1..]);
        }

        var got = PyCodec.Decode(result.Span[1..]);
        if (tests.Checker.Length > 0)
        {
            return await SpecialJudge.AcceptsAsync(
                sandbox, tests.Checker, ArgumentJson.Parse(test.Input), ArgumentJson.Parse(test.Accepted[0]), got, cancellationToken)
                ? null
                : new CodeJudgement(Verdict.Incorrect, got.Kind is PyKind.Handle ? "no-plain-value" : "wrong-output")
                .Comparing(test.Accepted[0], PyText.Of(got));
        }

        var comparison = new ValueComparison(tests.Output);
        if (test.Accepted.Any(accepted => comparison.Accepts(ArgumentJson.Parse(accepted), got)))
        {
            return null;
        }

        var differs = tests.Output.OtherOutputsMayBeRight && got.Kind is not PyKind.Handle
            ? new CodeJudgement(Verdict.Unsupported, "needs-special-judge")
            : new CodeJudgement(Verdict.Incorrect, got.Kind is PyKind.Handle ? "no-plain-value" : "wrong-output");
        return differs.Comparing(test.Accepted[0], PyText.Of(got));
    }

    private static string FunctionOf(CodeTests tests, CodeCase test) => test.Function.Length > 0 ? test.Function : tests.EntryPoint;
}
