using System.Diagnostics;

namespace ReSTEM.IntegrationTests;

/// <summary>Runs on Slurm: the same ledger and the same weights, whatever becomes of jobs and daemons.</summary>
public sealed class SlurmRunTests
{
    [SlurmFact]
    public async Task Shards_and_m_step_on_slurm_survive_cancelled_and_requeued_jobs_and_a_killed_node_daemon()
    {
        using var cluster = new SlurmCluster();
        using var restem = new Restem();
        using Process run = restem.Start(cluster.Variables, [.. SmallRun.OfThreeDraws.Arguments, .. OnSlurm(2), .. TrainedOnSlurm()]);
        Task<string> output = run.StandardOutput.ReadToEndAsync(), errors = run.StandardError.ReadToEndAsync();
        var disturbed = new List<string>();
        string requeued = "";
        while (!run.HasExited)
        {
            await Task.Delay(50);
            if (requeued.Length > 0 && disturbed.Count == 2)
            {
                cluster.Run("scontrol", "update", $"JobId={requeued}", "StartTime=now"); // Slurm would wait two minutes
            }

            foreach (var (draw, job) in RunningJobs(restem, cluster).Where(job => !disturbed.Contains(job.Draw)).DistinctBy(job => job.Draw).ToArray())
            {
                bool isDone = disturbed.Count switch
                {
                    0 => cluster.Run("scancel", job).ExitCode == 0,
                    1 => Requeue(job),
                    2 => Crash(),
                    _ => true,
                };
                if (isDone)
                {
                    disturbed.Add(draw);
                }
            }
        }

        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, await errors);
        Assert.True(disturbed.Count >= 3, $"{disturbed.Count} disturbances: {await errors}");
        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Result(restem, await output));

        bool Requeue(string job) // as pre-emption does
        {
            requeued = job;
            return cluster.Run("scontrol", "requeue", job).ExitCode == 0;
        }

        bool Crash()
        {
            cluster.CrashNode();
            return true;
        }
    }

    [SlurmFact]
    public void A_run_killed_while_slurm_draws_takes_its_jobs_over()
    {
        using var cluster = new SlurmCluster();
        using var restem = new Restem();
        using (Process run = restem.Start(cluster.Variables, [.. SmallRun.OfThreeDraws.Arguments, .. OnSlurm(2)]))
        {
            _ = run.StandardOutput.ReadToEndAsync();
            _ = run.StandardError.ReadToEndAsync();
            while (!RunningJobs(restem, cluster).Any() && !run.HasExited)
            {
                Thread.Sleep(20);
            }

            run.Kill();
            run.WaitForExit();
        }

        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Finish(restem, cluster.Variables, OnSlurm(2)));
    }

    [SlurmFact]
    public void What_slurm_refuses_is_told_in_one_line()
    {
        using var cluster = new SlurmCluster();
        using var restem = new Restem();
        var (exitCode, _, errors) = restem.Run(cluster.Variables, [.. SmallRun.OfThreeDraws.Arguments, .. OnSlurm(2, ", sbatch: [--partition=no-such]")]);
        Assert.Equal(1, exitCode);
        Assert.Single(errors.Split('\n'), line => line.StartsWith("error: executor slurm: sbatch ended with 1, expected 0: ", StringComparison.Ordinal)
            && line.Contains("invalid partition specified: no-such", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_slurm_its_executor_says_what_it_needs()
    {
        using var restem = new Restem();
        using var empty = new Restem();
        var (exitCode, _, errors) = restem.Run([("PATH", empty.Folder)], [.. SmallRun.OfThreeDraws.Arguments, .. OnSlurm(2)]);
        Assert.Equal(1, exitCode);
        Assert.Contains("error: sbatch does not start", errors, StringComparison.Ordinal);
        Assert.Contains("expected the scheduler's commands on the PATH", errors, StringComparison.Ordinal);
    }

    private static string[] OnSlurm(int shards, string more = "") => ["--set", $"executor={{name: slurm, shards: {shards}{more}}}"];

    private static string[] TrainedOnSlurm() =>
        ["--set", $"m_step.trainer={{name: command, command: [srun, --ntasks=1, --quiet, {Restem.Program}, train-job]}}"];

    private static IEnumerable<(string Draw, string Job)> RunningJobs(Restem restem, SlurmCluster cluster)
    {
        string folder = restem.PathOf("runs", "quickstart-math", "shards");
        string[] running = cluster.Run("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%i").Output.Split('\n', StringSplitOptions.TrimEntries);
        try
        {
            return Directory.Exists(folder)
                ?
                [
                    .. Directory.EnumerateFiles(folder, "job", SearchOption.AllDirectories)
                        .Select(file => (Path.GetRelativePath(folder, file).Split('/')[0], File.ReadAllText(file)))
                        .Where(job => running.Contains(job.Item2)),
                ]
                : [];
        }
        catch (IOException)
        {
            return []; // it is being deleted
        }
    }
}
