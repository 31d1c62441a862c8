namespace ReSTEM.IntegrationTests;

public sealed class AuditTests : IDisposable
{
    private readonly Restem _restem = new();

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void A_run_is_sound_until_a_file_or_a_row_of_it_changes()
    {
        string digest = SmallRun.OfMathematics.CopyTo(_restem).Split('\n')[0];
        string run = Path.Combine("runs", "quickstart-math");
        var (exitCode, output, errors) = _restem.Run("audit", run);
        Assert.True(exitCode == 0, errors);
        Assert.EndsWith($"digest      {digest}\n", output, StringComparison.Ordinal);

        string config = _restem.PathOf(run, "iterations", "001", "policy", "config.json");
        string before = File.ReadAllText(config);
        File.WriteAllText(config, before + " ");
        Assert.Equal(1, _restem.Run("audit", run).ExitCode);
        (exitCode, _, errors) = _restem.Run(SmallRun.OfMathematics.Arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains("iterations/001/policy/config.json was altered: its SHA-256 is ", errors, StringComparison.Ordinal);

        Directory.Delete(Path.GetDirectoryName(config)!, recursive: true);
        Assert.Contains("config.json is missing", _restem.Run(SmallRun.OfMathematics.Arguments).Errors, StringComparison.Ordinal);
        (exitCode, _, errors) = _restem.Run([.. SmallRun.OfMathematics.Arguments, "--rebuild"]);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(before, File.ReadAllText(config));
        Assert.Equal(0, _restem.Run("audit", run).ExitCode);

        string ledger = _restem.PathOf(run, "run.db");
        byte[] bytes = File.ReadAllBytes(ledger);
        for (int place = 0, next; (next = bytes.AsSpan(place).IndexOf("Incorrect"u8)) >= 0; place += next + 1)
        {
            bytes[place + next] ^= 1; // a verdict, or what is left of one where nothing is stored any more
        }

        File.WriteAllBytes(ledger, bytes);
        (exitCode, _, errors) = _restem.Run("audit", run);
        Assert.Equal(1, exitCode);
        Assert.Contains($"{run}/run.db is damaged: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_ledger_is_no_run_and_gets_none()
    {
        Directory.CreateDirectory(_restem.PathOf("empty"));
        var (exitCode, _, errors) = _restem.Run("audit", "empty");
        Assert.Equal(2, exitCode);
        Assert.StartsWith("error: empty/run.db does not exist, expected the ledger of a run", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_restem.PathOf("empty")));
    }
}
