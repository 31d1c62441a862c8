using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A run that has ended says of every file what it is.</summary>
public sealed class RunSumsTests
{
    [Fact]
    public async Task One_flipped_bit_in_any_file_is_found_wherever_it_is()
    {
        using var run = await EndedAsync();
        Assert.Empty(RunSums.Faults(run.Folder));
        Assert.Empty(RunSums.Strangers(run.Folder));
        string[] files = [.. Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".lock").Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["SHA256SUMS", "config.resolved.yaml", "identity.json", "iterations/001/kept.jsonl", "iterations/001/policy/weights.txt", "iterations/002/kept.jsonl",
                "iterations/002/policy/weights.txt", "report.html", "run.db"],
            files.Select(file => Path.GetRelativePath(run.Folder, file)));
        var random = RandomStream.Of(11, RandomPurpose.Problems).Sequence();
        foreach (string file in files)
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int flip = 0; flip < 40; flip++)
            {
                byte[] damaged = [.. whole];
                int place = random.Below(whole.Length);
                damaged[place] ^= (byte)(1 << random.Below(8));
                File.WriteAllBytes(file, damaged);
                Assert.True(IsFound(run.Folder), $"{file}, byte {place}");
            }

            File.WriteAllBytes(file, whole);
            Assert.False(IsFound(run.Folder));
        }
    }

    [Fact]
    public async Task A_missing_file_and_one_that_came_later_are_told()
    {
        using var run = await EndedAsync();
        File.WriteAllText(Path.Combine(run.Folder, "notes.txt"), "mine");
        File.Delete(Path.Combine(run.Folder, "report.html"));
        Assert.Equal(["notes.txt"], RunSums.Strangers(run.Folder));
        Assert.Contains("report.html is missing", Assert.Single(RunSums.Faults(run.Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_has_none()
    {
        using var run = await EndedAsync();
        using (Open(run))
        {
            Assert.False(RunSums.Exist(run.Folder));
        }
    }

    /// <summary>SQLite tidies its log away when the last one closes a ledger: who only looks must not thereby change what was sealed.</summary>
    [Fact]
    public async Task Who_looks_on_while_a_run_ends_does_not_change_what_it_sealed()
    {
        using var run = await EndedAsync();
        using (RunFolder open = Open(run))
        {
            using RunLedger looking = RunLedger.OpenToRead(run.Folder);
            open.Ledger.Measures.Write(0, Measure.ValidationReward, 0.25);
            Assert.Equal(0.25, looking.Measures.Read(0)[Measure.ValidationReward].Value);
            open.Seal();
        }

        Assert.Empty(RunSums.Faults(run.Folder));
    }

    [Fact]
    public async Task Asking_whether_a_run_is_held_keeps_nobody_out()
    {
        using var run = await EndedAsync();
        Assert.False(RunFolder.IsHeld(run.Folder));
        Assert.False(RunFolder.IsHeld(Path.Combine(run.Folder, "none")));
        using (Open(run))
        {
            Assert.True(RunFolder.IsHeld(run.Folder));
        }

        using var stop = new CancellationTokenSource();
        Task asking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                RunFolder.IsHeld(run.Folder);
                Thread.Sleep(1);
            }
        });
        for (int opened = 0; opened < 20; opened++)
        {
            Open(run).Dispose();
        }

        await stop.CancelAsync();
        await asking;
    }

    private static bool IsFound(string folder)
    {
        try
        {
            return RunSums.Faults(folder).Count > 0;
        }
        catch (InvalidDataException fault)
        {
            Assert.Contains(RunSums.FileName, fault.Message, StringComparison.Ordinal);
            return true;
        }
    }

    private static async Task<FakeRun> EndedAsync()
    {
        var run = FakeRun.Small();
        await run.StartAsync();
        using RunFolder folder = Open(run);
        HtmlReport.Save(folder.Path, folder.Ledger, SummaryReader.Read(folder.Ledger, run.View));
        folder.Seal();
        return run;
    }

    private static RunFolder Open(FakeRun run) => RunFolder.Open(run.Folder, RunIdentity.Empty.With("name", "fake"), "name: fake\n");
}
