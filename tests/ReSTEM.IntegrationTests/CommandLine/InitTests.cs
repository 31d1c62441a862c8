using System.Globalization;

namespace ReSTEM.IntegrationTests;

/// <summary>A first configuration of own files, from init to check.</summary>
public sealed class InitTests : IDisposable
{
    private static readonly string Base = Path.Combine(Restem.Root, "configs", "quickstart", "base");

    private readonly Restem _restem = new();

    public InitTests() => Rows("sums.csv", "exercise,result", 0, 60);

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void What_init_writes_passes_check()
    {
        var (exitCode, output, errors) = _restem.Run("init", "math", "--model", Base, "--train", "sums.csv", "--field", "prompt=exercise", "--field", "answer=result", "--output", "sums.yaml");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("sums.yaml: 60 problems to train on", output, StringComparison.Ordinal);
        string text = File.ReadAllText(_restem.PathOf("sums.yaml"));
        Assert.Contains("fields: {prompt: \"exercise\", answer: \"result\"}", text, StringComparison.Ordinal);
        Assert.Contains("# yaml-language-server: $schema=", text, StringComparison.Ordinal);
        (exitCode, output, errors) = _restem.Run("check", "sums.yaml");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("train 48, validation 6, test 6", output.Replace("validation 6, test 6", "validation 6, test 6", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("all checks passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_overwritten_without_force()
    {
        File.WriteAllText(_restem.PathOf("restem.yaml"), "mine");
        string[] arguments = ["init", "--model", Base, "--train", "sums.csv", "--field", "prompt=exercise", "--field", "answer=result"];
        var (exitCode, _, errors) = _restem.Run(arguments);
        Assert.Equal((2, "mine"), (exitCode, File.ReadAllText(_restem.PathOf("restem.yaml"))));
        Assert.Contains("restem.yaml is there already, expected a new file; --force overwrites it", errors, StringComparison.Ordinal);
        Assert.Equal(0, _restem.Run([.. arguments, "--force"]).ExitCode);
        Assert.NotEqual("mine", File.ReadAllText(_restem.PathOf("restem.yaml")));
    }

    [Theory]
    [InlineData("--model is missing", "init", "--train", "sums.csv")]
    [InlineData("--train is missing", "init", "--model", "BASE")]
    [InlineData("a field with the problem is not told by the fields exercise, result; say it, for example --field prompt=NAME", "init", "--model", "BASE", "--train", "sums.csv")]
    [InlineData("--train none.csv: none.csv does not exist", "init", "--model", "BASE", "--train", "none.csv")]
    [InlineData("--model nowhere: nowhere/config.json is missing", "init", "--model", "nowhere", "--train", "sums.csv")]
    [InlineData("tests in a form of docs/program-forms.md is not told by the fields", "init", "code", "--model", "BASE", "--train", "sums.csv")]
    [InlineData("--field is 'prompt', expected KEY=NAME", "init", "--model", "BASE", "--train", "sums.csv", "--field", "prompt")]
    [InlineData("--template holds {prompt} 0 times, expected once.", "init", "--model", "BASE", "--train", "sums.csv", "--field", "prompt=exercise", "--field", "answer=result", "--template", "no slot")]
    [InlineData("--share is 0.9, expected 0.001 to 0.45.", "init", "--model", "BASE", "--train", "sums.csv", "--field", "prompt=exercise", "--field", "answer=result", "--share", "0.9")]
    public void What_is_missing_is_told(string message, params string[] arguments)
    {
        var (exitCode, _, errors) = _restem.Run([.. arguments.Select(argument => argument == "BASE" ? Base : argument)]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_restem.PathOf("restem.yaml")));
    }

    [Fact]
    public void Fields_are_guessed_and_data_that_need_a_decision_are_told()
    {
        Rows("own.csv", "problem,ground_truth", 0, 30);
        File.AppendAllText(_restem.PathOf("own.csv"), "1 + 2 =,3\n");
        var (exitCode, _, errors) = _restem.Run("init", "--model", Base, "--train", "own.csv", "--output", "own.yaml");
        Assert.Equal(2, exitCode);
        Assert.Contains("the prompt of 'own/30' is that of 'own/1' too", errors, StringComparison.Ordinal);
        Assert.Contains("own.yaml is written; change it where it says so", errors, StringComparison.Ordinal);
        Assert.Contains("fields: {prompt: \"problem\", answer: \"ground_truth\"}", File.ReadAllText(_restem.PathOf("own.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_printed()
    {
        var (exitCode, output, _) = _restem.Run("init", "--schema");
        Assert.Equal((0, File.ReadAllText(Path.Combine(Restem.Root, "docs", "config.schema.json"))), (exitCode, output));
    }

    private void Rows(string name, string header, int first, int count) => File.WriteAllText(_restem.PathOf(name), header + "\n" + string.Concat(
        Enumerable.Range(first, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} + 2 =,{i + 2}\n"))));
}
