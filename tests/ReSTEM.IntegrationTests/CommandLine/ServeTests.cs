using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>The program as a server, and callers of other languages.</summary>
public sealed class ServeTests
{
    private static readonly string Base = Path.Combine(Restem.Root, "configs", "quickstart", "base");

    private static readonly (string Task, string Gold, string Completion)[] Answers =
        [("math", "0.5", "so it is \\boxed{1/2}"), ("math", "4", "I think 3"), ("choice", "B", "The answer is (B)."), ("math", "7", "")];

    [Fact]
    public async Task Completions_are_those_of_the_sample_verb_with_the_same_seed()
    {
        using var restem = new Restem();
        File.WriteAllText(restem.PathOf("prompts.jsonl"), "{\"prompt\": \"(3 + 4) =\"}\n{\"prompt\": \"12 * 3 =\"}\n");
        var (exitCode, _, errors) = restem.Run(
            "sample", "--model", Base, "--input", "prompts.jsonl", "--output", "samples.jsonl", "--samples", "3", "--seed", "9", "--max-tokens", "24", "--temperature", "0.8");
        Assert.True(exitCode == 0, errors);
        using var served = await ServedProcess.StartAsync(restem, "--model", Base, "--seed", "1");
        JsonNode answer = await served.PostAsync("/v1/completions", """
            {"model": "base", "prompt": ["(3 + 4) =", "12 * 3 ="], "n": 3, "seed": 9, "max_tokens": 24, "temperature": 0.8, "return_token_ids": true}
            """);
        JsonNode[] samples = [.. File.ReadLines(restem.PathOf("samples.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(6, samples.Length);
        foreach (var (sample, choice) in samples.Zip(answer["choices"]!.AsArray()))
        {
            Assert.Equal(sample["ids"]!.ToJsonString(), choice!["token_ids"]!.ToJsonString());
            Assert.Equal(sample["prompt_ids"]!.ToJsonString(), choice["prompt_token_ids"]!.ToJsonString());
            Assert.Equal((string)sample["text"]!, (string)choice["text"]!);
            Assert.Equal((double)sample["logprob"]!, (double)choice["restem"]!["logprob"]!);
        }

        Assert.Equal(0, await served.TerminateAsync());
    }

    [Fact]
    public async Task Findings_are_those_of_the_verify_verb()
    {
        using var restem = new Restem();
        string rows = string.Concat(Answers.Select((row, number) => JsonSerializer.Serialize(
            new { id = number, task = row.Task, gold = row.Gold, completion = row.Completion, choices = new[] { "yes", "no" } }) + "\n")) + "{\"task\": \"math\"}\nnonsense\n";
        File.WriteAllText(restem.PathOf("rows.jsonl"), rows);
        var (exitCode, _, errors) = restem.Run("verify", "--input", "rows.jsonl", "--output", "verdicts.jsonl", "--keep-going");
        Assert.True(exitCode == 0, errors);
        using var served = await ServedProcess.StartAsync(restem);
        using HttpResponseMessage response = await served.Client.PostAsync("/v1/verify", new StringContent(rows, Encoding.UTF8, "application/jsonl"));
        string[] findings = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(File.ReadAllLines(restem.PathOf("verdicts.jsonl")).Select(WithoutPlace), findings.Select(WithoutPlace));
        Assert.Equal(HttpStatusCode.NotFound, (await served.Client.PostAsync("/v1/completions", new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);

        // The place of a bad row is the file's there, the body's here.
        static string WithoutPlace(string row) => row.Replace("rows.jsonl:", "", StringComparison.Ordinal).Replace("body:", "", StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task The_example_of_the_page_gives_rewards_to_a_Python_program()
    {
        string page = File.ReadAllText(Path.Combine(Restem.Root, "docs", "serving.md"));
        string example = Regex.Match(page, "```python\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.InRange(example.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 5, 10);
        using var restem = new Restem();
        File.WriteAllText(restem.PathOf("rewards.py"), example);
        using var served = await ServedProcess.StartAsync(restem);
        var start = new ProcessStartInfo(PythonFactAttribute.Python, [restem.PathOf("rewards.py")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RESTEM_URL"] = served.Client.BaseAddress!.ToString().TrimEnd('/');
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.True(python.ExitCode == 0, await errors);
        Assert.Equal("[1, 0]", output.Trim());
    }

    [SandboxFact]
    public async Task Programs_are_judged_and_run_in_the_sandbox()
    {
        using var restem = new Restem();
        using var served = await ServedProcess.StartAsync(restem, "--cpu-seconds", "2");
        string rows = """
            {"id": "right", "task": "code", "text": "Add two numbers.", "test_list": ["assert add(1, 2) == 3"], "completion": "def add(a, b):\n    return a + b\n"}
            {"id": "wrong", "task": "code", "text": "Add two numbers.", "test_list": ["assert add(1, 2) == 3"], "completion": "def add(a, b):\n    return a - b\n"}
            """;
        using HttpResponseMessage response = await served.Client.PostAsync("/v1/verify", new StringContent(rows, Encoding.UTF8, "application/jsonl"));
        string[] findings = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["Correct", "Incorrect"], findings.Select(finding => (string)JsonNode.Parse(finding)!["verdict"]!));

        JsonNode ran = await served.PostAsync("/run_code", """{"code": "print(int(input()) * 2)", "language": "python", "stdin": "21"}""");
        Assert.Equal(("Success", "Finished", "42\n", 0), ((string)ran["status"]!, (string)ran["run_result"]!["status"]!, (string)ran["run_result"]!["stdout"]!, (int)ran["run_result"]!["return_code"]!));
        ran = await served.PostAsync("/run_code", """{"code": "import sys; print('so'); sys.exit(3)", "language": "python"}""");
        Assert.Equal(("Failed", "Finished", "so\n", 3), ((string)ran["status"]!, (string)ran["run_result"]!["status"]!, (string)ran["run_result"]!["stdout"]!, (int)ran["run_result"]!["return_code"]!));
        ran = await served.PostAsync("/run_code", """{"code": "raise ValueError('no')", "language": "python"}""");
        Assert.Contains("ValueError: no", (string)ran["run_result"]!["stderr"]!, StringComparison.Ordinal);
        ran = await served.PostAsync("/run_code", """{"code": "while True: pass", "language": "python", "run_timeout": 1}""");
        Assert.Equal(("Failed", "TimeLimitExceeded"), ((string)ran["status"]!, (string)ran["run_result"]!["status"]!));
    }

    [Fact]
    public async Task A_key_is_taken_from_the_environment()
    {
        using var restem = new Restem();
        using var served = await ServedProcess.StartAsync(restem, [("RESTEM_TEST_KEY", "secret")], "--api-key-env", "RESTEM_TEST_KEY");
        Assert.Equal(HttpStatusCode.Unauthorized, (await served.Client.GetAsync("/v1/models")).StatusCode);
        served.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        Assert.Equal(HttpStatusCode.OK, (await served.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Theory]
    [InlineData("--model-name is given without --model, expected both.", "--model-name", "a")]
    [InlineData("--api-key-env is 'RESTEM_TEST_UNSET', expected the name of an environment variable that is set.", "--api-key-env", "RESTEM_TEST_UNSET")]
    [InlineData("--load-from is 'nowhere', expected a folder.", "--load-from", "nowhere")]
    [InlineData("--port is 70000, expected 0 to 65535.", "--port", "70000")]
    [InlineData("--most-waiting is 0, expected 1 to 1048576.", "--most-waiting", "0")]
    public void What_cannot_be_served_is_bad_usage(string message, params string[] arguments)
    {
        using var restem = new Restem();
        var (exitCode, _, errors) = restem.Run(["serve", .. arguments]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }
}

/// <summary>A test that needs python3; skipped with the reason where it is missing.</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = File.Exists(Python) ? null : $"needs {Python}";

    /// <summary>The system's own, without packages.</summary>
    internal static string Python => "/usr/bin/python3";
}
