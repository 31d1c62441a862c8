using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary><c>restem synth</c> with the quickstart's base model, which writes the working of a calculation; its labels are what is calculated.</summary>
public sealed class SynthTests : IClassFixture<SynthTests.Undisturbed>
{
    private const string Config = """
        name: texts
        generator: {0}
        labels: {sum: "+", difference: "-"}
        data_prompt: "({a} {label} {b}) ="
        attributes:
          - {name: a, values: ["3", "5", "8", "11", "14", "17"]}
          - {name: b, values: ["2", "4", "7", "9", "12", "16"]}
        per_label: 40
        sampling: {temperature: 1.2, max_tokens: 60}
        prompt: {template: "{prompt}\n"}
        """;

    private readonly string _expected;

    public SynthTests(Undisturbed undisturbed) => _expected = undisturbed.Result;

    [Fact]
    public void Texts_are_rows_of_the_task_classify_with_their_provenance_and_none_is_twice()
    {
        JsonElement[] rows = [.. _expected.Split('\n')[1..^1].Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(80, rows.Length);
        Assert.Equal(80, rows.Select(row => row.GetProperty("text").GetString()).Distinct().Count());
        Assert.Equal(["difference", "sum"], rows.Select(row => row.GetProperty("target").GetString()).Distinct().Order());
        Assert.All(rows, row => Assert.Equal("[\"sum\",\"difference\"]", row.GetProperty("labels").GetRawText()));
        Assert.All(rows, row => Assert.Equal(["a", "b"], row.GetProperty("provenance").GetProperty("attributes").EnumerateObject().Select(attribute => attribute.Name)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(150)]
    [InlineData(400)]
    public void Killed_at_random_it_goes_on_to_the_same_bytes(int milliseconds)
    {
        using var restem = new Restem();
        string[] arguments = Arguments(restem);
        restem.KillAfter("1/20 synthesis", TimeSpan.FromMilliseconds(milliseconds), arguments);
        Assert.Equal(_expected, Finish(restem, [.. arguments, "--set", "engine.slots=3"]));
    }

    [Fact]
    public void Threads_and_slots_change_nothing()
    {
        using var restem = new Restem();
        Assert.Equal(_expected, Finish(restem, [.. Arguments(restem), "--set", "engine.threads=1", "--set", "engine.slots=5"]));
    }

    [Fact]
    public void What_cannot_be_made_ends_in_one_line_and_check_tells_before()
    {
        using var restem = new Restem();
        string[] arguments = Arguments(restem);
        var (exitCode, output, _) = restem.Run(["check", .. arguments[1..2]]);
        Assert.True(exitCode == 0 && output.Contains("prompt      sum/000000:\n(", StringComparison.Ordinal), output);
        var (short1, _, errors) = restem.Run([.. arguments, "--set", "per_label=2000", "--set", "limits.rounds=1", "--set", "attributes=[{name: a, values: ['3']}, {name: b, values: ['2']}]", "--set", "sampling.temperature=0"]);
        Assert.Equal(1, short1);
        Assert.Contains("error: label 'sum' has 1 texts after 1 rounds, expected 2000: of 2000 completions 0 were empty", errors, StringComparison.Ordinal);
        Assert.Equal(2, restem.Run([.. arguments, "--set", "generator=nowhere"]).ExitCode);
    }

    private static string[] Arguments(Restem restem)
    {
        string path = restem.PathOf("texts.yaml");
        File.WriteAllText(path, Config.Replace("{0}", Path.Combine(Restem.Root, "configs", "quickstart", "base"), StringComparison.Ordinal));
        return ["synth", path, "--json"];
    }

    /// <summary>The SHA-256 that it says, and the rows.</summary>
    private static string Finish(Restem restem, string[] arguments) => Result(restem, restem.Run(arguments));

    private static string Result(Restem restem, (int ExitCode, string Output, string Errors) run)
    {
        var (exitCode, output, errors) = run;
        Assert.True(exitCode == 0, errors);
        using var summary = JsonDocument.Parse(output);
        return summary.RootElement.GetProperty("sha256").GetString() + "\n" + File.ReadAllText(restem.PathOf("runs", "texts", "synthetic.jsonl"));
    }

    /// <summary>What a synthesis gives that nobody disturbs.</summary>
    public sealed class Undisturbed
    {
        public Undisturbed()
        {
            using var restem = new Restem();
            Result = SynthTests.Result(restem, restem.RunAlone([], Arguments(restem)));
        }

        internal string Result { get; }
    }
}
