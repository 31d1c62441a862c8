using System.IO.Compression;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A ledger whose draws are archived answers as one whose draws are not.</summary>
public sealed class DrawArchiveTests : IDisposable
{
    private static readonly DrawId[] Draws = [DrawId.EStep(1), DrawId.Sampled(1, "test"), DrawId.EStep(2)];

    // What JSON, lines, SQL and UTF-8 treat each in its own way.
    private static readonly string[] Texts =
        ["", "plain", "two\nlines\r\nand\u2028more", "nul \0 inside", "\"quoted\" \\ 'single' </script>", "\u00fc \u6f22 \U0001f600", "lone \ud800 surrogate", "\u0001\u007f\ufeff"];

    private readonly ScratchFolder _scratch = new();

    private string File => _scratch.File(RunLedger.FileName);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_question_is_answered_the_same_by_the_writer_by_a_reader_and_after_the_way_back()
    {
        await FillAsync();
        string before = Answers(RunLedger.Open(_scratch.Path));
        using (RunLedger ledger = RunLedger.Open(_scratch.Path))
        {
            foreach (DrawId draw in Draws[..2])
            {
                Assert.Equal(160, ledger.Archive.Pack(draw).Counts.Drawn);
            }

            ledger.Archive.Compact();
            Assert.Equal(before, Answers(ledger, isKept: true));
        }

        Assert.Equal([(2L, "e-step")], Stored());
        Assert.Equal(before, Answers(RunLedger.OpenToRead(_scratch.Path)));
        Assert.Equal(before, Answers(RunLedger.Open(_scratch.Path)));
        Assert.Equal(before, string.Join('\n', Questions.SelectMany(ask => Asked(ask)))); // each before anything else was unpacked
        using (RunLedger ledger = RunLedger.OpenToRead(_scratch.Path))
        {
            ledger.ContentDigest();
            Assert.Throws<IOException>(() => ledger.Phases.Complete(9, "e-step")); // still one that only reads
            string copy = Directory.CreateDirectory(_scratch.File("copy")).FullName;
            Assert.Equal(before, Answers(ledger.CopyTo(copy)));
        }

        using (RunLedger ledger = RunLedger.Open(_scratch.Path))
        {
            foreach (ArchivedDraw archived in ledger.Archive.Draws())
            {
                ledger.Archive.Restore(archived);
            }

            Assert.Equal(before, Answers(ledger, isKept: true));
        }

        Assert.Equal(3, Stored().Count);
        Assert.Empty(Directory.EnumerateFiles(_scratch.File("archive")));
        Assert.Equal(before, Answers(RunLedger.OpenToRead(_scratch.Path)));
    }

    [Fact]
    public async Task The_file_is_ordinary_gzipped_jsonl_with_every_column()
    {
        await FillAsync();
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        ArchivedDraw archived = ledger.Archive.Pack(Draws[0]);
        Assert.Equal("archive/001-e-step.jsonl.gz", archived.Path);
        string[] lines = Unpacked(archived).TrimEnd('\n').Split('\n');
        Assert.Equal(160, lines.Length);
        using var row = JsonDocument.Parse(lines[1]);
        Assert.Equal(
            "problem sample token_ids completion finish_reason log_probability verdict reason answer answer_key evidence verifier measurements",
            string.Join(' ', row.RootElement.EnumerateObject().Select(property => property.Name)));
        Assert.Equal("[1,2147483647]", row.RootElement.GetProperty("token_ids").GetRawText());
        Assert.Equal("{\"a\":\"\\u00FC\"}", row.RootElement.GetProperty("evidence").GetRawText());
    }

