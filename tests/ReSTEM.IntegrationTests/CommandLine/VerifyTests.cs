using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary><c>restem verify</c> on programs.</summary>
public sealed class VerifyTests
{
    private const string Endless = "while True: pass";
    private const string Greedy = "x = bytearray(60 << 20)\nprint(2 * int(input()))";
    private const string Talkative = "print(2 * int(input()))\nprint(' ' * (2 << 20))";
    private const string Right = "print(2 * int(input()))";

    [SandboxFact]
    public void Limits_of_the_command_line_hold()
    {
        Assert.Equal("LimitExceeded cpu-limit all layers", Judge(Endless, "--cpu-seconds", "1"));
        Assert.Equal("Correct all-tests-passed all layers", Judge(Greedy, "--cpu-seconds", "120"));
        Assert.Equal("LimitExceeded memory-limit all layers", Judge(Greedy, "--memory-mib", "64"));
        Assert.Equal("LimitExceeded output-limit all layers", Judge(Talkative, "--output-mib", "1"));
    }

    [SandboxFact]
    public void Samples_of_named_problems_that_go_on_with_the_prompt_are_judged_without_repairs()
    {
        using var restem = new Restem();
        File.WriteAllText(restem.PathOf("problems.jsonl"), JsonSerializer.Serialize(new
        {
            task_id = "T/0",
            prompt = "def f(x):\n    \"\"\"Doubles.\"\"\"\n",
            entry_point = "f",
            test = "def check(candidate):\n    assert candidate(1) == 2\n",
        }) + "\n");
        string[] completions = ["    return 2 * x\n", "    return 2 * x\nIt doubles.", "return 2 * x", "So:\n```python\ndef f(x):\n    return 2 * x\n```\n"];
        File.WriteAllLines(
            restem.PathOf("samples.jsonl"), completions.Select(completion => JsonSerializer.Serialize(new { task_id = "T/0", completion })));
        string Verdicts(params string[] options)
        {
            var (exitCode, output, errors) = restem.Run(
                ["verify", "--input", restem.PathOf("samples.jsonl"), "--problems", restem.PathOf("problems.jsonl"), "--output", "-", .. options]);
            Assert.True(exitCode == 0, errors);
            return string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("verdict").GetString()));
        }

        Assert.Equal("Correct Incorrect Incorrect Correct", Verdicts());
        Assert.Equal("Correct Correct Incorrect Correct", Verdicts("--repair", "prose"));
        Assert.Equal("Correct Correct Correct Correct", Verdicts("--repair", "all"));
    }

    [SandboxFact]
    public void A_layer_given_up_is_written_on_the_verdict() =>
        Assert.Equal("Correct all-tests-passed without seccomp", Judge(Right, "--without-layer", "seccomp"));

    [Theory]
    [InlineData("--without-layer", "walls", "--without-layer is 'walls', expected namespaces, seccomp or limits.")]
    [InlineData("--cpu-seconds", "0", "--cpu-seconds is 0, expected 1 to 3600.")]
    [InlineData("--output-mib", "65", "--output-mib is 65, expected 1 to 64.")]
    [InlineData("--repair", "first", "--repair is 'first', expected end-mark, fence, first-line, indentation, prose, spaces, all or none.")]
    [InlineData("--memory-mib", "1", "--memory-mib is 1, expected 64 to 1048576.")]
    public void A_wrong_option_is_refused(string option, string value, string message)
    {
        using var restem = new Restem();
        File.WriteAllText(restem.PathOf("rows.jsonl"), "");
        var (exitCode, _, errors) = restem.Run("verify", "--input", restem.PathOf("rows.jsonl"), "--output", "-", option, value);
        Assert.Equal((2, "error: " + message), (exitCode, errors.Trim()));
    }

    private static readonly string[] MixedRows =
    [
        """{"id": "a", "task": "code", "problem": "Double it.", "tests": [{"input": "1\n", "output": "2\n"}], "completion": "print(2 * int(input()))"}""",
        """{"id": "b", "task": "code", "prompt": "p", "entry_point": "f", "test": "assert f(1) == 2", "plus_tests": ["assert f(2) == 3"], "completion": "x"}""",
        """{"id": "c", "task": "code", "problem": "p", "tests": []""",
        """{"id": "d", "task": "poem", "completion": "x"}""",
        """{"id": "e", "task": "math", "gold": "5", "completion": "\\boxed{5}"}""",
    ];

    [SandboxFact]
    public void Bad_rows_are_named_all_at_once_and_the_file_is_refused()
    {
        using var restem = new Restem();
        File.WriteAllLines(restem.PathOf("rows.jsonl"), MixedRows);
        var (exitCode, output, errors) = restem.Run("verify", "--input", restem.PathOf("rows.jsonl"), "--output", "-");
        Assert.Equal((1, ""), (exitCode, output.Trim()));
        string[] lines = errors.Trim().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("3 bad rows", lines[0], StringComparison.Ordinal);
        Assert.Contains("rows.jsonl:2: plus_tests is there and looks like tests", lines[1], StringComparison.Ordinal);
        Assert.Contains("rows.jsonl:3: not valid JSON", lines[2], StringComparison.Ordinal);
        Assert.Contains("rows.jsonl:4: task is 'poem'", lines[3], StringComparison.Ordinal);
    }

    [SandboxFact]
    public void Going_on_makes_bad_rows_unsupported_with_their_reason()
    {
        using var restem = new Restem();
        File.WriteAllLines(restem.PathOf("rows.jsonl"), MixedRows);
        var (exitCode, output, errors) = restem.Run("verify", "--input", restem.PathOf("rows.jsonl"), "--output", "-", "--keep-going");
        Assert.True(exitCode == 0, errors);
        var rows = output.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["a Correct all-tests-passed 1", "b Unsupported bad-row 0", " Unsupported bad-row 0", "d Unsupported bad-row 0", "e Correct 1"],
            rows.Select(row => $"{row.GetProperty("id")} {row.GetProperty("verdict")} {row.GetProperty("reason")} {row.GetProperty("reward")}")
                .Select(row => row.StartsWith('e') ? "e Correct 1" : row));
        Assert.Contains("plus_tests", rows[1].GetProperty("evidence").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string Judge(string program, params string[] options)
    {
        using var restem = new Restem();
        string row = JsonSerializer.Serialize(new
        {
            task = "code",
            problem = "Double it.",
            tests = new[] { new { input = "1\n", output = "2\n" }, new { input = "21\n", output = "42\n" } },
            completion = $"```python\n{program}\n```",
        });
        File.WriteAllText(restem.PathOf("rows.jsonl"), row + "\n");
        var (exitCode, output, errors) = restem.Run(["verify", "--input", restem.PathOf("rows.jsonl"), "--output", "-", .. options]);
        Assert.True(exitCode == 0, errors);
        using var json = JsonDocument.Parse(output);
        string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
        return $"{Text(json.RootElement, "verdict")} {Text(json.RootElement, "reason")} {Text(json.RootElement.GetProperty("evidence"), "sandbox")}";
    }
}
