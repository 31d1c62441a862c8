using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

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
        Assert.EndsWith("run.db: ledger version is 99, expected at most 3. Use the newer restem that wrote it.", fault.Message, StringComparison.Ordinal);
        Execute("PRAGMA user_version = 3");
        Open().Dispose();
    }

    [Fact]
    public void A_ledger_of_an_older_version_is_brought_up_to_date_with_its_samples()
    {
        Open().Dispose();
        Execute(
            "ALTER TABLE samples DROP COLUMN measurements; ALTER TABLE samples DROP COLUMN verifier; ALTER TABLE draws DROP COLUMN dtype; " +
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
        Assert.Contains("run.db: cannot be used as a run ledger", fault.Message, StringComparison.Ordinal);
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
    public void A_run_of_an_earlier_version_is_refused_by_name()
    {
        Open().Dispose();
        File.Delete(Path.Combine(Folder, RunFolder.IdentityName)); // what runs had before there was one
        var fault = Assert.Throws<InvalidDataException>(() => Open());
        Assert.StartsWith($"{Folder} was begun by an earlier version of restem (it has run.db and no identity.json), expected a run of this one", fault.Message, StringComparison.Ordinal);
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
