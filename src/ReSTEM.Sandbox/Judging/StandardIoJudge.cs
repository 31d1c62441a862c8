using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Judges whole programs: one process per case, standard output compared here or by the data set's special judge.</summary>
internal sealed class StandardIoJudge(CodeSandbox sandbox)
{
    public async Task<CodeJudgement> JudgeAsync(CodeTests tests, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var program = PyValue.ListOf(sources.Select(PyValue.Of));
        using var outputs = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        RunOutcome? slowest = null;
        for (int index = 0; index < tests.Cases.Count; index++)
        {
            var test = tests.Cases[index];
            var input = PyValue.Of(Encoding.UTF8.GetBytes(test.Input));
            byte[] payload = PyCodec.Encode(PyValue.TupleOf(program, input));
            var run = await sandbox.RunSubmissionAsync(RunMode.StandardIo, payload, cancellationToken);
            slowest = slowest is null || run.UserTime > slowest.UserTime ? run : slowest;
            var failure = RunFailure.OfEnd(run) ?? (run.ExitStatus == 0 ? null : RunFailure.OfProgram(run));
            failure ??= await CompareAsync(tests, test, Encoding.UTF8.GetString(run.Output.Span), cancellationToken);
            if (failure is not null)
            {
                return failure.AtTest(index, test.Input).Measured(run);
            }

            outputs.AppendData(run.Output.Span);
            outputs.AppendData([0]);
        }

        var passed = CodeJudgement.Passed with { AnswerKey = Convert.ToHexString(outputs.GetHashAndReset()) };
        return slowest is null ? passed : passed.Measured(slowest);
    }

    private async Task<CodeJudgement?> CompareAsync(
        CodeTests tests, CodeCase test, string output, CancellationToken cancellationToken)
    {
        if (tests.Checker.Length > 0)
        {
            return await SpecialJudge.AcceptsAsync(
                sandbox, tests.Checker, PyValue.Of(test.Input), PyValue.Of(test.Accepted[0]), PyValue.Of(output), cancellationToken)
                ? null
                : new CodeJudgement(Verdict.Incorrect, "wrong-output").Comparing(test.Accepted[0], output);
        }

        if (test.Accepted.Any(accepted => OutputComparison.Matches(output, accepted, tests.Output)))
        {
            return null;
        }

        bool mayBeRight = tests.Output.OtherOutputsMayBeRight
            || (tests.Output.AnyOrder && OutputComparison.HaveSameWords(output, test.Accepted[0], tests.Output));
        var differs = mayBeRight
            ? new CodeJudgement(Verdict.Unsupported, "needs-special-judge")
            : new CodeJudgement(Verdict.Incorrect, "wrong-output");
        return differs.Comparing(test.Accepted[0], output);
    }
}
