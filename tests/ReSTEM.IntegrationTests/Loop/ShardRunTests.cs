using System.Diagnostics;
using System.Globalization;

namespace ReSTEM.IntegrationTests;

/// <summary>Runs whose draws are cut into shards: the same ledger and the same weights, for any number of shards, whatever becomes of them.</summary>
public sealed class ShardRunTests
{
    [Fact]
    public void A_run_in_shards_has_the_bits_of_one_without()
    {
        using var restem = new Restem();
        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Finish(restem, [], InShards(3, 3)));
        Assert.False(Directory.Exists(restem.PathOf("runs", "quickstart-math", "shards")));
    }

    [Fact]
    public async Task Shards_that_are_killed_are_started_again_and_the_run_ends_with_the_same_bits()
    {
        using var restem = new Restem();
        using Process run = restem.Start([], [.. SmallRun.OfThreeDraws.Arguments, .. InShards(2, 2)]);
        Task<string> output = run.StandardOutput.ReadToEndAsync(), errors = run.StandardError.ReadToEndAsync();
        var killed = new HashSet<string>(); // one of each draw, at another moment each time
        while (!run.HasExited)
        {
            await Task.Delay(10 + (30 * killed.Count));
            foreach (var (draw, process) in Jobs(restem).Where(job => !killed.Contains(job.Draw)).DistinctBy(job => job.Draw).ToArray())
            {
                if (Kill(process))
                {
                    killed.Add(draw);
                }
            }
        }

        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, await errors);
        Assert.True(killed.Count >= 3, $"{killed.Count} killed: {await errors}");
        Assert.Contains("it ended with 137 without samples", await errors, StringComparison.Ordinal);
        Assert.Contains("It is started again.", await errors, StringComparison.Ordinal);
        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Result(restem, await output));
    }

    [Fact]
    public void A_run_killed_while_shards_draw_goes_on_to_the_same_end()
    {
        using var restem = new Restem();
        restem.KillAfterEach([("1/1 e-step", 700), ("1/1 evaluate", 400)], [.. SmallRun.OfThreeDraws.Arguments, .. InShards(2, 2)]);
        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Finish(restem, [], InShards(3, 2))); // cut otherwise the last time
    }

    [Fact]
    public async Task An_interrupted_run_has_its_shards_commit_and_goes_on_without_them()
    {
        using var restem = new Restem();
        using (Process run = restem.Start([], [.. SmallRun.OfThreeDraws.Arguments, .. InShards(2, 2)]))
        {
            Task<string> output = run.StandardOutput.ReadToEndAsync(), errors = run.StandardError.ReadToEndAsync();
            while (!Jobs(restem).Any(job => job.Draw.StartsWith("001-e-step", StringComparison.Ordinal)) && !run.HasExited)
            {
                await Task.Delay(10);
            }

            string[] jobs = [.. Jobs(restem).Select(job => job.Process)];
            using Process terminate = Process.Start("kill", ["-TERM", $"{run.Id}"]);
            await run.WaitForExitAsync();
            await output;
            Assert.True(run.ExitCode == 130, await errors);
            Assert.DoesNotContain(jobs, job => Directory.Exists($"/proc/{job.Split(' ')[0]}") && File.ReadAllText($"/proc/{job.Split(' ')[0]}/cmdline").Contains("shard", StringComparison.Ordinal));
        }

        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Finish(restem, []));
    }

    [Fact]
    public void A_shard_that_fails_too_often_ends_the_run_in_one_line_and_it_goes_on_when_that_is_mended()
    {
        using var restem = new Restem();
        var (exitCode, _, errors) = restem.Run([.. SmallRun.OfThreeDraws.Arguments, .. InShards(2, 1, ", attempts: 2, command: [bash, -c, 'echo no node; exit 7']")]);
        Assert.Equal(1, exitCode);
        Assert.Single(errors.Split('\n'), line => line.StartsWith("error: shard 0 of 2 (", StringComparison.Ordinal)
            && line.Contains("it ended with 7 without samples: no node", StringComparison.Ordinal)
            && line.Contains("It was started 2 times, expected at most 2 (executor.attempts).", StringComparison.Ordinal));
        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Finish(restem, [], InShards(2, 2)));
    }

    [Fact]
    public void A_shard_of_a_run_that_was_changed_is_refused()
    {
        using var restem = new Restem();
        restem.Run([.. SmallRun.OfThreeDraws.Arguments, .. InShards(2, 1, ", attempts: 1, command: ['false']")]);
        string run = restem.PathOf("runs", "quickstart-math"), config = Path.Combine(run, "config.resolved.yaml");
        string spec = Directory.EnumerateFiles(Path.Combine(run, "shards"), "spec.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.WriteAllText(config, File.ReadAllText(config).Replace("temperature: 0.7", "temperature: 0.8", StringComparison.Ordinal));
        var (exitCode, _, errors) = restem.Run("shard", spec);
        Assert.Equal(1, exitCode);
        Assert.Contains("is a shard of another run than ", errors, StringComparison.Ordinal);
        Assert.Contains("e_step.sampling.temperature is 0.8, expected 0.7", errors, StringComparison.Ordinal);
    }

    private static string[] InShards(int shards, int parallel, string more = "") =>
        ["--set", string.Create(CultureInfo.InvariantCulture, $"executor={{name: local, shards: {shards}, parallel: {parallel}{more}}}")];

    private static IEnumerable<(string Draw, string Process)> Jobs(Restem restem)
    {
        string folder = restem.PathOf("runs", "quickstart-math", "shards");
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "job", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(folder, file).Split('/')[0], File.ReadAllText(file)))]
                : [];
        }
        catch (IOException)
        {
            return []; // it is being deleted
        }
    }

    private static bool Kill(string process)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", ["-9", process.Split(' ')[0]]) { RedirectStandardError = true })!;
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }
}
