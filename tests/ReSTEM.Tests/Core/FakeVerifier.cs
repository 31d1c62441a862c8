using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Takes what follows <c>####</c> as the answer; fails on the calls it is told to.</summary>
internal sealed class FakeVerifier(Func<Problem, bool> fails) : IVerifier
{
    private int _calls;

    internal FakeVerifier()
        : this(_ => false)
    {
    }

    internal int Calls => _calls;

    internal string Version { get; init; } = "fake 1";

    public string VersionOf(TaskKind task) => Version;

    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (fails(problem))
        {
            return ValueTask.FromResult(new Finding { Verdict = Verdict.VerifierFailed, Reason = "worker-lost" });
        }

        string[] parts = completion.Split("#### ");
        if (parts.Length < 2)
        {
            return ValueTask.FromResult(new Finding { Verdict = Verdict.Unparsable, Reason = "no-answer" });
        }

        bool right = parts[1] == problem.Reference;
        return ValueTask.FromResult(new Finding
        {
            Verdict = right ? Verdict.Correct : Verdict.Incorrect,
            Reason = right ? "equal" : "different",
            Answer = parts[1],
            AnswerKey = parts[1],
            Evidence = new Dictionary<string, string> { ["length"] = completion.Length.ToString(CultureInfo.InvariantCulture) },
        });
    }

    public bool SameAnswer(Problem problem, string answer, string other) => answer == other;
}
