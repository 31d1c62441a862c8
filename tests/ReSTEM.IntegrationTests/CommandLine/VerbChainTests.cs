using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>What one verb writes the others take.</summary>
public sealed class VerbChainTests : IDisposable
{
    private const int Samples = 4;

    private static readonly string[] Problems =
    [
        """{"id": "sum-1", "task": "math", "prompt": "(2 + 3) =", "answer": "5", "solution": "2 + 3=5\n#### 5"}""",
        """{"id": "sum-2", "task": "math", "prompt": "(4 * 2) =", "answer": "8", "solution": "4 * 2=8\n#### 8"}""",
        """{"id": "sum-3", "task": "math", "prompt": "(9 - 7) =", "answer": "2", "solution": "9 - 7=2\n#### 2"}""",
    ];

    private readonly Restem _restem = new();

    private static string Model => Path.Combine(Restem.Root, "configs", "quickstart", "base");

    public VerbChainTests() => File.WriteAllLines(_restem.PathOf("problems.jsonl"), Problems);

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void Samples_of_problems_are_verified_scored_and_evaluated_as_they_are()
    {
        Sample("samples.jsonl");
        JsonElement[] samples = Rows("samples.jsonl");
        Assert.Equal(Samples * Problems.Length, samples.Length);
        Assert.Equal(samples.Length, samples.Select(row => Text(row, "id")).Distinct().Count());
        Assert.Equal(("sum-1#0", "sum-1", 0, "(2 + 3) =\n"), (Text(samples[0], "id"), Text(samples[0], "problem_id"), samples[0].GetProperty("index").GetInt32(), Text(samples[0], "prompt")));

        Done("verify", "--input", "samples.jsonl", "--problems", "problems.jsonl", "--output", "verdicts.jsonl");
        JsonElement[] verdicts = Rows("verdicts.jsonl");
        Assert.Equal(samples.Select(row => Text(row, "id")), verdicts.Select(row => Text(row, "id")));
        Assert.Equal(samples.Select(row => Text(row, "problem_id")), verdicts.Select(row => Text(row, "problem_id")));

        Done("logprob", "--model", Model, "--input", "samples.jsonl", "--output", "scores.jsonl");
        foreach (var (sample, score) in samples.Zip(Rows("scores.jsonl")))
        {
            int[] mask = [.. score.GetProperty("ids").EnumerateArray().Select((_, t) => t >= sample.GetProperty("prompt_ids").GetArrayLength() ? 1 : 0)];
            double sum = score.GetProperty("logprobs").EnumerateArray().Zip(mask).Sum(entry => entry.First.GetDouble() * entry.Second);
            Assert.Equal(sample.GetProperty("logprob").GetDouble(), sum, 1e-3);
            Assert.Equal(Text(sample, "id"), Text(score, "id"));
        }

        string summary = Done("eval", "--problems", "problems.jsonl", "--samples", "samples.jsonl", "--k", "1,2,4", "--json");
        using var json = JsonDocument.Parse(summary);
        JsonElement set = json.RootElement.GetProperty("iterations")[0].GetProperty("evaluations").GetProperty("problems");
        double expected = verdicts.Average(row => row.GetProperty("reward").GetDouble());
        Assert.Equal(expected, set.GetProperty("pass@1").GetProperty("value").GetDouble(), 1e-9);
        Assert.True(set.TryGetProperty("maj@4", out _));
        Assert.False(set.TryGetProperty("greedy", out _));
    }

