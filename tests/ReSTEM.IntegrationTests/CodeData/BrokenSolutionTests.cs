using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

public sealed class BrokenSolutionTests(VerifierFixture sandbox) : IClassFixture<VerifierFixture>
{
    // Endless loops cost their whole CPU limit each: so some of every data set, from all over it.
    private const int HumanEvalStride = 41;
    private const int MbppStride = 244;
    private const int LeetCodeStride = 410;

    // Each solution of the large sets is broken by one of the rules in turn.
    private static readonly Breaking[] InTurn = [Breaking.Constant, Breaking.OffByOne, Breaking.Raises];

    // What a solution must not fail by: then it was not broken in the way that the rule says.
    private static readonly string[] OtherFaults = ["NameError", "AttributeError", "ImportError", "ModuleNotFoundError", "SyntaxError", "IndentationError"];

    public static TheoryData<Breaking> Rules => [.. InTurn];

    [SandboxDataTheory]
    [MemberData(nameof(Rules))]
    public async Task No_broken_HumanEval_solution_passes(Breaking rule) => await NonePassesAsync(OfTurn(CodeDataSets.HumanEval, rule), rule);

    [SandboxDataTheory]
    [MemberData(nameof(Rules))]
    public async Task No_broken_Mbpp_solution_passes(Breaking rule) => await NonePassesAsync(CodeDataSets.Judged(OfTurn(CodeDataSets.Mbpp, rule)), rule);

    [SandboxDataTheory]
    [MemberData(nameof(Rules))]
    public async Task No_broken_LeetCode_solution_passes(Breaking rule) => await NonePassesAsync(CodeDataSets.Judged(OfTurn(CodeDataSets.LeetCode, rule)), rule);

    [SandboxDataTheory]
    [MemberData(nameof(Rules))]
    public async Task No_broken_solution_of_the_five_Apps_problems_passes(Breaking rule)
    {
        foreach (var row in CodeDataSets.AppsRows)
        {
            var problem = Runs.AppsReader.Read(row);
            var solutions = Runs.AppsReader.Solutions(row);
            var submissions = solutions.Select(solution => (problem, BrokenSolutions.Of(problem, solution, rule))).ToList();
            await NonePassesAsync(submissions, rule);
        }
    }

    [SandboxDataFact]
    public async Task Endless_loops_are_limits_and_not_wrong_answers()
    {
        var options = VerifierFixture.Options with { Limits = TestLimits.Endless };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        var some = Every(CodeDataSets.HumanEval, HumanEvalStride).Concat(Every(CodeDataSets.Mbpp, MbppStride))
            .Concat(Every(CodeDataSets.LeetCode, LeetCodeStride)).Concat(CodeDataSets.Apps).ToList();
        var findings = await verifier.JudgeAllAsync([.. some.Select(problem => (problem, BrokenSolutions.Of(problem, Breaking.Loops)))]);
        Assert.Equal(
            some.Select(problem => $"{problem.Id} LimitExceeded cpu-limit"),
            some.Zip(findings, (problem, finding) => $"{problem.Id} {finding.Verdict} {finding.Reason}"));
    }

    private static IReadOnlyList<Problem> OfTurn(IReadOnlyList<Problem> problems, Breaking rule) =>
        [.. problems.Where((_, index) => InTurn[index % InTurn.Length] == rule)];

    private static IEnumerable<Problem> Every(IReadOnlyList<Problem> problems, int stride) => problems.Where((_, index) => index % stride == 0);

    private async Task NonePassesAsync(IReadOnlyList<Problem> problems, Breaking rule) =>
        await NonePassesAsync([.. problems.Select(problem => (problem, BrokenSolutions.Of(problem, rule)))], rule);

    private async Task NonePassesAsync(IReadOnlyList<(Problem Problem, string Code)> submissions, Breaking rule)
    {
        var findings = await sandbox.Verifier.JudgeAllAsync(submissions);
        Assert.Equal([], submissions.Zip(findings)
            .Where(pair => !IsBroken(pair.First.Problem, pair.Second, rule))
            .Select(pair => $"{pair.First.Problem.Id}: {pair.Second.Verdict} {pair.Second.Reason} {string.Join(", ", pair.Second.Evidence)}"));
    }

    private static bool IsBroken(Problem problem, Finding finding, Breaking rule)
    {
        string exception = finding.Evidence.GetValueOrDefault("exception", "");
        if (CodeDataSets.PackagesNeeded.ContainsKey(problem.Id))
        {
            return (finding.Verdict, exception) == (Verdict.Unsupported, "ModuleNotFoundError");
        }

        if (rule is Breaking.Raises)
        {
            return (finding.Verdict, finding.Reason, exception) == (Verdict.Incorrect, "exception", "ValueError");
        }

        // Where a problem has answers that nobody listed, the verifier must not call an unlisted one wrong, let alone right.
        return problem.Tests!.Output.OtherOutputsMayBeRight
            ? (finding.Verdict, finding.Reason) == (Verdict.Unsupported, "needs-special-judge")
            : finding.Verdict is Verdict.Incorrect && finding.Reason is "wrong-output" or "exception" && !OtherFaults.Contains(exception);
    }
}
