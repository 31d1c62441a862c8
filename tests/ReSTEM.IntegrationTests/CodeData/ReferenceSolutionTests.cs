using System.IO.Compression;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

public sealed class ReferenceSolutionTests(ReferenceFixture reference) : IClassFixture<ReferenceFixture>
{
    [SandboxDataFact]
    public async Task All_164_of_HumanEval_pass()
    {
        Assert.Equal(164, CodeDataSets.HumanEval.Count);
        await AllPassAsync(CodeDataSets.HumanEval);
    }

    [SandboxDataFact]
    public async Task Those_of_the_974_of_Mbpp_that_are_judged_pass()
    {
        Assert.Equal(974, CodeDataSets.Mbpp.Count);
        await AllPassAsync(CodeDataSets.Judged(CodeDataSets.Mbpp));
    }

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

    [SandboxDataFact]
    public async Task Those_of_the_1638_of_LeetCode_that_are_judged_pass_but_the_ten_that_need_packages()
    {
        Assert.Equal(1638, CodeDataSets.LeetCode.Count);
        var problems = CodeDataSets.Judged(CodeDataSets.LeetCode);
        var findings = await reference.Sandbox.JudgeAllAsync(problems, problem => problem.Solution);
        var expected = problems.Select(problem => CodeDataSets.PackagesNeeded.TryGetValue(problem.Id, out string? package)
            ? $"{problem.Id}: Unsupported missing-package ModuleNotFoundError No module named '{package}'"
            : $"{problem.Id}: Correct all-tests-passed");
        var found = problems.Zip(findings, (problem, finding) =>
            string.Join(' ', [$"{problem.Id}:", finding.Verdict, finding.Reason, .. Exception(finding)]));
        Assert.Equal([], found.Except(expected));
    }

    [SandboxPackagesFact]
    public async Task The_ten_of_LeetCode_pass_once_their_packages_are_named()
    {
        var options = ReferenceFixture.Options with { WorkerCount = 1, Packages = SandboxPackagesFactAttribute.Packages };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        foreach (var problem in CodeDataSets.LeetCode.Where(problem => CodeDataSets.PackagesNeeded.ContainsKey(problem.Id)))
        {
            var finding = await verifier.VerifyAsync(problem, problem.Solution, CancellationToken.None);
            Assert.True(finding.Verdict is Verdict.Correct, $"{problem.Id}: {finding.Reason} {string.Join(", ", finding.Evidence)}");
        }
    }

    [SandboxDataFact]
    public void Every_row_of_LeetCode_is_read_without_loss()
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(CodeDataSets.LeetCodePath), CompressionMode.Decompress));
        string[] fields = ["id", "entry_point", "problem", "solution", "test"];
        var rows = file.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => fields.Select(field => row.GetProperty(field).GetString()));
        var read = CodeDataSets.LeetCode.Select(problem => new[]
        {
            problem.Id, problem.Metadata["entry_point"], problem.Prompt, problem.Solution, Assert.Single(problem.Tests!.Statements),
        });
        Assert.Equal(rows, read);
    }

    private static IEnumerable<string> Exception(Finding finding) => new[] { "exception", "message" }
        .Select(key => finding.Evidence.GetValueOrDefault(key, "")).Where(text => text.Length > 0);

    private async Task AllPassAsync(IReadOnlyList<Problem> problems)
    {
        var findings = await reference.Sandbox.JudgeAllAsync(problems, problem => problem.Solution);
        Assert.Equal([], problems.Zip(findings)
            .Where(pair => pair.Second.Verdict is not Verdict.Correct)
            .Select(pair => $"{pair.First.Id}: {pair.Second.Verdict} {pair.Second.Reason}"));
    }
}
