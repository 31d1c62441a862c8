using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>Verbs that look at a run: what they show is what is there, and what cannot be is told in one line.</summary>
public sealed class InsightTests : IDisposable
{
    private static readonly string Run = Path.Combine("runs", "quickstart-math");

    private readonly Restem _restem = new();

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void Two_hundred_samples_drawn_again_are_the_same_on_one_thread_and_on_two()
    {
        SmallRun.OfMathematics.CopyTo(_restem);
        foreach (string threads in (string[])["1", "2"])
        {
            var (exitCode, output, errors) = _restem.Run("replay", Run, "--random", "200", "--seed", threads, "--threads", threads);
            Assert.True(exitCode == 0, output + errors);
            Assert.Equal(200, output.Split('\n').Count(line => line.StartsWith("same ", StringComparison.Ordinal)));
            Assert.EndsWith("200 of 200 samples have the same tokens, log-probability and finding, bit for bit\n", output, StringComparison.Ordinal);
            Assert.DoesNotContain("not promised", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_listed_can_be_shown_replayed_judged_and_reported()
    {
        SmallRun.OfMathematics.CopyTo(_restem);
        string[] rows = Lines(_restem.Run("samples", Run, "--iteration", "1", "--set", "train", "--verdict", "correct", "--limit", "0", "--jsonl"));
        Assert.All(rows, row => Assert.Equal("Correct", Field(row, "verdict")));
        File.WriteAllLines(_restem.PathOf("rows.jsonl"), rows);
        string sample = Field(rows[0], "id"), problem = Field(rows[0], "problem_id");
        Assert.Equal($"1/e-step/{problem}#{JsonDocument.Parse(rows[0]).RootElement.GetProperty("index")}", sample);
        Assert.Contains(Lines(_restem.Run("samples", Run, "--grep", "####", "--limit", "3")), line => line.Contains("#0  ", StringComparison.Ordinal));

        string shown = _restem.Run("show", Run, problem).Output;
        Assert.Contains("  reference: ", shown, StringComparison.Ordinal);
        Assert.Contains($"{sample}: Correct, ", shown, StringComparison.Ordinal);
        Assert.Contains(", kept: drawn ", shown, StringComparison.Ordinal);
        Assert.Equal(0, _restem.Run("replay", Run, sample).ExitCode);
        var (exitCode, output, errors) = _restem.Run("replay", Run, sample, "--set", "engine.dtype=bfloat16");
        Assert.Equal(1, exitCode);
        Assert.Contains("not promised: e-step of iteration 1 was drawn by managed 1 float32, here is managed 1 bfloat16\n", errors, StringComparison.Ordinal);
        Assert.StartsWith($"differs  {sample}: ", output, StringComparison.Ordinal);

        string html = _restem.PathOf("report.html");
        Assert.Equal("report: report.html\n", _restem.Run("report", Run).Output);
        Assert.InRange(File.ReadAllText(_restem.PathOf(Run, "report.html")).Length - File.ReadAllText(html).Length, 0, 1000); // the command
    }

    [Fact]
    public void A_run_that_is_written_by_another_process_is_looked_at_and_one_of_an_earlier_version_says_what_it_lacks()
    {
        SmallRun.OfMathematics.CopyTo(_restem);
        using (new FileStream(_restem.PathOf(Run, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(0, _restem.Run("show", Run, Lines(_restem.Run("samples", Run, "--limit", "1"))[0].Split("  ")[0]).ExitCode);
            Told(1, "is in use by another restem process", "audit", Run);
        }

        string config = _restem.PathOf(Run, "config.resolved.yaml");
        File.WriteAllLines(config, File.ReadAllLines(config)[1..]);
        Told(2, "was written by an earlier version of restem and does not say where its relative paths begin; name the run's configuration with --config FILE", "replay", Run, "--random", "1");
        Told(1, "config.resolved.yaml was altered", "audit", Run);
        string[] set = [.. SmallRun.OfMathematics.Arguments[3..]];
        var (exitCode, output, errors) = _restem.Run(["replay", Run, "--random", "3", "--config", SmallRun.OfMathematics.Arguments[1], .. set]);
        Assert.True(exitCode == 0, output + errors);
        Told(1, "problems train had 48 problems", "report", Run, "--config", SmallRun.OfMathematics.Arguments[1]);
    }

    [Theory]
    [InlineData("none/run.db does not exist, expected the ledger of a run", "samples", "none")]
    [InlineData("none/run.db does not exist, expected the ledger of a run", "show", "none", "p")]
    [InlineData("none/run.db does not exist, expected the ledger of a run", "replay", "none", "p#0")]
    [InlineData("none/run.db does not exist, expected the ledger of a run", "report", "none")]
    [InlineData("--verdict is 'right', expected one of Correct, Incorrect,", "samples", "none", "--verdict", "right")]
    [InlineData("--verdict is '0', expected one of Correct, Incorrect,", "samples", "none", "--verdict", "0")]
    [InlineData("--grep is '(', expected a regular expression", "samples", "none", "--grep", "(")]
    [InlineData("--limit is -1, expected 0 to", "samples", "none", "--limit", "-1")]
    [InlineData("none is named 2 times, expected each run once.", "report", "none", "none")]
    [InlineData("--config is given with 2 runs, expected it with one.", "report", "none", "other", "--config", "x.yaml")]
    public void Bad_usage_is_told_in_one_line(string message, params string[] arguments) => Told(2, message, arguments);

    [Fact]
    public void A_sample_that_is_not_there_is_told_by_each_verb()
    {
        SmallRun.OfMathematics.CopyTo(_restem);
        Told(2, "'1/e-step/none#0' is no sample of runs/quickstart-math, expected a name like", "replay", Run, "1/e-step/none#0");
        Told(2, "no sample is named, expected either names of samples", "replay", Run);
        Told(2, "'none' has no sample in runs/quickstart-math", "show", Run, "none");
        Told(2, "--set is 'none', expected one that the run has drawn on: ", "samples", Run, "--set", "none");
        Told(2, "--iteration is 9, expected one that the run has samples of: 0, 1, 2.", "samples", Run, "--iteration", "9");
        Told(2, "torch-cuda", "replay", Run, "--random", "1", "--set", "engine.name=torch-cuda"); // not installed, or without a card
    }

    [Fact]
    public void Audit_finds_a_flipped_bit_in_any_file_of_the_run()
    {
        SmallRun.OfMathematics.CopyTo(_restem);
        var random = RandomStream.Of(3, RandomPurpose.Problems).Sequence();
        string[] files = [.. Directory.EnumerateFiles(_restem.PathOf(Run), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ".lock").Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 10, string.Join(' ', files));
        foreach (string file in files)
        {
            byte[] whole = File.ReadAllBytes(file), damaged = [.. whole];
            int place = random.Below(whole.Length);
            damaged[place] ^= (byte)(1 << random.Below(8));
            File.WriteAllBytes(file, damaged);
            Assert.True(IsFound(_restem.PathOf(Run)), $"{file}, byte {place}");
            if (Path.GetFileName(file) is RunSums.FileName or RunLedger.FileName or "identity.json")
            {
                Told(1, $"{Path.GetFileName(file)} ", "audit", Run, "--files-only");
            }

            File.WriteAllBytes(file, whole);
        }

        Assert.Equal(0, _restem.Run("audit", Run, "--files-only").ExitCode);
    }

    /// <summary>What the verb asks, without a process for every file.</summary>
    private static bool IsFound(string folder)
    {
        try
        {
            return RunSums.Faults(folder).Count > 0;
        }
        catch (InvalidDataException)
        {
            return true; // the sums themselves
        }
    }

    private void Told(int exit, string message, params string[] arguments)
    {
        var (exitCode, output, errors) = _restem.Run(arguments);
        Assert.True(exitCode == exit, $"exit code {exitCode}: {output}{errors}");
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string[] Lines((int ExitCode, string Output, string Errors) run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Field(string row, string name) => JsonDocument.Parse(row).RootElement.GetProperty(name).GetString()!;
}