    [Fact]
    public async Task A_missing_or_altered_file_is_told_by_who_needs_it_and_counts_need_it_not()
    {
        await FillAsync();
        string path;
        using (RunLedger ledger = RunLedger.Open(_scratch.Path))
        {
            path = _scratch.File(ledger.Archive.Pack(Draws[0]).Path);
        }

        byte[] whole = System.IO.File.ReadAllBytes(path);
        whole[whole.Length / 2] ^= 4;
        System.IO.File.WriteAllBytes(path, whole);
        using (RunLedger ledger = RunLedger.OpenToRead(_scratch.Path))
        {
            Assert.Equal(160, ledger.Samples.Count(Draws[0]).Drawn);
            Assert.StartsWith($"{path} was altered: its SHA-256 is ", Assert.Throws<InvalidDataException>(ledger.Audit).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidDataException>(ledger.ContentDigest);
            Assert.Throws<InvalidDataException>(() => ledger.Samples.Read(Draws[0], "p1"));
        }

        System.IO.File.Delete(path);
        using (RunLedger ledger = RunLedger.OpenToRead(_scratch.Path))
        {
            Assert.Equal(
                $"{path} is missing, expected the 160 archived samples of e-step of iteration 1. Restore the file.",
                Assert.Throws<InvalidDataException>(() => ledger.Listing.Find(Draws[0]).Count()).Message);
            Assert.Equal(160, ledger.Listing.Find(Draws[2]).Count());
        }
    }

    [Fact]
    public async Task What_is_damaged_stays_where_it_is()
    {
        await FillAsync();
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            connection.Execute("DROP TRIGGER samples_update; UPDATE samples SET answer = 'other' WHERE iteration = 1 AND sample = 3 AND problem = 'p1'");
        }

        Assert.Contains(
            "what it holds of e-step of iteration 1 is not what was written",
            Assert.Throws<InvalidDataException>(() => ledger.Archive.Pack(Draws[0])).Message, StringComparison.Ordinal);
        Assert.Equal(3, Stored().Count);
        Assert.Empty(ledger.Archive.Draws());
        Assert.Empty(Directory.EnumerateFiles(_scratch.File("archive")));
        Assert.Equal(160, ledger.Listing.Find(Draws[0]).Count());
    }

    [Fact]
    public async Task An_archived_draw_takes_no_samples_and_one_with_failures_is_not_archived()
    {
        await FillAsync();
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        ledger.Archive.Pack(Draws[0]);
        Assert.Contains(
            "e-step of iteration 1 is archived in archive/001-e-step.jsonl.gz, expected no more samples of it.",
            Assert.Throws<InvalidDataException>(() => ledger.Samples.Write(Draws[0], [Draw("p0", 99, Verdict.Correct)])).Message, StringComparison.Ordinal);
        ledger.Samples.Write(Draws[2], [Draw("p0", 99, Verdict.VerifierFailed)]);
        Assert.Throws<InvalidOperationException>(() => ledger.Archive.Pack(Draws[2]));
        Assert.Throws<InvalidOperationException>(() => ledger.Archive.Pack(Draws[0])); // twice: its file stays
        Assert.Equal(160, ledger.Listing.Find(Draws[0]).Count());
        Assert.True(System.IO.File.Exists(_scratch.File("archive/001-e-step.jsonl.gz")));
        Assert.Equal(161, ledger.Listing.Find(Draws[2]).Count());
    }

    [Fact]
    public async Task A_file_of_a_process_that_was_killed_before_the_samples_left_is_written_again()
    {
        await FillAsync();
        Directory.CreateDirectory(_scratch.File("archive"));
        await System.IO.File.WriteAllTextAsync(_scratch.File("archive/001-e-step.jsonl.gz"), "half a file");
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        string before = ledger.ContentDigest();
        ledger.Archive.Pack(Draws[0]);
        ledger.Audit();
        Assert.Equal(before, ledger.ContentDigest());
    }

    [Fact]
    public async Task A_reader_sees_samples_once_that_come_back_while_it_looks()
    {
        await FillAsync();
        using RunLedger writer = RunLedger.Open(_scratch.Path);
        ArchivedDraw archived = writer.Archive.Pack(Draws[0]);
        using RunLedger reader = RunLedger.OpenToRead(_scratch.Path);
        Assert.Equal(160, reader.Listing.Find(Draws[0]).Count());
        writer.Archive.Restore(archived);
        Assert.Equal(160, reader.Listing.Find(Draws[0]).Count());
        Assert.Equal(8, reader.Samples.Read(Draws[0], "p3").Count);
    }

    private string Unpacked(ArchivedDraw archived)
    {
        using var text = new StreamReader(new GZipStream(System.IO.File.OpenRead(_scratch.File(archived.Path)), CompressionMode.Decompress));
        return text.ReadToEnd();
    }

