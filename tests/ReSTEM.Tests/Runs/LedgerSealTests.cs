using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A changed byte of a ledger is either of no consequence or told when the ledger is opened.</summary>
public sealed class LedgerSealTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string File => _scratch.File(RunLedger.FileName);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void One_flipped_bit_anywhere_is_noticed_or_changes_nothing()
    {
        string digest = Fill();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        var random = RandomStream.Of(5, RandomPurpose.Problems).Sequence();
        int refused = 0;
        for (int flip = 0; flip < 400; flip++)
        {
            byte[] damaged = [.. whole];
            int place = random.Below(whole.Length);
            damaged[place] ^= (byte)(1 << random.Below(8));
            System.IO.File.WriteAllBytes(File, damaged);
            string outcome = Open();
            refused += outcome == digest ? 0 : 1;
            Assert.True(outcome == digest || outcome.Contains(File, StringComparison.Ordinal), $"byte {place}: {outcome}");
            foreach (string log in new[] { File + "-wal", File + "-shm" }.Where(System.IO.File.Exists))
            {
                System.IO.File.Delete(log);
            }
        }

        Assert.InRange(refused, 50, 400); // the rest lies where nothing is stored
    }

    [Theory]
    [InlineData("UPDATE samples SET verdict = 'Correct' WHERE sample = 4", "samples 1 e-step")]
    [InlineData("DELETE FROM samples WHERE sample = 3", "samples 1 e-step")]
    [InlineData("UPDATE samples SET draw = 'other' WHERE sample = 3", "samples 1 e-step, samples 1 other")]
    [InlineData("UPDATE steps SET loss = loss + 1e-9", "steps")]
    [InlineData("UPDATE costs SET tokens = tokens + 1", "costs")]
    [InlineData("DELETE FROM seals WHERE part = 'steps'", "steps")]
    [InlineData("INSERT INTO seals VALUES ('other', 1, x'00')", "other")]
    public void A_change_behind_the_seals_is_told_by_the_part_that_it_is_in(string sql, string parts)
    {
        Fill();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            using var triggers = connection.Command("SELECT name FROM sqlite_master WHERE type = 'trigger'");
            string drop = string.Concat(triggers.Rows(row => row.GetString(0)).Select(name => $"DROP TRIGGER {name};"));
            connection.Execute(drop + sql);
        }

        Assert.StartsWith($"{File} is damaged: what it holds of {parts} is not what was written.", Open(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_replaced_and_deleted_keep_the_seals_true()
    {
        Fill();
        using (RunLedger ledger = RunLedger.Open(_scratch.Path))
        {
            ledger.Samples.Write(DrawId.EStep(1), [Draw(3, Verdict.Correct), Draw(3, Verdict.Incorrect)]);
            ledger.Phases.Book(new PhaseBooking(1, "e-step", new PhaseCost(1, 7)));
            ledger.Measures.Write(1, Measure.Kept, 2);
            ledger.Measures.Write(1, Measure.Kept, 3);
        }

        using RunLedger again = RunLedger.Open(_scratch.Path);
        again.Audit();
        Assert.Equal(new PhaseCost(2.5, 107), again.Phases.ReadCosts(1)["e-step"]);
    }

    [Fact]
    public void Of_many_samples_the_latest_draws_are_compared_and_of_all_else_everything()
    {
        Fill(); // 200 samples of iteration 1
        using (RunLedger ledger = RunLedger.Open(_scratch.Path))
        {
            ledger.Samples.Write(DrawId.EStep(2), [.. Enumerable.Range(0, 50).Select(i => Draw(i, Verdict.Incorrect))]);
            ledger.Training.WriteSteps(2, [.. Enumerable.Range(1, 150).Select(step => new TrainingStep(step, 150, 1, 0.5, 1, 1e-3, 10))]);
        }

        Assert.Equal([], Damaged("DELETE FROM samples WHERE iteration = 1 AND sample = 3"));
        Assert.Equal(["samples 2 e-step"], Damaged("DELETE FROM samples WHERE iteration = 2 AND sample = 3"));
        Assert.Equal(["samples 2 e-step", "steps"], Damaged("UPDATE steps SET tokens = 11 WHERE step = 77"));
        Assert.Equal(["steps"], Damaged("", mostSamples: 40)); // a draw that alone has more is left to the audit
        Assert.Equal(["samples 2 e-step", "samples 1 e-step", "steps"], Damaged("", mostSamples: 1000));
    }

    [Fact]
    public void A_draw_that_is_too_large_is_passed_over_and_earlier_ones_are_compared()
    {
        Fill(); // 200 samples of iteration 1
        using (RunLedger ledger = RunLedger.Open(_scratch.Path))
        {
            ledger.Samples.Write(DrawId.EStep(2), [.. Enumerable.Range(0, 250).Select(i => Draw(i, Verdict.Incorrect))]);
        }

        Assert.Equal(["samples 1 e-step"], Damaged("DELETE FROM samples WHERE sample = 3", mostSamples: 220));
    }

    private string[] Damaged(string sql, long mostSamples = 100)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        LedgerSeals.Register(connection);
        using var triggers = connection.Command("SELECT name FROM sqlite_master WHERE type = 'trigger'");
        string drop = string.Concat(triggers.Rows(row => row.GetString(0)).Select(name => $"DROP TRIGGER {name};"));
        connection.Execute(drop + sql);
        return [.. LedgerSeals.Damage(connection, mostSamples)];
    }

    private string Fill()
    {
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        ledger.Samples.Begin(DrawId.EStep(1), new PolicyFingerprint("abc", FakeEngine.Identity));
        ledger.Samples.Write(
            DrawId.EStep(1), [.. Enumerable.Range(0, 200).Select(i => Draw(i, (Verdict)(i % 3)))], new PhaseBooking(1, "e-step", new PhaseCost(1.5, 100)));
        ledger.Training.WriteSteps(1, [new TrainingStep(1, 2, 1, 0.5, 1, 1e-3, 10)]);
        ledger.Training.Write(1, new TrainingResult(2, 1, [0.5], 20, 0.4, "abc"));
        ledger.Phases.Complete(1, "e-step");
        return ledger.ContentDigest();
    }

    private string Open()
    {
        try
        {
            using RunLedger ledger = RunLedger.Open(_scratch.Path);
            return ledger.ContentDigest();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return fault.Message;
        }
    }

    private static Sample Draw(int index, Verdict verdict) => new(
        new Completion
        {
            ProblemId = "p",
            Index = index,
            TokenIds = [.. Enumerable.Range(index, 20)],
            Text = $"the answer is {index}",
            FinishReason = FinishReason.EndOfText,
            LogProbability = -index / 7.0,
        },
        new Finding { Verdict = verdict, Reason = "equal", Answer = $"{index}" });
}
