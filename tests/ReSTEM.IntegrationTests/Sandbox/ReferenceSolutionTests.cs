using ReSTEM.Core;

namespace ReSTEM.IntegrationTests;

public sealed class ReferenceSolutionTests(ReferenceFixture reference) : IClassFixture<ReferenceFixture>
{
    [SandboxDataFact]
    public async Task All_164_of_HumanEval_pass() => await AllPassAsync(CodeDataSets.HumanEval, 164);

    [SandboxDataFact]
    public async Task All_974_of_Mbpp_pass() => await AllPassAsync(CodeDataSets.Mbpp, 974);

    [SandboxDataFact]
    public async Task All_solutions_of_the_five_Apps_problems_pass()
    {
        foreach (var row in CodeDataSets.AppsRows)
        {
            var problem = Runs.AppsReader.Read(row);
            foreach (string solution in Runs.AppsReader.Solutions(row))
            {
                var finding = await reference.Sandbox.JudgeAsync(problem, solution);
                Assert.True(finding.Verdict is Verdict.Correct, $"{problem.Id}: {finding.Reason}\n{solution}");
            }
        }
    }

    private async Task AllPassAsync(IReadOnlyList<Problem> problems, int count)
    {
        Assert.Equal(count, problems.Count);
        var findings = await reference.Sandbox.JudgeAllAsync(problems, problem => problem.Solution);
        Assert.Equal([], problems.Zip(findings)
            .Where(pair => pair.Second.Verdict is not Verdict.Correct)
            .Select(pair => $"{pair.First.Id}: {pair.Second.Verdict} {pair.Second.Reason}"));
    }
}
