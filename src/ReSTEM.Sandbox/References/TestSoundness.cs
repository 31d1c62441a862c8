using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>
/// Whether the tests of a problem test anything: submissions that do nothing, raise at once, or give an object that is no answer to
/// anything must fail them; and, where the data set's test code may ask for more than there is here, its own solution must pass.
/// Found out once per problem, by content, the first time that a verdict depends on it.
/// </summary>
/// <param name="judge">Judges a completion without asking here.</param>
internal sealed class TestSoundness(Func<Problem, string, CancellationToken, Task<CodeJudgement>> judge)
{
    private readonly Once<CodeJudgement?> _acceptance = new();
    private readonly Once<CodeJudgement?> _solution = new();

    /// <summary>What takes the place of a judgement that means nothing; null when it stands.</summary>
    public async Task<CodeJudgement?> FaultAsync(Problem problem, CodeJudgement judgement, CancellationToken cancellationToken) =>
        judgement.Verdict switch
        {
            Verdict.Correct => await AcceptanceFaultAsync(problem, cancellationToken),
            Verdict.Incorrect or Verdict.LimitExceeded => await SolutionFaultAsync(problem, cancellationToken),
            _ => null,
        };

    /// <summary>What is wrong with the tests of a problem, whatever is submitted; null when nothing is.</summary>
    public async Task<CodeJudgement?> FaultAsync(Problem problem, CancellationToken cancellationToken) =>
        await AcceptanceFaultAsync(problem, cancellationToken) ?? await SolutionFaultAsync(problem, cancellationToken);

    private async Task<CodeJudgement?> AcceptanceFaultAsync(Problem problem, CancellationToken cancellationToken) =>
        await _acceptance.GetAsync(ProblemKey.Of(problem), async () =>
        {
            foreach (var (kind, source) in ProbeSubmissions.For(problem))
            {
                // In a fence it is a whole program, also where a completion could go on in the middle of a prompt.
                var found = await judge(problem, $"```python\n{source}\n```", cancellationToken);
                if (found.Verdict is Verdict.Correct)
                {
                    return new CodeJudgement(Verdict.Unsupported, "tests-accept-anything").With("accepted", kind);
                }
            }

            return null;
        });

    private async Task<CodeJudgement?> SolutionFaultAsync(Problem problem, CancellationToken cancellationToken) =>
        !problem.Tests!.SolutionMustPass || problem.Solution.Length == 0
            ? null
            : await _solution.GetAsync(ProblemKey.Of(problem), async () =>
            {
                var found = await judge(problem, problem.Solution, cancellationToken);
                return found.Verdict is Verdict.Correct
                    ? null
                    : new CodeJudgement(Verdict.Unsupported, "solution-fails-tests") { Evidence = found.Evidence }.With("solution", found.Reason);
            });
}
