using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Who looks at a run changes nothing of it, and sees what is committed while it goes on.</summary>
[Collection(nameof(Alone))] // one of them collects garbage again and again
public sealed class LedgerReadingTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string File => _scratch.File(RunLedger.FileName);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_run_that_is_being_written_is_read_at_the_same_time()
    {
        using RunLedger writer = RunLedger.Open(_scratch.Path);
        for (int i = 0; i < 50; i++)
        {
            writer.Samples.Begin(DrawId.EStep(1), new PolicyFingerprint("abc", FakeEngine.Identity));
            writer.Samples.Write(DrawId.EStep(1), [Draw(2 * i), Draw((2 * i) + 1)]);
            using RunLedger reader = RunLedger.OpenToRead(_scratch.Path);
            Assert.Equal(2 * (i + 1), reader.Listing.Find(new SampleFilter()).Count());
        }
    }

    [Fact]
    public async Task Seals_are_compared_at_one_moment_while_rows_come()
    {
        using RunLedger writer = RunLedger.Open(_scratch.Path);
        using var stop = new CancellationTokenSource();
        Task writing = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                writer.Samples.Write(DrawId.EStep(1), [Draw(i)]);
            }
        });
        for (int look = 0; look < 30; look++)
        {
            RunLedger.OpenToRead(_scratch.Path).Dispose();
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public void Looking_leaves_the_folder_as_it_was()
    {
        Fill();
        byte[] before = System.IO.File.ReadAllBytes(File);
        using (RunLedger reader = RunLedger.OpenToRead(_scratch.Path))
        {
            Assert.Single(reader.Samples.Read(DrawId.EStep(1), "p"));
            Assert.Throws<IOException>(() => reader.Phases.Complete(1, "e-step"));
        }

        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        Assert.Equal([RunLedger.FileName], Directory.GetFiles(_scratch.Path).Select(Path.GetFileName));
    }

    /// <summary>SQLite keeps a file open until the last statement is finalised: none may wait for the garbage collector.</summary>
    [Fact]
    public void A_closed_ledger_is_closed_whenever_garbage_is_collected()
    {
        Fill();
        using var stop = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                Thread.Sleep(1); // or nothing else gets on
            }
        });
        for (int look = 0; look < 30; look++)
        {
            RunLedger.OpenToRead(_scratch.Path).Dispose();
            Assert.Equal([RunLedger.FileName], Directory.GetFiles(_scratch.Path).Select(Path.GetFileName));
        }

        stop.Cancel();
    }

    [Fact]
    public void A_ledger_of_an_earlier_version_is_read_and_stays_what_it_is()
    {
        Fill();
        Execute(string.Concat(LedgerSchema.Sealed.SelectMany(table => new[] { "insert", "delete", "update" }.Select(change => $"DROP TRIGGER {table.Table}_{change}; ")))
            + "DROP TABLE seals; DROP TABLE files; DROP TABLE identity; DROP TABLE checkpoints; DROP TABLE mixups; DROP TABLE archives; PRAGMA user_version = 3");
        byte[] before = System.IO.File.ReadAllBytes(File);
        using (RunLedger reader = RunLedger.OpenToRead(_scratch.Path))
        {
            Assert.Equal("text", Assert.Single(reader.Listing.Find(new SampleFilter())).Sample.Completion.Text);
            Assert.Null(reader.Origin);
        }

        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void What_is_no_ledger_is_refused_by_name()
    {
        Assert.Contains("run.db does not exist, expected the ledger of a run", Refused<FileNotFoundException>(), StringComparison.Ordinal);
        Directory.CreateDirectory(File);
        Assert.Contains("run.db is a folder, expected the ledger of a run", Refused<FileNotFoundException>(), StringComparison.Ordinal);
        Directory.Delete(File);
        System.IO.File.WriteAllText(File, "");
        Assert.Contains("run.db is empty, expected the ledger of a run", Refused<InvalidDataException>(), StringComparison.Ordinal);
        System.IO.File.WriteAllText(File, new string('x', 5000));
        Assert.Contains("run.db is damaged: ", Refused<InvalidDataException>(), StringComparison.Ordinal);
        System.IO.File.Delete(File);
        Fill();
        Execute("DROP TRIGGER samples_update; UPDATE samples SET reason = 'other'");
        Assert.Contains("what it holds of samples 1 e-step is not what was written", Refused<InvalidDataException>(), StringComparison.Ordinal);
        Execute("PRAGMA user_version = 99");
        Assert.Contains("ledger version is 99, expected at most 6", Refused<InvalidDataException>(), StringComparison.Ordinal);
    }

    private string Refused<T>()
        where T : Exception => Assert.Throws<T>(() => RunLedger.OpenToRead(_scratch.Path)).Message;

    private void Fill()
    {
        using RunLedger ledger = RunLedger.Open(_scratch.Path);
        ledger.Samples.Begin(DrawId.EStep(1), new PolicyFingerprint("abc", FakeEngine.Identity));
        ledger.Samples.Write(DrawId.EStep(1), [Draw(0)]);
    }

    private void Execute(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    private static Sample Draw(int index) => new(
        new Completion { ProblemId = "p", Index = index, TokenIds = [1], Text = "text", FinishReason = FinishReason.EndOfText, LogProbability = -1 },
        new Finding { Verdict = Verdict.Correct, Reason = "equal" });
}
