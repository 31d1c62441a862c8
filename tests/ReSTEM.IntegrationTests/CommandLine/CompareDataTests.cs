using System.Security.Cryptography;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary><c>restem compare-data</c> with the quickstart's base model, which writes the working of a calculation; its labels are what is calculated.</summary>
public sealed class CompareDataTests : IClassFixture<CompareDataTests.Undisturbed>
{
    private static readonly string Base = Path.Combine(Restem.Root, "configs", "quickstart", "base");

    private readonly (string Result, string Page) _expected;

    public CompareDataTests(Undisturbed undisturbed) => _expected = undisturbed.Result;

    [Fact]
    public void All_is_measured_on_the_same_texts_and_written_down()
    {
        using var json = JsonDocument.Parse(_expected.Result);
        JsonElement[] data = [.. json.RootElement.GetProperty("data").EnumerateArray()];
        Assert.Equal(["real", "made", "both"], data.Select(set => set.GetProperty("name").GetString()));
        Assert.Equal(["real", "zero-shot", "real + made"], data.Select(set => set.GetProperty("origin").GetString()));
        Assert.All(data, set => Assert.Equal(2, set.GetProperty("models").EnumerateArray().Select(sha256 => sha256.GetString()).Distinct().Count()));
        Assert.Equal(6, data.SelectMany(set => set.GetProperty("models").EnumerateArray()).Select(sha256 => sha256.GetString()).Distinct().Count());
        Assert.Equal(JsonValueKind.Null, data[0].GetProperty("accuracy").GetProperty("difference").ValueKind);
        Assert.All(data, set => Assert.Equal(12, set.GetProperty("confusion")[1].EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32()))));
        Assert.Equal(12, json.RootElement.GetProperty("test").GetProperty("agreement").GetProperty("texts").GetInt32());
        Assert.Equal(20, data[1].GetProperty("texts").GetInt32());
        Assert.True(data[1].GetProperty("diversity").GetProperty("by_embeddings").GetProperty("remote_clique").GetDouble() > 0);
    }

    [Fact]
    public void Killed_again_and_again_it_goes_on_to_the_same_bits()
    {
        using var restem = new Restem();
        string[] arguments = Arguments(restem);
        restem.KillAfterEach([("synthesis", 150), ("training 1 of 6", 40), ("training 1 of 6", 250), ("training 2 of 6", 250), ("training 6 of 6", 120)], arguments);
        Assert.Equal(_expected, Finish(restem, arguments));
        Assert.Equal(_expected, Finish(restem, arguments)); // and once more, when all is there
    }

    [Fact]
    public void A_training_is_one_of_restem_train_and_is_trained_again_where_its_files_are_lost()
    {
        using var restem = new Restem();
        string[] arguments = Arguments(restem);
        Assert.Equal(_expected, Finish(restem, arguments));
        string folder = restem.PathOf("runs", "both", "made-seed2"), predictions = Path.Combine(folder, "predictions.jsonl");
        using var json = JsonDocument.Parse(_expected.Result);
        string sha256 = json.RootElement.GetProperty("data")[1].GetProperty("models")[1].GetString()!;
        var (exitCode, output, errors) = restem.Run(["train", Path.Combine(folder, "config.resolved.yaml"), "--set", "name=again"]);
        Assert.True(exitCode == 0 && output.Contains(sha256, StringComparison.Ordinal), output + errors);

        // Altered predictions are not used, nor is a lost folder.
        File.WriteAllText(predictions, File.ReadAllText(predictions).Replace("\"logprobs\":{\"sum\":-", "\"logprobs\":{\"sum\":-9", StringComparison.Ordinal));
        Directory.Delete(restem.PathOf("runs", "both", "real-seed1"), recursive: true);
        Assert.Equal(_expected, Finish(restem, arguments));

        // Nor is any of it with other texts.
        File.AppendAllText(restem.PathOf("real.jsonl"), "{\"text\": \"(9 + 9) =\", \"target\": \"sum\"}\n");
        (exitCode, _, errors) = restem.Run(arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains("was started with another configuration, expected the same:\n  was: problems stages.0: 12 problems", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_compared_ends_in_one_line_and_check_tells_before()
    {
        using var restem = new Restem();
        string[] arguments = Arguments(restem);
        var (exitCode, output, errors) = restem.Run(["check", arguments[1]]);
        Assert.True(exitCode == 0 && output.Contains("3 data sets, seeds 1, 2: 6 trainings", StringComparison.Ordinal), output + errors);
        Assert.Equal(2, restem.Run([.. arguments, "--set", "embedder=nowhere"]).ExitCode);
        Assert.Equal(2, restem.Run([.. arguments, "--set", "test.files=[nowhere.jsonl]"]).ExitCode);
        Assert.False(Directory.Exists(restem.PathOf("runs")));
    }

    private static string[] Arguments(Restem restem)
    {
        static string Row(int i, string test) => (i % 2 == 0 ? $"{{\"text\": \"({i} + {i + 3}) = {test}\", \"target\": {{\"annotations\": [\"sum\", \"sum\", \"{(i % 4 == 0 ? "sum" : "difference")}\"]}}}}"
            : $"{{\"text\": \"({i + 3} - {i}) = {test}\", \"target\": {{\"annotations\": [\"difference\", \"difference\", \"{(i % 3 == 0 ? "sum" : "difference")}\"]}}}}") + "\n";
        File.WriteAllText(restem.PathOf("real.jsonl"), string.Concat(Enumerable.Range(0, 12).Select(i => Row(i, ""))));
        File.WriteAllText(restem.PathOf("test.jsonl"), string.Concat(Enumerable.Range(0, 12).Select(i => Row(i + 1, "x"))));
        File.WriteAllText(restem.PathOf("made.yaml"), $$"""
            name: made
            generator: {{Base}}
            labels: {sum: "+", difference: "-"}
            data_prompt: "({a} {label} {b}) ="
            attributes:
              - {name: a, values: ["3", "5", "8", "11", "14", "17"]}
              - {name: b, values: ["2", "4", "7", "9", "12", "16"]}
            per_label: 10
            sampling: {temperature: 1.2, max_tokens: 60}
            prompt: {template: "{prompt}\n"}
            """);
        File.WriteAllText(restem.PathOf("train.yaml"), $$"""
            name: real
            base: {{Base}}
            prompt: {template: "{prompt}\nKind:"}
            stages:
              - problems: {files: [real.jsonl], labels: {sum: " plus", difference: " minus"} }
                epochs: 2
                shuffle: true
                optimizer: {learning_rate: 1e-3, batch_sequences: 4, commit_seconds: 0}
            """);
        File.WriteAllText(restem.PathOf("both.yaml"), $$"""
            name: both
            train: train.yaml
            seeds: [1, 2]
            data:
              made: {synth: made.yaml}
              both: {mix: [real, made]}
            test: {files: [test.jsonl]}
            embedder: {{Base}}
            """);
        return ["compare-data", restem.PathOf("both.yaml"), "--json"];
    }

    /// <summary>What it prints, which must be what it writes, and the digest of the page.</summary>
    private static (string Result, string Page) Finish(Restem restem, string[] arguments) => Result(restem, restem.Run(arguments));

    private static (string Result, string Page) Result(Restem restem, (int ExitCode, string Output, string Errors) run)
    {
        var (exitCode, output, errors) = run;
        Assert.True(exitCode == 0, errors);
        Assert.Equal(output, File.ReadAllText(restem.PathOf("runs", "both", "comparison.json")));
        return (output, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(restem.PathOf("runs", "both", "comparison.html")))));
    }

    /// <summary>What a comparison gives that nobody disturbs.</summary>
    public sealed class Undisturbed
    {
        public Undisturbed()
        {
            using var restem = new Restem();
            Result = CompareDataTests.Result(restem, restem.RunAlone([], Arguments(restem)));
        }

        internal (string Result, string Page) Result { get; }
    }
}
