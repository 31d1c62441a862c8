using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    /// <summary>Takes out what versions 4 and 5 put in.</summary>
    private static string WithoutSeals => string.Concat(LedgerSchema.Sealed
        .SelectMany(table => new[] { "insert", "delete", "update" }.Select(change => $"DROP TRIGGER {table.Table}_{change}; ")))
        + "DROP TABLE seals; DROP TABLE files; DROP TABLE identity; DROP TABLE checkpoints; DROP TABLE mixups; DROP TABLE archives; ";

    private string Folder => _scratch.File("run");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_second_process_is_refused_until_the_first_is_done()
    {
        using (Open(("name", "a")))
        {
            var fault = Assert.Throws<InvalidOperationException>(() => Open(("name", "a")));
            Assert.StartsWith($"{Folder} is in use by another restem process, expected none.", fault.Message, StringComparison.Ordinal);
        }

        Open(("name", "a")).Dispose();
    }

    [Fact]
    public void Another_configuration_is_refused_with_what_differs()
    {
        Open(("name", "a"), ("seed", "1")).Dispose();
        var fault = Assert.Throws<InvalidDataException>(() => Open(("name", "a"), ("seed", "2")));
        Assert.Contains("  was: seed: 1\n  now: seed: 2\n", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("name: a", fault.Message, StringComparison.Ordinal);
        Open(("name", "a"), ("seed", "1")).Dispose(); // the refused attempt left no lock behind
    }

    [Fact]
    public void The_configuration_and_the_ledger_are_there_at_once()
    {
        using RunFolder run = Open(("name", "a"));
        Assert.Equal("resolved\n", File.ReadAllText(Path.Combine(Folder, RunFolder.ResolvedConfigName)));
        Assert.True(File.Exists(Path.Combine(Folder, RunLedger.FileName)));
        Assert.Equal(Path.Combine(Folder, "report.html"), run.ReportPath);
    }

    [Fact]
    public void A_ledger_of_a_newer_version_is_refused()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 99");
        var fault = Assert.Throws<InvalidDataException>(() => Open());
        Assert.EndsWith("run.db: ledger version is 99, expected at most 6. Use the newer restem that wrote it.", fault.Message, StringComparison.Ordinal);
        Execute("PRAGMA user_version = 6");
        Open().Dispose();
    }

    [Fact]
    public void A_ledger_of_an_older_version_is_brought_up_to_date_with_its_samples()
    {
        Open().Dispose();
        Execute(
            WithoutSeals + "ALTER TABLE samples DROP COLUMN measurements; ALTER TABLE samples DROP COLUMN verifier; ALTER TABLE draws DROP COLUMN dtype; " +
            "DROP INDEX kept_by_problem; PRAGMA user_version = 1");
        Execute("INSERT INTO samples VALUES (1, 'e-step', 'p', 0, x'01000000', 'text', 'ContextFull', -1.5, 'Correct', 'equal', '7', NULL, '{\"rule\":\"x\"}')");
        using var run = Open();
        Sample read = Assert.Single(run.Ledger.Samples.Read(DrawId.EStep(1), "p"));
        Assert.Equal(("7", "x", "", 0), (read.Finding.Answer, read.Finding.Evidence["rule"], read.Finding.Verifier, read.Finding.Measurements.Count));
    }

    [Fact]
    public void A_file_that_is_no_ledger_is_refused()
    {
        Directory.CreateDirectory(Folder);
        Open().Dispose();
        File.WriteAllText(Path.Combine(Folder, RunLedger.FileName), new string('x', 5000));
        var fault = Assert.Throws<InvalidDataException>(() => Open());
        Assert.Contains("run.db is damaged: SQLite Error 26: 'file is not a database'. Restore the file", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_replaces_a_file_as_a_whole()
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, "a.txt");
        File.WriteAllText(path + ".tmp", "left behind by a crash");
        AtomicFile.WriteText(path, "one");
        AtomicFile.WriteText(path, "two");
        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal(["a.txt"], Directory.GetFiles(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Writing_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it()
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, "a.txt");
        AtomicFile.WriteText(path, "one");
        Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => throw new IOException("the disk is full")));
        Assert.Throws<IOException>(() => NewFolder.Write<int>(Path.Combine(Folder, "new"), partial =>
        {
            File.WriteAllText(Path.Combine(partial, "half"), "");
            throw new IOException("the disk is full");
        }));
        Assert.Equal("one", File.ReadAllText(path));
        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_run_of_an_earlier_version_is_refused_by_name()
    {
        Open(("seed", "1")).Dispose();
        Execute(WithoutSeals + "PRAGMA user_version = 3");
        File.Delete(Path.Combine(Folder, RunFolder.IdentityName)); // what runs had before there was one
        var fault = Assert.Throws<InvalidDataException>(() => Open());
        Assert.StartsWith($"{Folder} was begun by an earlier version of restem (it has run.db and no identity.json), expected a run of this one", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_ledger_that_is_lost_beside_its_iterations_is_not_begun_again(bool emptied)
    {
        Open(("name", "a")).Dispose();
        Directory.CreateDirectory(Path.Combine(Folder, "iterations", "001"));
        string ledger = Path.Combine(Folder, RunLedger.FileName);
        File.Delete(ledger);
        if (emptied)
        {
            File.WriteAllText(ledger, "");
        }

        var fault = Assert.Throws<InvalidDataException>(() => Open(("name", "a")));
        Assert.StartsWith($"{ledger} is {(emptied ? "empty" : "missing")} beside the iterations of a run, expected its ledger.", fault.Message, StringComparison.Ordinal);
        Assert.Equal(emptied, File.Exists(ledger));
    }

    [Fact]
    public void Files_for_people_that_are_lost_or_altered_are_written_again()
    {
        Open(("name", "a"), ("seed", "1")).Dispose();
        string identity = Path.Combine(Folder, RunFolder.IdentityName), config = Path.Combine(Folder, RunFolder.ResolvedConfigName);
        string text = File.ReadAllText(identity);
        File.WriteAllText(identity, text.Replace("seed", "sead", StringComparison.Ordinal));
        File.Delete(config);
        Open(("name", "a"), ("seed", "1")).Dispose();
        Assert.Equal((text, "resolved\n"), (File.ReadAllText(identity), File.ReadAllText(config)));
    }

    [Fact]
    public void A_run_whose_ledger_has_no_identity_yet_takes_that_of_its_file()
    {
        Open(("seed", "1")).Dispose();
        Execute(WithoutSeals + "PRAGMA user_version = 3");
        Assert.Contains("  was: seed: 1\n  now: seed: 2\n", Assert.Throws<InvalidDataException>(() => Open(("seed", "2"))).Message, StringComparison.Ordinal);
        Open(("seed", "1")).Dispose();
    }

    [Fact]
    public void Values_that_changed_places_are_both_told()
    {
        Open(("a", "1"), ("b", "2")).Dispose();
        var fault = Assert.Throws<InvalidDataException>(() => Open(("a", "2"), ("b", "1")));
        Assert.Contains("  was: a: 1\n  was: b: 2\n  now: a: 2\n  now: b: 1\n", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_cannot_be_written_is_no_other_process()
    {
        Open(("name", "a")).Dispose();
        File.Delete(Path.Combine(Folder, ".lock"));
        Directory.CreateDirectory(Path.Combine(Folder, ".lock"));
        var fault = Assert.ThrowsAny<SystemException>(() => Open(("name", "a")));
        Assert.DoesNotContain("another restem process", fault.Message, StringComparison.Ordinal);
    }

    private RunFolder Open(params (string Name, string Value)[] parts) => RunFolder.Open(
        Folder, RunIdentity.Of(parts.Select(part => KeyValuePair.Create(part.Name, part.Value))), "resolved\n");

    private void Execute(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Folder, RunLedger.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
