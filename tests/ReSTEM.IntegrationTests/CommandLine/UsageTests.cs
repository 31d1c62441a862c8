using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>Bad command lines: one clear line each, exit code 2, and with <c>--json</c> an object.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly Restem _restem = new();

    private static string Model => Path.Combine(Restem.Root, "configs", "quickstart", "base");

    public void Dispose() => _restem.Dispose();

    [Theory]
    [InlineData("'smaple' is no verb; did you mean sample?", "smaple", "--model", "x")]
    [InlineData("'poetry' is no verb, expected one of run, sweep, eval,", "poetry")]
    [InlineData("init is 'poetry', expected one of math, choice, code.", "init", "poetry", "--model", "x")]
    [InlineData("init is 'classify', expected one of math, choice, code.", "init", "classify", "--model", "x")]
    [InlineData("'--sample' is no option; did you mean --samples?", "eval", "--sample", "4")]
    [InlineData("'--jsno' is no option; did you mean --json?", "run", "--jsno")]
    [InlineData("'two.yaml' is one argument too many", "run", "one.yaml", "two.yaml")]
    [InlineData("--seed is 'x', expected a whole number.", "sample", "--model", "x", "--input", "a", "--output", "b", "--seed", "x")]
    [InlineData("--temperature is 'warm', expected a number, for example 0.7.", "sample", "--model", "x", "--input", "a", "--output", "b", "--temperature", "warm")]
    [InlineData("Option '--model' is required.", "tokenize", "--input", "a", "--output", "b")]
    [InlineData("--output is empty, expected a file", "tokenize", "--model", "MODEL", "--input", "rows.jsonl", "--output", "")]
    [InlineData("--input is ., a folder, expected a file.", "verify", "--input", ".", "--output", "-")]
    [InlineData("--input is none.jsonl, which does not exist", "verify", "--input", "none.jsonl", "--output", "-")]
    [InlineData("none.jsonl does not exist", "verify", "--input", "rows.jsonl", "--output", "-", "--problems", "none.jsonl")]
    [InlineData("--model 'none' cannot be used: ", "sample", "--model", "none", "--input", "rows.jsonl", "--output", "-")]
    [InlineData("--model 'none' cannot be used: ", "eval", "--model", "none", "--problems", "problems.jsonl")]
    [InlineData("--model 'none' cannot be used: ", "logprob", "--model", "none", "--input", "rows.jsonl", "--output", "-")]
    [InlineData("--model 'none' cannot be used: ", "tokenize", "--model", "none", "--input", "rows.jsonl", "--output", "-")]
    [InlineData("--template holds {prompt} 0 times, expected once", "eval", "--model", "MODEL", "--problems", "problems.jsonl", "--template", "Solve it.")]
    [InlineData("--input is missing, expected a file of prompts, or problem files", "sample", "--model", "MODEL", "--output", "-")]
    [InlineData("--input is given beside --problems", "sample", "--model", "MODEL", "--output", "-", "--input", "rows.jsonl", "--problems", "problems.jsonl")]
    [InlineData("--chat has no effect with --input", "sample", "--model", "MODEL", "--output", "-", "--input", "rows.jsonl", "--chat")]
    [InlineData("--few-shot 'problems.jsonl' cannot be used: problems.jsonl: 0 of the first 4 problems have a solution", "eval", "--model", "MODEL", "--problems", "problems.jsonl", "--few-shot", "problems.jsonl")]
    [InlineData("--log-samples is 'rows.jsonl', expected a folder", "eval", "--model", "MODEL", "--problems", "problems.jsonl", "--log-samples", "rows.jsonl")]
    [InlineData("--report is -, expected a file", "eval", "--model", "MODEL", "--problems", "problems.jsonl", "--report", "-")]
    [InlineData("--output is '-', expected a new name", "export", "MODEL", "--format", "hf", "--output", "-")]
    public void Is_told_in_one_line(string message, params string[] arguments)
    {
        File.WriteAllText(_restem.PathOf("rows.jsonl"), "{\"prompt\": \"1\", \"ids\": [1]}\n");
        File.WriteAllText(_restem.PathOf("problems.jsonl"), "{\"id\": \"a\", \"task\": \"math\", \"prompt\": \"1 + 1 =\", \"answer\": \"2\"}\n");
        var (exitCode, output, errors) = _restem.Run([.. arguments.Select(argument => argument == "MODEL" ? Model : argument)]);
        Assert.Contains("error: " + message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Empty(Directory.GetFiles(_restem.Folder, ".restem*"));
    }

    [Fact]
    public void No_verb_shows_the_help()
    {
        var (exitCode, output, errors) = _restem.Run();
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("sample", errors, StringComparison.Ordinal);
        Assert.Equal(0, _restem.Run("--help").ExitCode);
    }

    [Theory]
    [InlineData(2, "does not exist; give the path of a YAML file", "run", "none.yaml", "--json")]
    [InlineData(2, "--samples is -1, expected 0 to", "eval", "--model", "x", "--problems", "y", "--samples", "-1", "--json")]
    [InlineData(2, "'--sample' is no option", "eval", "--sample", "4", "--json")]
    public void Faults_are_an_object_where_one_is_asked_for(int exit, string message, params string[] arguments)
    {
        var (exitCode, output, errors) = _restem.Run(arguments);
        Assert.Equal(exit, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("failed", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(exit, json.RootElement.GetProperty("exit").GetInt32());
        Assert.Contains(message, json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }
}
