using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class CodeReaderTests
{
    [DataTheory]
    [InlineData("humaneval/HumanEval.jsonl.gz", 164, CodeTestForm.Asserts)]
    [InlineData("mbpp/mbpp.jsonl.gz", 974, CodeTestForm.Asserts)]
    [InlineData("leetcode/leetcode_train.jsonl.gz", 1638, CodeTestForm.Asserts)]
    [InlineData("codeforces/codeforces.jsonl.gz", 408, CodeTestForm.StandardIo)]
    [InlineData("code_contests/code_contests.jsonl.gz", 159, CodeTestForm.StandardIo)]
    public void Published_files_are_told_from_their_fields(string file, int count, CodeTestForm form)
    {
        var problems = ProblemFile.Read(SharedData.PathOf(file), new ProblemReadOptions());
        Assert.Equal(count, problems.Count);
        Assert.All(problems, problem => Assert.Equal((TaskKind.Code, form), (problem.Task, problem.Tests!.Form)));
        Assert.Equal(count, problems.Select(problem => problem.Id).Distinct().Count());
    }

    [DataFact]
    public void The_five_Apps_problems_have_their_forms()
    {
        var problems = ProblemFile.Read(SharedData.PathOf("apps/apps_train_5.jsonl"), new ProblemReadOptions());
        Assert.Equal(
            ["apps/train/1 StandardIo ", "apps/train/111 StandardIo ", "apps/train/2287 StandardIo ", "apps/train/2404 Calls findKthPositive", "apps/train/4184 Calls is_prime"],
            problems.Select(problem => $"{problem.Id} {problem.Tests!.Form} {problem.Tests.EntryPoint}"));
    }

    [Fact]
    public void Apps_tests_may_be_JSON_in_a_text()
    {
        const string Row = """{"problem_id": 7, "question": "q", "input_output": "{\"inputs\": [\"1\\n\"], \"outputs\": [\"2\\n\"]}"}""";
        var problem = CodeRowReader.Read(JsonDocument.Parse(Row).RootElement, "a.jsonl", 1);
        Assert.Equal(("1\n", "2\n"), (problem.Tests!.Cases[0].Input, problem.Tests.Cases[0].Accepted[0]));
    }

    [Theory]
    [InlineData("Your answer is considered correct if its absolute or relative error does not exceed $10^{-4}$.", 1e-4, false, false)]
    [InlineData("if the relative error is at most 1e-9 it is right", 1e-9, false, false)]
    [InlineData("You can print each letter in any case (upper or lower).", 0, true, false)]
    [InlineData("If there are multiple answers, print any of them.", 0, false, true)]
    [InlineData("Print the number of ways modulo 10^9 + 7.", 0, false, false)]
    public void Rules_of_comparison_are_read_from_the_statement(string statement, double tolerance, bool anyCase, bool several)
    {
        var rule = StatementRules.Of(statement);
        Assert.Equal((tolerance, anyCase, several), (rule.Tolerance, rule.IgnoreCase, rule.OtherOutputsMayBeRight));
    }

    [Fact]
    public void A_row_without_tests_is_named_with_its_place()
    {
        var fault = Assert.Throws<InvalidDataException>(
            () => CodeRowReader.Read(JsonDocument.Parse("""{"task": "code", "prompt": "p"}""").RootElement, "rows.jsonl", 3));
        Assert.StartsWith("rows.jsonl:3: the form of the tests is not told", fault.Message, StringComparison.Ordinal);
    }
}
