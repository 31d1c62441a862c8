using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>A sweep as its users start it: killed half-way and started again it ends as one that was left alone.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly Restem _restem = new();

    public SweepTests()
    {
        string recipe = Path.Combine(Restem.Root, "configs", "quickstart-math.yaml");
        File.WriteAllText(_restem.PathOf("small.yaml"), $$$"""
            name: small
            extends: {{{recipe}}}
            iterations: 1
            problems: {train: {generate: {count: 32} }, validation: }
            e_step: {samples: 4}
            m_step: {epochs: 1}
            evaluations: {test: {problems: {generate: {count: 16} }, measure: {samples: 2, k: [1, 2], at: ends} } }
            train_gap_samples:
            """);
        File.WriteAllText(_restem.PathOf("sweep.yaml"), """
            name: two
            base: small.yaml
            overlays:
              taught: {teacher: base, set: [m_step.weights=equal]}
            seeds: [1, 2]
            metrics: [pass@1, greedy]
            """);
    }

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void Killed_half_way_a_sweep_goes_on_and_ends_with_the_same_table()
    {
        _restem.KillAfter("run 2 of 4", TimeSpan.FromMilliseconds(300), "sweep", "sweep.yaml");
        Directory.CreateDirectory(_restem.PathOf("runs", "two", "taught-seed2"));
        File.WriteAllText(_restem.PathOf("runs", "two", "taught-seed2", "run.db"), ""); // as a run leaves it that is killed at its first step
        var (exitCode, output, errors) = _restem.Run("sweep", "sweep.yaml");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("run 1 of 4, runs/two/base-seed1: finished before\n", errors, StringComparison.Ordinal);
        Assert.Contains("| taught | 1, 1 |", output, StringComparison.Ordinal);
        Assert.Contains("test: 16 problems, seeds 1, 2; %, difference from base in points", output, StringComparison.Ordinal);
        Assert.EndsWith("table: runs/two/sweep.md\n", output, StringComparison.Ordinal);
        string json = File.ReadAllText(_restem.PathOf("runs", "two", "sweep.json"));

        using var other = new Restem();
        foreach (string file in (string[])["small.yaml", "sweep.yaml"])
        {
            File.Copy(_restem.PathOf(file), other.PathOf(file));
        }

        var alone = other.Run("sweep", "sweep.yaml", "--json");
        Assert.Equal((0, json), (alone.ExitCode, alone.Output));
        var metrics = JsonDocument.Parse(json).RootElement.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("metric").GetString());
        Assert.Equal(["pass@1", "greedy"], metrics);

        string[] two = ["compare", "runs/two/base-seed1:0", "runs/two/base-seed1", "--metrics", "greedy"];
        Assert.Contains("| runs/two/base-seed1 | 1 |", _restem.Run(two).Output, StringComparison.Ordinal);
        (exitCode, _, errors) = _restem.Run([.. two, "runs/two/base-seed1:7"]);
        Assert.Equal(2, exitCode);
        Assert.EndsWith("error: runs/two/base-seed1 has no iteration 7, expected 0 (the base model) to 1.\n", errors, StringComparison.Ordinal);
        (exitCode, _, errors) = _restem.Run("compare", "runs/two/base-seed1:0", "runs/two/base-seed1", "--metrics", "pass@9");
        Assert.Equal(2, exitCode);
        Assert.EndsWith("error: the metric 'pass@9' was not measured, expected one of pass@1, pass@2, maj@2, greedy.\n", errors, StringComparison.Ordinal);
        Assert.Equal(4, _restem.Run("sweep", "sweep.yaml").Errors.Split('\n').Count(line => line.EndsWith(": finished before", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_run_in_the_sweep_folder_that_is_another_is_refused_and_check_shows_where_values_are_from()
    {
        var checkedOutput = _restem.Run("check", "sweep.yaml");
        Assert.True(checkedOutput.ExitCode == 0, checkedOutput.Errors);
        Assert.Contains("4 runs in runs/two", checkedOutput.Output, StringComparison.Ordinal);
        Assert.Contains("  e_step.samples: 4  (small.yaml:5:19)\n", checkedOutput.Output, StringComparison.Ordinal);
        Assert.Contains("  m_step.weights: equal  (--set m_step.weights=equal)\n", checkedOutput.Output, StringComparison.Ordinal);

        Assert.Equal(0, _restem.Run("run", "small.yaml", "--set", "e_step.samples=2", "--set", "name=base-seed1").ExitCode);
        Directory.CreateDirectory(_restem.PathOf("runs", "two"));
        Directory.Move(_restem.PathOf("runs", "base-seed1"), _restem.PathOf("runs", "two", "base-seed1"));
        var (exitCode, _, errors) = _restem.Run("sweep", "sweep.yaml");
        Assert.Equal(1, exitCode);
        Assert.Contains("runs/two/base-seed1 was started with another configuration, expected the same:", errors, StringComparison.Ordinal);
        Assert.Equal(2, _restem.Run("run", "sweep.yaml").ExitCode);
    }
}