    [Fact]
    public void Rows_go_through_standard_streams_and_gzip()
    {
        Sample("samples.jsonl.gz");
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(_restem.PathOf("samples.jsonl.gz")), CompressionMode.Decompress)))
        {
            Assert.Equal(Samples * Problems.Length, reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }

        Done("verify", "--input", "samples.jsonl.gz", "--problems", "problems.jsonl", "--output", "verdicts.jsonl");
        string script = $"gzip -dc samples.jsonl.gz | {Restem.Program} verify --input - --problems problems.jsonl --output - | cat; " +
            $"echo first >all; {Restem.Program} verify --input samples.jsonl.gz --problems problems.jsonl --output /dev/stdout >>all";
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = _restem.Folder,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(File.ReadAllText(_restem.PathOf("verdicts.jsonl")), shell.StandardOutput.ReadToEnd());
        shell.WaitForExit();
        Assert.Equal("first\n" + File.ReadAllText(_restem.PathOf("verdicts.jsonl")), File.ReadAllText(_restem.PathOf("all")));
    }

    [Fact]
    public void Completions_of_other_programs_are_measured_without_a_model()
    {
        File.WriteAllLines(_restem.PathOf("others.jsonl"), [
            """{"id": "sum-1", "completion": "#### 5"}""", """{"id": "sum-1", "completion": "#### 6"}""",
            """{"problem_id": "sum-2", "text": "#### 8"}""", """{"problem_id": "sum-2", "text": "#### 8", "finish_reason": "length"}""",
            """{"task_id": "sum-3", "completion": "#### 3"}""", """{"task_id": "sum-3", "completion": "#### 4"}""", """{"task_id": "sum-3", "completion": "#### 4"}""",
        ]);
        using var json = JsonDocument.Parse(Done("eval", "--problems", "problems.jsonl", "--samples", "others.jsonl", "--json"));
        JsonElement set = json.RootElement.GetProperty("iterations")[0].GetProperty("evaluations").GetProperty("problems");
        Assert.Equal((0.5 + 1 + 0) / 3, set.GetProperty("pass@1").GetProperty("value").GetDouble(), 1e-9);
        Assert.Equal(2.0 / 3, set.GetProperty("pass@2").GetProperty("value").GetDouble(), 1e-9);

        File.WriteAllLines(_restem.PathOf("some.jsonl"), ["""{"id": "sum-1", "completion": "5"}""", """{"id": "other", "completion": "5"}"""]);
        Fails(1, "some.jsonl has no sample of 2 of 3 problems (1 rows are of other problems), expected at least one of each: sum-2, sum-3", "eval", "--problems", "problems.jsonl", "--samples", "some.jsonl");
        Fails(2, "--k holds '4', expected whole numbers from 1 to the samples of the problem that has fewest (2).", "eval", "--problems", "problems.jsonl", "--samples", "others.jsonl", "--k", "4");
        Fails(2, "--temperature has no effect with a file of --samples", "eval", "--problems", "problems.jsonl", "--samples", "others.jsonl", "--temperature", "1");
        File.AppendAllText(_restem.PathOf("some.jsonl"), "{\"id\": \"sum-2\", \"index\": 0, \"text\": \"1\"}\n{\"id\": \"sum-2\", \"index\": 0, \"text\": \"1\"}\n");
        Fails(1, "some.jsonl:4: sample 0 of 'sum-2' is there twice, first at some.jsonl:3", "eval", "--problems", "problems.jsonl", "--samples", "some.jsonl");
    }

    [Fact]
    public void An_evaluation_leaves_logs_and_a_page_on_request()
    {
        Directory.CreateDirectory(_restem.PathOf("b"));
        File.WriteAllLines(_restem.PathOf("b", "problems.jsonl"), Problems.Take(1).Select(row => row.Replace("sum-1", "sum-9", StringComparison.Ordinal)));
        Fails(2, "--problems has two sets named 'problems'", "eval", "--model", Model, "--problems", "problems.jsonl", "b/problems.jsonl", "--samples", "0");
        Done(
            "eval", "--model", Model, "--problems", "problems.jsonl", "hard=b/problems.jsonl", "--few-shot", "problems.jsonl", "--few-shot-count", "1", "--template", "{prompt}\\n",
            "--samples", "2", "--max-tokens", "16", "--log-samples", "logs", "--report", "page.html");
        Assert.Contains("<html", File.ReadAllText(_restem.PathOf("page.html")), StringComparison.Ordinal);
        Assert.Equal(2, Rows("logs/samples_hard.jsonl").Length);
        JsonElement[] rows = Rows("logs/samples_problems.jsonl");
        Assert.Equal(["greedy", "sampled", "greedy", "sampled", "greedy", "sampled"], rows.Select(row => Text(row, "filter")));
        Assert.Equal([0, 0, 1, 1, 2, 2], rows.Select(row => row.GetProperty("doc_id").GetInt32()));
        JsonElement last = rows[^1];
        Assert.Equal("2", Text(last, "target"));
        Assert.Equal("(2 + 3) =\n2 + 3=5\n#### 5\n\n(9 - 7) =\n", Text(last.GetProperty("arguments").GetProperty("gen_args_0"), "arg_0"));
        Assert.Equal(2, last.GetProperty("resps")[0].GetArrayLength());
        Assert.Equal(2, last.GetProperty("filtered_resps")[0].GetArrayLength());
        Assert.Equal(last.GetProperty("pass@1").GetDouble(), last.GetProperty("exact_match").GetDouble());
        Assert.Equal(JsonValueKind.String, rows[0].GetProperty("filtered_resps")[0].ValueKind);
    }

    [Fact]
    public async Task An_interrupted_draw_goes_on_and_ends_with_the_same_bytes()
    {
        File.WriteAllLines(_restem.PathOf("many.jsonl"), Enumerable.Range(0, 400).Select(number => JsonSerializer.Serialize(new { id = number, prompt = $"({number} + 3) =\n" })));
        string[] draw = ["sample", "--model", Model, "--input", "many.jsonl", "--samples", "8", "--max-tokens", "64", "--output"];
        Done([.. draw, "whole.jsonl"]);
        using (var process = _restem.Start([], [.. draw, "part.jsonl"]))
        {
            await Eventually.HoldsAsync(() => File.Exists(_restem.PathOf("part.jsonl.unfinished")) && new FileInfo(_restem.PathOf("part.jsonl.unfinished")).Length > 20_000);
            process.Kill();
            await process.WaitForExitAsync();
        }

        if (!File.Exists(_restem.PathOf("part.jsonl")))
        {
            Fails(2, "seed is 2, expected 1. Give the same settings to go on with it", [.. draw, "part.jsonl", "--seed", "2"]);
            Done([.. draw, "part.jsonl"]);
        }

        Assert.Equal(File.ReadAllText(_restem.PathOf("whole.jsonl")), File.ReadAllText(_restem.PathOf("part.jsonl")));
        Assert.False(File.Exists(_restem.PathOf("part.jsonl.unfinished")));
    }

    [Theory]
    [InlineData("out.jsonl", "samples are in out.jsonl.unfinished; the same command goes on from there.")]
    [InlineData("-", "nothing was written; the same command begins anew.")]
    public async Task A_signal_says_what_stays(string output, string message)
    {
        File.WriteAllLines(_restem.PathOf("many.jsonl"), Enumerable.Range(0, 4000).Select(number => JsonSerializer.Serialize(new { prompt = $"({number} + 3) =\n" })));
        using var process = _restem.Start([], "sample", "--model", Model, "--input", "many.jsonl", "--samples", "8", "--output", output);
        var errors = process.StandardError.ReadToEndAsync();
        string? first = output == "-" ? await process.StandardOutput.ReadLineAsync() : null; // the draw is under way, and takes minutes
        var written = process.StandardOutput.ReadToEndAsync();
        if (first is null)
        {
            await Eventually.HoldsAsync(() => File.Exists(_restem.PathOf("out.jsonl.unfinished")) && new FileInfo(_restem.PathOf("out.jsonl.unfinished")).Length > 20_000);
        }

        System.Diagnostics.Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        await process.WaitForExitAsync();
        Assert.Contains(message, await errors, StringComparison.Ordinal);
        Assert.Equal(130, process.ExitCode);
        Assert.False(File.Exists(_restem.PathOf("out.jsonl")));
        Assert.All($"{first}\n{await written}".Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    private void Sample(string output) => Done(
        "sample", "--model", Model, "--problems", "problems.jsonl", "--template", "{prompt}\\n", "--samples", Samples.ToString(CultureInfo.InvariantCulture),
        "--max-tokens", "32", "--output", output);

    private string Done(params string[] arguments)
    {
        var (exitCode, output, errors) = _restem.Run(arguments);
        Assert.True(exitCode == 0, errors);
        return output;
    }

    private void Fails(int expected, string message, params string[] arguments)
    {
        var (exitCode, _, errors) = _restem.Run(arguments);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Equal(expected, exitCode);
    }

    private JsonElement[] Rows(string file) => [.. File.ReadLines(_restem.PathOf(file)).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
