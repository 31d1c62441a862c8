using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>Samples of a run that has ended go into files and back; whatever asks for them meanwhile finds them.</summary>
public sealed class ArchiveTests : IDisposable
{
    private static readonly string Run = Path.Combine("runs", "quickstart-math");

    private readonly Restem _restem = new();

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void An_archived_run_is_audited_replayed_reported_and_goes_on_as_before()
    {
        string digest = SmallRun.OfMathematics.CopyTo(_restem).Split('\n')[0];
        string samples = _restem.Run("samples", Run, "--limit", "0", "--jsonl").Output;
        long before = new FileInfo(_restem.PathOf(Run, RunLedger.FileName)).Length;
        var (exitCode, output, errors) = _restem.Run("archive", Run, "--through", "1");
        Assert.True(exitCode == 0, errors);
        Assert.Matches(@"^archive/000-\S+\.jsonl\.gz: \d+ samples, \d+ KiB\n", output);
        Assert.Matches(@"\nrun\.db: \S+ [KM]iB, before \S+ [KM]iB\n$", output);
        Assert.DoesNotContain("archive/002", output, StringComparison.Ordinal);
        Assert.Equal(0, _restem.Run("archive", Run).ExitCode);
        Assert.InRange(new FileInfo(_restem.PathOf(Run, RunLedger.FileName)).Length, 1, before / 2);
        Assert.Equal("run.db: ", _restem.Run("archive", Run).Output[..8]); // nothing was left to move

        (exitCode, output, errors) = _restem.Run("audit", Run);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("every file is as it was written", output, StringComparison.Ordinal);
        Assert.EndsWith($"digest      {digest}\n", output, StringComparison.Ordinal);
        Assert.Equal(samples, _restem.Run("samples", Run, "--limit", "0", "--jsonl").Output);
        Assert.Equal(0, _restem.Run("replay", Run, "--random", "5").ExitCode);
        Assert.Equal(0, _restem.Run("report", Run).ExitCode);
        (exitCode, output, errors) = _restem.Run(SmallRun.OfMathematics.Arguments);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(digest, SmallRun.OfMathematics.Result(_restem, output).Split('\n')[0]);

        Assert.Equal(0, _restem.Run("archive", Run, "--restore").ExitCode);
        Assert.Empty(Directory.EnumerateFiles(_restem.PathOf(Run, "archive")));
        Assert.Equal([], RunSums.Faults(_restem.PathOf(Run)));
    }

    [Fact]
    public void What_cannot_be_archived_is_told_in_one_line()
    {
        SmallRun.OfMathematics.CopyTo(_restem);
        Told(2, "none/run.db does not exist, expected the ledger of a run", "archive", "none");
        Told(2, "--through is 9, expected an iteration that is finished: 0 to 2.", "archive", Run, "--through", "9");
        string config = _restem.PathOf(Run, RunFolder.ResolvedConfigName), before = File.ReadAllText(config);
        File.WriteAllText(config, before + " ");
        Told(1, "config.resolved.yaml was altered", "archive", Run); // new sums would have hidden it
        File.WriteAllText(config, before);
        using (new FileStream(_restem.PathOf(Run, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Told(1, "is in use by another restem process", "archive", Run);
        }

        Assert.Equal([], RunSums.Faults(_restem.PathOf(Run)));
    }

    private void Told(int exit, string message, params string[] arguments)
    {
        var (exitCode, _, errors) = _restem.Run(arguments);
        Assert.Equal(exit, exitCode);
        Assert.Contains(message, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
