using ReSTEM.Core;

namespace ReSTEM.IntegrationTests;

/// <summary>Programs that people and models wrote and that judges got wrong, and neighbours of them written for this test, right and wrong.</summary>
public sealed class CodeCasesTests(ReferenceFixture reference) : IClassFixture<ReferenceFixture>
{
    private const int TwinsOfAClass = 10;

    /// <summary>Classes about the forms of rows; docs/program-forms.md has their rules, and their own tests are with the readers.</summary>
    private static readonly string[] OtherForms = ["LiveCodeBench form", "HumanEval form: other prompts"];

    /// <summary>Lines of the collected cases whose rows no reader knows yet.</summary>
    private static readonly int[] NotReadYet = [];

    private static string Twins => Path.Combine(
        CodeDataSets.RepositoryRoot(), "tests", "ReSTEM.IntegrationTests", "CodeData", "Cases", "program-twins.jsonl");

    private static string Collected => Path.Combine(CodeDataSets.Root, "cases", "code-open.jsonl");

    [SandboxDataFact]
    public async Task Every_collected_case_is_judged_as_it_deserves() => await JudgeAsync(Collected, NotReadYet);

    [SandboxFact]
    public async Task Every_twin_is_judged_as_it_deserves() => await JudgeAsync(Twins, []);

    [SandboxDataFact]
    public void Every_class_of_the_collected_cases_has_ten_twins_right_and_wrong()
    {
        var twins = ProgramCase.ReadAll(Twins, []).ToLookup(twin => twin.Fault);
        var poor = ProgramCase.ReadAll(Collected, NotReadYet).Select(row => row.Fault).Distinct().Except(OtherForms).Where(name =>
            twins[name].Count() < TwinsOfAClass || twins[name].All(twin => twin.Expected) || !twins[name].Any(twin => twin.Expected));
        Assert.Empty(poor);
    }

    private async Task JudgeAsync(string file, int[] without)
    {
        var cases = ProgramCase.ReadAll(file, without);
        var findings = await reference.Sandbox.Verifier.JudgeAllAsync([.. cases.Select(row => (row.Problem, row.Completion))]);
        Assert.Equal([], cases.Zip(findings)
            .Where(pair => (pair.Second.Verdict is Verdict.Correct) != pair.First.Expected || pair.Second.Verdict is Verdict.VerifierFailed)
            .Select(pair => $"{pair.First.Place} {pair.First.Fault}: {pair.Second.Verdict} {pair.Second.Reason} {string.Join(", ", pair.Second.Evidence)}"));
    }
}
