using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class RunLedgerTests : IDisposable
{
    private static readonly DrawId Key = DrawId.EStep(1);
    private readonly ScratchFolder _scratch = new();
    private RunLedger _ledger;

    public RunLedgerTests() => _ledger = RunLedger.Open(_scratch.Path);

    public void Dispose()
    {
        _ledger.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_sample_reads_back_as_it_was_written()
    {
        var sample = new Sample(
            new Completion
            {
                ProblemId = "p/'1\u2603",
                Index = 3,
                TokenIds = [0, -1, int.MaxValue],
                Text = "a\0b\n\ud83d\ude00\u202e",
                FinishReason = FinishReason.ContextFull,
                LogProbability = -1.0 / 3,
            },
            new Finding
            {
                Verdict = Verdict.LimitExceeded,
                Reason = "too-long",
                Verifier = "math 1",
                Answer = "",
                AnswerKey = null,
                Evidence = new Dictionary<string, string> { ["z"] = "1", ["a"] = "\"'" },
                Measurements = new Dictionary<string, string> { ["cpu_ms"] = "1.5" },
            });
        _ledger.Samples.Write(Key, [sample]);
        Reopen();
        Sample read = Assert.Single(_ledger.Samples.Read(Key, "p/'1\u2603"));

        Assert.Equal(sample.Completion with { TokenIds = [] }, read.Completion with { TokenIds = [] });
        Assert.Equal(sample.Completion.TokenIds, read.Completion.TokenIds);
        Assert.Equal(
            (Verdict.LimitExceeded, "too-long", "math 1", "", null),
            (read.Finding.Verdict, read.Finding.Reason, read.Finding.Verifier, read.Finding.Answer, read.Finding.AnswerKey));
        Assert.Equal(sample.Finding.Evidence.OrderBy(entry => entry.Key), read.Finding.Evidence);
        Assert.Equal(sample.Finding.Measurements, read.Finding.Measurements);
        Assert.Empty(_ledger.Samples.Read(DrawId.EStep(2), "p/'1\u2603"));
    }

    [Fact]
    public void A_sample_judged_anew_replaces_the_old_verdict_and_all_come_in_order()
    {
        _ledger.Samples.Write(Key, [Draw("b", 1), Draw("a", 10), Draw("a", 2, Verdict.VerifierFailed)]);
        _ledger.Samples.Write(Key, [Draw("a", 2)]);
        Assert.Equal([("a", 2), ("a", 10), ("b", 1)], All().Select(sample => (sample.Completion.ProblemId, sample.Completion.Index)));
        Assert.All(All(), sample => Assert.True(sample.IsCorrect));
    }

    [Fact]
    public void Costs_add_up_over_starts_and_are_no_part_of_the_digest()
    {
        string empty = _ledger.ContentDigest();
        _ledger.Phases.Book(new PhaseBooking(1, "e-step", new PhaseCost(1.5, 100)));
        _ledger.Phases.Book(new PhaseBooking(1, "e-step", new PhaseCost(2, 50)));
        Assert.Equal(new PhaseCost(3.5, 150), _ledger.Phases.ReadCosts(1)["e-step"]);
        Assert.Equal(empty, _ledger.ContentDigest());
    }

    [Fact]
    public void What_was_measured_while_judging_is_no_part_of_the_digest()
    {
        Sample sample = Draw("a", 1);
        _ledger.Samples.Write(Key, [sample]);
        string digest = _ledger.ContentDigest();
        _ledger.Samples.Write(Key, [sample with { Finding = sample.Finding with { Measurements = new Dictionary<string, string> { ["cpu_ms"] = "2.0" } } }]);
        Assert.Equal(digest, _ledger.ContentDigest());
        _ledger.Samples.Write(Key, [sample with { Finding = sample.Finding with { Evidence = new Dictionary<string, string> { ["rule"] = "other" } } }]);
        Assert.NotEqual(digest, _ledger.ContentDigest());
    }

    [Fact]
    public void Everything_else_changes_the_digest()
    {
        var digests = new List<string> { _ledger.ContentDigest() };
        Action[] writes =
        [
            () => _ledger.Samples.Write(Key, [Draw("a", 0), Draw("a", 1)]),
            () => _ledger.Samples.Write(Key, [Draw("a", 0, Verdict.Incorrect)]),
            () => Keep(new KeptSample("a", 1, 2, 0.5, Draw("a", 1))),
            () => _ledger.Training.WriteSteps(1, [new TrainingStep(1, 2, 1, 0.5, 1, 1e-3, 10)]),
            () => _ledger.Training.Write(1, new TrainingResult(2, 1, [0.5], 20, 0.4, "abc")),
            () => _ledger.Measures.Write(1, Measure.Kept, new Estimate(0.1, 0, 0.2)),
            () => _ledger.Measures.Write(1, Measure.Kept, new Estimate(0.1, 0, double.BitIncrement(0.2))),
            () => _ledger.Phases.Complete(1, "e-step"),
        ];
        foreach (Action write in writes)
        {
            write();
            digests.Add(_ledger.ContentDigest());
        }

        Assert.Equal(digests.Count, digests.Distinct().Count());
        Reopen();
        Assert.Equal(digests[^1], _ledger.ContentDigest());
    }

    [Fact]
    public void The_order_of_writing_does_not_change_the_digest()
    {
        _ledger.Samples.Write(Key, [Draw("a", 0), Draw("b", 0)]);
        string first = _ledger.ContentDigest();
        using var scratch = new ScratchFolder();
        using RunLedger other = RunLedger.Open(scratch.Path);
        other.Samples.Write(Key, [Draw("b", 0, Verdict.VerifierFailed)]);
        other.Samples.Write(Key, [Draw("b", 0)]);
        other.Samples.Write(Key, [Draw("a", 0)]);
        Assert.Equal(first, other.ContentDigest());
    }

    [Fact]
    public void Kept_samples_keep_their_order_and_are_written_for_people_too()
    {
        _ledger.Samples.Write(Key, [Draw("a", 0), Draw("b", 4)]);
        KeptSample[] kept = [new("b", 4, 2, 0.25, Draw("b", 4)), new("a", 0, 1, 1.0 / 3, Draw("a", 0))];
        Keep(kept[1]);
        Keep(kept);
        Assert.Equal(kept.Select(Shape), _ledger.Kept.Read(1).Select(Shape));

        string[] lines = File.ReadAllLines(Path.Combine(_scratch.Path, "iterations", "001", "kept.jsonl"));
        using JsonDocument row = JsonDocument.Parse(lines[1]);
        Assert.Equal(2, lines.Length);
        Assert.Equal(("a", 1.0 / 3), (row.RootElement.GetProperty("problem_id").GetString()!, row.RootElement.GetProperty("weight").GetDouble()));
    }

    [Fact]
    public void A_column_that_a_later_version_added_changes_neither_writing_nor_the_digest()
    {
        Write();
        string digest = _ledger.ContentDigest();
        _ledger.Dispose();
        File.Delete(Path.Combine(_scratch.Path, RunLedger.FileName));
        RunLedger.Open(_scratch.Path).Dispose();
        using (var database = LedgerDatabase.Open(Path.Combine(_scratch.Path, RunLedger.FileName)))
        {
            foreach (string table in new[] { "draws", "samples", "kept", "steps", "trainings", "measures", "phases", "costs" })
            {
                database.Write($"ALTER TABLE {table} ADD COLUMN later TEXT NOT NULL DEFAULT 'x'");
            }
        }

        _ledger = RunLedger.Open(_scratch.Path);
        Write();
        Assert.Equal(digest, _ledger.ContentDigest());

        void Write()
        {
            _ledger.Samples.Begin(Key, new PolicyFingerprint("abc", FakeEngine.Identity));
            _ledger.Samples.Write(Key, [Draw("a", 1)]);
            Keep(new KeptSample("a", 1, 2, 0.5, Draw("a", 1)));
            _ledger.Training.WriteSteps(1, [new TrainingStep(1, 2, 1, 0.5, 1, 1e-3, 10)]);
            _ledger.Training.Write(1, new TrainingResult(2, 1, [0.5], 20, 0.4, "abc"));
            _ledger.Measures.Write(1, Measure.Kept, 1);
            _ledger.Phases.Complete(1, "e-step");
            _ledger.Phases.Book(new PhaseBooking(1, "e-step", new PhaseCost(1, 1)));
        }
    }

    [Fact]
    public void What_was_mixed_reads_back_and_is_part_of_the_digest_only_where_there_is_any()
    {
        string empty = _ledger.ContentDigest();
        TrainingStep[] steps = [new(1, 2, 1, 0.5, 1, 1e-3, 10), new(2, 2, 1, 0.4, 1, 1e-3, 10, 1.0 / 3)];
        _ledger.Training.WriteSteps(1, steps);
        string stepped = _ledger.ContentDigest();
        _ledger.Training.WriteCheckpoint(1, 2, [0.5, double.NaN, 1.0 / 3], new PhaseBooking(1, "confidence", new PhaseCost(1, 30)));
        string asked = _ledger.ContentDigest();
        _ledger.Training.WriteCheckpoint(1, 1, [1, double.NaN, 2]);
        _ledger.Training.WriteCheckpoint(1, 2, [0.5, double.NaN, 2.0 / 3]);
        Assert.Equal(4, new[] { empty, stepped, asked, _ledger.ContentDigest() }.Distinct().Count());
        Reopen();
        _ledger.Audit();
        Assert.Equal(steps, _ledger.Training.ReadSteps(1));
        Assert.Equal([[1, double.NaN, 2], [0.5, double.NaN, 2.0 / 3]], _ledger.Training.ReadCheckpoints(1));
        Assert.Equal((30, 0), (_ledger.Phases.ReadCosts(1)["confidence"].Tokens, _ledger.Training.ReadCheckpoints(2).Count));
    }

    /// <summary>Version 5 added two tables with seals of their own; a digest that somebody wrote down stays true.</summary>
    [Fact]
    public void A_ledger_of_version_4_is_brought_to_this_one_and_keeps_its_digest()
    {
        // Of the seven tables of version 4 and this step, computed apart: SHA-256 over names, columns and values, each with its length (int32) before it.
        const string OfVersion4 = "4bcfd0eb59480f99582d7f4663bf5b8a8f23dd7b2c3c617c5d5606ebd1e59cb5";
        _ledger.Training.WriteSteps(1, [new TrainingStep(1, 2, 1, 0.5, 1, 1e-3, 10)]);
        Assert.Equal(OfVersion4, _ledger.ContentDigest());
        _ledger.Dispose();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_scratch.Path, RunLedger.FileName)};Pooling=False"))
        {
            connection.Open();
            connection.Execute("DROP TABLE checkpoints; DROP TABLE mixups; DROP TABLE archives; PRAGMA user_version = 4"); // their triggers go with them
        }

        _ledger = RunLedger.Open(_scratch.Path);
        Assert.Equal(OfVersion4, _ledger.ContentDigest());
        _ledger.Training.WriteCheckpoint(1, 1, [1]);
        Reopen();
        _ledger.Audit();
        Assert.Single(_ledger.Training.ReadCheckpoints(1));
    }

    /// <summary>With millions of samples a run that goes on would read all of them otherwise, before it draws one; or all of a draw for each problem.</summary>
    [Fact]
    public void Counts_are_read_of_indexes_alone_and_failed_samples_are_found_by_one()
    {
        using var scratch = new ScratchFolder();
        using var database = LedgerDatabase.Open(scratch.File("run.db"));
        Assert.Equal(
            [
                "SEARCH samples USING COVERING INDEX samples_correct (iteration=? AND draw=?)",
                "SEARCH samples USING COVERING INDEX samples_failed (iteration=? AND draw=?)",
                "SEARCH samples USING COVERING INDEX sqlite_autoindex_samples_1 (iteration=? AND draw=?)",
            ],
            Plan(SampleStore.CountSql, 1, "e-step"));
        Assert.Equal(
            [
                "SEARCH samples USING COVERING INDEX samples_correct (iteration=? AND draw=? AND problem=?)",
                "SEARCH samples USING COVERING INDEX samples_failed (iteration=? AND draw=? AND problem=?)",
                "SEARCH samples USING COVERING INDEX sqlite_autoindex_samples_1 (iteration=? AND draw=? AND problem=?)",
            ],
            Plan(SampleStore.CountOfProblemSql, 1, "e-step", "p"));
        Assert.Equal(["SEARCH samples USING INDEX samples_failed (iteration=? AND draw=?)"], Plan(SampleStore.FailedSql, 1, "e-step"));

        IEnumerable<string> Plan(string sql, params object?[] parameters) => database.Rows("EXPLAIN QUERY PLAN " + sql, row => row.GetString(3), parameters)
            .Where(line => !line.StartsWith("SCALAR SUBQUERY", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    // 2 is FULL: with a write-ahead log, each commit is synchronised to the disk before it returns.
    [Fact]
    public void Every_commit_reaches_the_disk()
    {
        using var scratch = new ScratchFolder();
        using var database = LedgerDatabase.Open(scratch.File("run.db"));
        Assert.Equal([2L], database.Rows("PRAGMA synchronous", row => row.GetInt64(0)));
        Assert.Equal(["wal"], database.Rows("PRAGMA journal_mode", row => row.GetString(0)));
    }

    [Fact]
    public void A_draw_is_of_one_policy()
    {
        var policy = new PolicyFingerprint("abc", FakeEngine.Identity);
        _ledger.Samples.Begin(Key, policy);
        _ledger.Samples.Begin(Key, policy);
        var fault = Assert.Throws<InvalidDataException>(
            () => _ledger.Samples.Begin(Key, policy with { Engine = FakeEngine.Identity with { Dtype = "bfloat16" } }));
        Assert.Contains("bfloat16", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_sequences_are_read_one_by_one_from_their_file_which_goes_with_them()
    {
        TrainingSequence[] sequences =
        [
            .. Enumerable.Range(0, 100).Select(i => new TrainingSequence { TokenIds = [.. Enumerable.Range(i, i)], PromptLength = i / 2, Weight = 1f / (i + 1) }),
        ];
        string path = _ledger.Paths.Sequences(1);
        using (ITrainingSet set = _ledger.Training.Stage(1, sequences))
        {
            Assert.Equal(100, set.Count);
            foreach (int i in new[] { 99, 0, 57, 1 })
            {
                Assert.Equal((sequences[i].PromptLength, sequences[i].Weight), (set[i].PromptLength, set[i].Weight));
                Assert.Equal(sequences[i].TokenIds, set[i].TokenIds);
            }

            Assert.Equal(sequences.Select(sequence => sequence.TokenIds.Count), set.Select(sequence => sequence.TokenIds.Count));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_step_done_again_replaces_itself()
    {
        _ledger.Training.WriteSteps(1, [new(1, 3, 1, 0.9, 1, 1e-3, 10), new(2, 3, 1, 0.8, 1, 1e-3, 10)]);
        _ledger.Training.WriteSteps(1, [new(2, 3, 1, 0.8, 1, 1e-3, 10), new(3, 3, 1, 0.7, 1, 1e-3, 10)]);
        Assert.Equal([(1, 0.9), (2, 0.8), (3, 0.7)], _ledger.Training.ReadSteps(1).Select(step => (step.Step, step.Loss)));
    }

    [Fact]
    public void Trainings_measures_and_phases_read_back()
    {
        var training = new TrainingResult(2, 1, [0.1, 1.0 / 3], 20, 0.4, "abc");
        _ledger.Training.Write(1, training);
        _ledger.Measures.Write(1, Measure.Kept, new Estimate(0.1, -1, 0.2));
        _ledger.Phases.Complete(1, "e-step");
        _ledger.Phases.Complete(1, "e-step");
        Reopen();
        TrainingResult read = _ledger.Training.Read(1)!;
        Assert.Equal(training with { Measures = [] }, read with { Measures = [] });
        Assert.Equal(training.Measures, read.Measures);
        Assert.Null(_ledger.Training.Read(2));
        Assert.Equal(new Estimate(0.1, -1, 0.2), _ledger.Measures.Read(1)[Measure.Kept]);
        Assert.True(_ledger.Phases.IsComplete(1, "e-step"));
        Assert.False(_ledger.Phases.IsComplete(2, "e-step"));
    }

    [Fact]
    public async Task Writing_and_reading_from_several_threads_loses_nothing()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), (i, _) =>
        {
            _ledger.Samples.Write(Key, [Draw("p", i)]);
            Assert.NotEmpty(_ledger.Samples.Read(Key, "p"));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(40, _ledger.Samples.Count(Key).Drawn);
    }

    private List<Sample> All() => [.. new[] { "a", "b" }.SelectMany(id => _ledger.Samples.Read(Key, id))];

    private void Keep(params KeptSample[] kept) =>
        _ledger.Kept.WriteAsync(1, kept.ToAsyncEnumerable(), CancellationToken.None).GetAwaiter().GetResult();

    private void Reopen()
    {
        _ledger.Dispose();
        _ledger = RunLedger.Open(_scratch.Path);
    }

    private static (string, int, int, double) Shape(KeptSample kept) => (kept.ProblemId, kept.Index, kept.Count, kept.Weight);

    private static Sample Draw(string problem, int index, Verdict verdict = Verdict.Correct) => new(
        new Completion { ProblemId = problem, Index = index, TokenIds = [1, 2], Text = "t", FinishReason = FinishReason.EndOfText, LogProbability = -1 },
        new Finding { Verdict = verdict, Reason = "r" });
}