    private List<(long Iteration, string Draw)> Stored()
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection.Command("SELECT DISTINCT iteration, draw FROM samples").Rows(row => (row.GetInt64(0), row.GetString(1)));
    }

    /// <summary>All that can be asked about samples.</summary>
    private static IEnumerable<Func<RunLedger, IEnumerable<object>>> Questions =>
    [
        .. Draws.SelectMany(draw => new Func<RunLedger, IEnumerable<object>>[]
        {
            ledger => [ledger.Samples.Count(draw)],
            ledger => [ledger.Samples.Count(draw, "p2")],
            ledger => [ledger.Samples.Failed(draw).Count],
            ledger => ledger.Samples.Indices(draw, "p3").Select(index => (object)index),
            ledger => ledger.Samples.Read(draw, "p4").Select(Text),
            ledger => ledger.Listing.Find(draw).Select(found => found.Ref + Text(found.Sample)),
        }),
        ledger => ledger.Listing.Draws().Select(draw => (object)(draw.Draw, draw.Samples)),
        ledger => ledger.Listing.Find(new SampleFilter { Verdict = Verdict.Correct, Problem = "p1" }).Select(found => (object)found.Ref),
        ledger => ledger.Kept.Read(1).Select(kept => (object)(kept.ProblemId, kept.Index, kept.Count, kept.Weight, Text(kept.Sample))),
        ledger => ledger.Kept.Read(1, "p0").Select(kept => (object)(kept.ProblemId, kept.Index)),
        ledger => [ledger.ContentDigest()],
    ];

    private List<object> Asked(Func<RunLedger, IEnumerable<object>> question)
    {
        using RunLedger ledger = RunLedger.OpenToRead(_scratch.Path);
        return [.. question(ledger)];
    }

    private static string Answers(RunLedger ledger, bool isKept = false)
    {
        string answers = string.Join('\n', Questions.SelectMany(ask => ask(ledger)));
        ledger.Audit();
        if (!isKept)
        {
            ledger.Dispose();
        }

        return answers;
    }

    private static string Text(Sample sample) => JsonSerializer.Serialize(new
    {
        sample.Completion.ProblemId,
        sample.Completion.Index,
        sample.Completion.TokenIds,
        sample.Completion.Text,
        Bits = BitConverter.DoubleToInt64Bits(sample.Completion.LogProbability),
        sample.Finding,
    });

    private async Task FillAsync()
    {
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        foreach (DrawId draw in Draws)
        {
            ledger.Samples.Begin(draw, new PolicyFingerprint("abc", FakeEngine.Identity));
            ledger.Samples.Write(draw, [.. Enumerable.Range(0, 160).Select(i => Draw($"p{i % 20}", i / 20, (Verdict)(i % 3)))]);
        }

        await ledger.Kept.WriteAsync(1, Kept(ledger), CancellationToken.None);
    }

    private static async IAsyncEnumerable<KeptSample> Kept(RunLedger ledger)
    {
        foreach (Sample sample in ledger.Samples.Read(Draws[0], "p0"))
        {
            await Task.CompletedTask;
            yield return new KeptSample("p0", sample.Completion.Index, 2, 0.1, sample);
        }
    }

    private static Sample Draw(string problem, int index, Verdict verdict) => new(
        new Completion
        {
            ProblemId = problem,
            Index = index,
            TokenIds = index == 0 ? [] : [index, int.MaxValue],
            Text = Texts[index % Texts.Length],
            FinishReason = (FinishReason)(index % 2),
            LogProbability = index switch { 0 => double.NegativeInfinity, 1 => -0.1 - 1e-17, 2 => -0.0, _ => -1.0 / (3 * index) },
        },
        new Finding
        {
            Verdict = verdict,
            Reason = "compared",
            Answer = Texts[(index + 1) % Texts.Length],
            AnswerKey = index % 2 == 0 ? null : Texts[(index + 2) % Texts.Length],
            Evidence = index == 0 ? [] : new SortedDictionary<string, string> { ["a"] = index == 1 ? "\u00fc" : Texts[(index + 3) % Texts.Length] },
            Measurements = new SortedDictionary<string, string> { ["seconds"] = "0.5" },
            Verifier = "known 1",
        });
}
