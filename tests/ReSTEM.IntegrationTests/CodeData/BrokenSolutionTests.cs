using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.IntegrationTests;

/// <summary>Reference solutions broken by rule; by construction of the rules none can be right on all tests.</summary>
public sealed partial class BrokenSolutionTests(VerifierFixture sandbox) : IClassFixture<VerifierFixture>
{
    // A constant that no test of the data sets expects of every call.
    private const string Constant = "\n{0} = lambda *a, **k: 'a constant that nothing expects'\n";
    private const string OffByOne = "\ndef __off(f):\n    def g(*a, **k):\n        r = f(*a, **k)\n        return not r if type(r) is bool else r + 1 if type(r) in (int, float, complex) else r + 'x' if type(r) is str else [r]\n    return g\n{0} = __off({0})\n";
    private const string Raises = "\ndef {0}(*a, **k):\n    raise ValueError('broken')\n";

    [SandboxDataFact]
    public async Task No_broken_HumanEval_solution_passes()
    {
        foreach (string rule in new[] { Constant, OffByOne, Raises })
        {
            await NonePassesAsync(CodeDataSets.HumanEval, problem => $"{problem.Tests!.Preamble}{problem.Solution}" + Apply(rule, problem.Tests!.EntryPoint));
        }
    }

    [SandboxDataFact]
    public async Task No_broken_Mbpp_solution_passes()
    {
        foreach (string rule in new[] { Constant, OffByOne, Raises })
        {
            await NonePassesAsync(CodeDataSets.Mbpp, problem => problem.Solution + Apply(rule, problem.Tests!.EntryPoint));
        }
    }

    [SandboxDataFact]
    public async Task No_broken_LeetCode_solution_passes()
    {
        var some = CodeDataSets.LeetCode.Where((_, index) => index % 4 == 0).ToList();
        await NonePassesAsync(some, problem => problem.Solution + Apply(OffByOne, "Solution." + problem.Metadata["entry_point"]));
    }

    [SandboxDataFact]
    public async Task Endless_loops_are_limits_and_not_wrong_answers()
    {
        var some = CodeDataSets.HumanEval.Take(4).Concat(CodeDataSets.Mbpp.Take(4)).ToList();
        var findings = await sandbox.JudgeAllAsync(some, problem => $"def {problem.Tests!.EntryPoint}(*a):\n    while True: pass\n");
        Assert.All(findings, finding => Assert.Equal((Verdict.LimitExceeded, "cpu-limit"), (finding.Verdict, finding.Reason)));
    }

    private async Task NonePassesAsync(IReadOnlyList<Problem> problems, Func<Problem, string> completion)
    {
        var findings = await sandbox.JudgeAllAsync(problems, completion);
        Assert.Equal([], problems.Zip(findings)
            .Where(pair => pair.Second.Verdict is not (Verdict.Incorrect or Verdict.LimitExceeded))
            .Select(pair => $"{pair.First.Id}: {pair.Second.Verdict} {pair.Second.Reason}"));
    }

    private static string Apply(string rule, string name) => Placeholder().Replace(rule, name);

    [GeneratedRegex(@"\{0\}")]
    private static partial Regex Placeholder();
}
