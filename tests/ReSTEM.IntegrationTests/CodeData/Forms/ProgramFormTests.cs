using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>Small rows of every published form, each with submissions that are right, wrong, or cannot be judged; and rows that are refused.</summary>
public sealed class ProgramFormTests(VerifierFixture sandbox) : IClassFixture<VerifierFixture>
{
    private static readonly string Folder = Path.Combine(CodeDataSets.RepositoryRoot(), "tests/ReSTEM.IntegrationTests/CodeData/Forms");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.jsonl").Select(file => Path.GetFileName(file)).Order()];

    [SandboxTheory]
    [MemberData(nameof(Files))]
    public async Task Right_submissions_pass_and_wrong_ones_fail(string file)
    {
        List<(string What, Problem Problem, string Completion)> submissions =
        [
            .. Cases(file).SelectMany(one => new[] { "right", "wrong", "unsupported" }.SelectMany(kind => Texts(one, kind).Select(
                completion => ($"{kind}: {one.GetProperty("note").GetString()}: {completion}", Problem(one, file), completion)))),
        ];
        var findings = await sandbox.Verifier.JudgeAllAsync([.. submissions.Select(one => (one.Problem, one.Completion))]);
        Assert.Equal([], submissions.Zip(findings)
            .Where(pair => !IsExpected(pair.First.What, pair.Second))
            .Select(pair => $"{pair.First.What} -> {pair.Second.Verdict} {pair.Second.Reason} {string.Join(", ", pair.Second.Evidence)}"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rows_with_tests_that_are_not_understood_are_refused_in_one_line(string file)
    {
        foreach (JsonElement one in Cases(file).Where(one => one.TryGetProperty("refused", out _)))
        {
            var fault = Assert.Throws<InvalidDataException>(() => Problem(one, file));
            Assert.StartsWith($"{file}:7: ", fault.Message, StringComparison.Ordinal);
            Assert.Contains(one.GetProperty("refused").GetString()!, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
        }
    }

    [Theory]
    [InlineData("livecodebench.jsonl")]
    [InlineData("evalplus.jsonl")]
    [InlineData("contests.jsonl")]
    [InlineData("test_code.jsonl")]
    [InlineData("apps.jsonl")]
    public void Every_form_has_at_least_ten_right_and_ten_wrong_submissions(string file)
    {
        Assert.True(Cases(file).Sum(one => Texts(one, "right").Count()) >= 10, "right");
        Assert.True(Cases(file).Sum(one => Texts(one, "wrong").Count()) >= 10, "wrong");
    }

    private static bool IsExpected(string what, Finding finding) => what.Split(':')[0] switch
    {
        "right" => finding.Verdict is Verdict.Correct,
        "wrong" => finding.Verdict is Verdict.Incorrect or Verdict.Unparsable or Verdict.LimitExceeded,
        _ => finding.Verdict is Verdict.Unsupported,
    };

    private static IEnumerable<JsonElement> Cases(string file) =>
        File.ReadLines(Path.Combine(Folder, file)).Select(line => JsonDocument.Parse(line).RootElement);

    private static IEnumerable<string> Texts(JsonElement one, string kind) =>
        one.TryGetProperty(kind, out JsonElement list) ? list.EnumerateArray().Select(text => text.GetString()!) : [];

    // A row that JSON cannot hold is in a text.
    private static Problem Problem(JsonElement one, string file)
    {
        JsonElement row = one.GetProperty("row");
        if (row.TryGetProperty("$raw", out JsonElement raw))
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(raw.GetString()!);
            row = JsonDocument.Parse(PythonNumbers.Mended(bytes) ?? bytes).RootElement;
        }

        return CodeRowReader.Read(row, file, 7);
    }
}
