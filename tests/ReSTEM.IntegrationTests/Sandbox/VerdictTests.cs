using ReSTEM.Core;

namespace ReSTEM.IntegrationTests;

public sealed class VerdictTests(VerifierFixture sandbox) : IClassFixture<VerifierFixture>
{
    [SandboxFact]
    public async Task Every_small_problem_gets_its_verdict_and_reason_twice()
    {
        // The second time the talking problem is judged by replay.
        foreach (var (problem, code, verdict, reason) in SmallProblems.Cases.Concat(SmallProblems.Cases))
        {
            var finding = await sandbox.JudgeAsync(problem, code);
            Assert.True((verdict, reason) == (finding.Verdict, finding.Reason), $"{code}\n{finding.Verdict} {finding.Reason}: {string.Join(", ", finding.Details)}");
        }

        Assert.True(sandbox.Verifier.AssertCounts is { Planned: >= 6, Replayed: >= 3, Live: >= 1 }, sandbox.Verifier.AssertCounts.ToString());
    }

    [SandboxFact]
    public async Task Evidence_names_the_failing_test_what_came_and_what_it_cost()
    {
        var finding = await sandbox.JudgeAsync(SmallProblems.Function, "def f(x):\n    return 42 if x == 21 else 2 * x if x > 0 else 'no'");
        Assert.Equal(("2", "[-7]", "-14", "'no'"), (finding.Evidence["failing_test"], finding.Evidence["test"], finding.Evidence["expected"], finding.Evidence["got"]));
        Assert.Equal("all layers", finding.Evidence["sandbox"]);
        Assert.True(double.Parse(finding.Measurements["cpu_ms"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.True(long.Parse(finding.Measurements["peak_memory_bytes"], System.Globalization.CultureInfo.InvariantCulture) > 1 << 20);
        var program = await sandbox.JudgeAsync(SmallProblems.Program, "import sys\nsys.stderr.write('x' * 5000 + 'the end')\nprint(int('no'))");
        Assert.Contains("ValueError", program.Measurements["stderr"], StringComparison.Ordinal);
        Assert.True(program.Measurements["stderr"].Length < 2100);
    }

    [SandboxFact]
    public void The_interpreter_says_its_version() => Assert.Matches(@"^3\.\d+\.\d+$", sandbox.Verifier.InterpreterVersion);

    [SandboxFact]
    public async Task Equal_outputs_have_equal_answer_keys()
    {
        var first = await sandbox.JudgeAsync(SmallProblems.Function, "def f(x):\n    return 2 * x");
        var second = await sandbox.JudgeAsync(SmallProblems.Function, "def f(x):\n    y = x\n    return y + x");
        var third = await sandbox.JudgeAsync(SmallProblems.Function, "def f(x):\n    return x * x");
        Assert.Equal(first.AnswerKey, second.AnswerKey);
        Assert.NotEqual(first.AnswerKey, third.AnswerKey);
    }

    [SandboxFact]
    public async Task Several_accepted_outputs_special_judges_and_checkers()
    {
        var either = SmallProblems.Of(new CodeTests { Form = CodeTestForm.StandardIo, Cases = [new("", ["1 2", "2 1"])] });
        Assert.Equal(Verdict.Correct, (await sandbox.JudgeAsync(either, "print(2, 1)")).Verdict);
        var unknown = SmallProblems.Of(either.Tests! with { Output = new OutputRule { OtherOutputsMayBeRight = true } });
        Assert.Equal((Verdict.Unsupported, "needs-special-judge"), Of(await sandbox.JudgeAsync(unknown, "print(3, 0)")));
        var judged = SmallProblems.Of(either.Tests! with { Checker = "def check(input, expected, output):\n    return sum(map(int, output.split())) == 3\n" });
        Assert.Equal(Verdict.Correct, (await sandbox.JudgeAsync(judged, "print(3, 0)")).Verdict);
        Assert.Equal((Verdict.Incorrect, "wrong-output"), Of(await sandbox.JudgeAsync(judged, "print(3, 1)")));
        Assert.Equal((Verdict.Incorrect, "wrong-output"), Of(await sandbox.JudgeAsync(judged, "print('x')")));
    }

    [SandboxFact]
    public async Task Apps_outputs_may_stand_in_one_more_list_and_tuples_are_lists()
    {
        var wrapped = SmallProblems.Of(new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = "f",
            Cases = [new("[2]", ["[[1, 2]]"])],
            Output = new OutputRule { OneMoreList = true },
        });
        Assert.Equal(Verdict.Correct, (await sandbox.JudgeAsync(wrapped, "def f(n):\n    return (1, 2)")).Verdict);
        Assert.Equal(Verdict.Correct, (await sandbox.JudgeAsync(wrapped, "def f(n):\n    return [[1, 2]]")).Verdict);
        Assert.Equal(Verdict.Incorrect, (await sandbox.JudgeAsync(wrapped, "def f(n):\n    return [2, 1]")).Verdict);
    }

    [SandboxFact]
    public async Task Hash_seed_random_state_and_addresses_are_the_same_in_every_run()
    {
        const string Code = "import random\ndef f(x):\n    return [hash('restem'), random.random(), list({None, 'a', int, f})[0] is None, id(None), hash(None)]";
        var keys = new HashSet<string?>();
        for (int i = 0; i < 8; i++)
        {
            keys.Add((await sandbox.JudgeAsync(SmallProblems.Function, Code)).AnswerKey);
        }

        Assert.Single(keys);
    }

    [SandboxFact]
    public async Task Arguments_changed_in_place_are_seen_by_the_tests()
    {
        var sorting = SmallProblems.Of(new CodeTests
        {
            Form = CodeTestForm.Asserts,
            EntryPoint = "f",
            Statements = ["items = [3, 1, 2]\nf(items)\nassert items == [1, 2, 3]"],
        });
        Assert.Equal(Verdict.Correct, (await sandbox.JudgeAsync(sorting, "def f(items):\n    items.sort()")).Verdict);
        Assert.Equal(Verdict.Incorrect, (await sandbox.JudgeAsync(sorting, "def f(items):\n    return sorted(items)")).Verdict);
    }

    private static (Verdict Verdict, string Reason) Of(Finding finding) => (finding.Verdict, finding.Reason);
}
