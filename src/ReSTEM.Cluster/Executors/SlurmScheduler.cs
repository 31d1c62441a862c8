using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>Runs shards as elements of job arrays of Slurm, through its own commands. Jobs outlive the run, and the next start takes them over.</summary>
/// <param name="command">Program and arguments before the path of the spec; the same on every node.</param>
/// <param name="mostAtOnce">Array elements that are submitted at once.</param>
/// <param name="options">For sbatch, for example <c>--partition=short</c>.</param>
/// <param name="notice">Is told when Slurm does not answer.</param>
public sealed class SlurmScheduler(IReadOnlyList<string> command, int mostAtOnce, IReadOnlyList<string> options, Action<string> notice) : IShardScheduler
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _isSilent;

    /// <inheritdoc/>
    public int MostAtOnce => mostAtOnce;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SubmitAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        string script = ShardList.Script("SLURM_ARRAY_TASK_ID", ShardList.Write(folders), command);
        var (exitCode, output, errors) = await ToolRun.Async(
            "sbatch",
            [
                "--parsable", "--job-name=restem-shards", $"--array=0-{(folders.Count - 1).ToString(CultureInfo.InvariantCulture)}", "--output=/dev/null",
                .. options, "--wrap", script,
            ],
            cancellationToken);
        string array = output.Trim().Split(';')[0];
        return exitCode == 0 && array.Length > 0
            ? [.. folders.Select((_, element) => string.Create(CultureInfo.InvariantCulture, $"{array}_{element}"))]
            : throw new EngineException($"executor slurm: sbatch ended with {exitCode}, expected 0: {ToolRun.OneLine(errors + output)}");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> EndedAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken)
    {
        if (await ThereAsync(cancellationToken) is not { } there)
        {
            return new Dictionary<string, string>(); // nobody knows: look again later
        }

        var ended = new Dictionary<string, string>();
        foreach (string job in jobs.Where(job => !there.Contains(job)))
        {
            ended[job] = await ReasonAsync(job, cancellationToken);
        }

        return ended;
    }

    /// <inheritdoc/>
    public async Task StopAsync(IReadOnlyCollection<string> jobs)
    {
        if (jobs.Count == 0)
        {
            return;
        }

        var (exitCode, _, errors) = await ToolRun.Async("scancel", [.. jobs], CancellationToken.None);
        if (exitCode != 0)
        {
            notice($"executor slurm: scancel ended with {exitCode}: {ToolRun.OneLine(errors)}; the jobs {string.Join(", ", jobs)} may still run, and the next start takes them over");
            return;
        }

        while (await ThereAsync(CancellationToken.None) is { } there && jobs.Any(there.Contains))
        {
            await Task.Delay(Pause);
        }
    }

    /// <summary>Jobs of this user that wait or run; null where Slurm does not answer.</summary>
    private async Task<HashSet<string>?> ThereAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await ToolRun.Async("squeue", ["--me", "--noheader", "--array", "--format=%i"], cancellationToken);
        if ((exitCode != 0) != _isSilent)
        {
            _isSilent = exitCode != 0;
            notice(_isSilent ? $"executor slurm: squeue ended with {exitCode}: {ToolRun.OneLine(errors)}; it is asked again" : "executor slurm: squeue answers again");
        }

        return exitCode == 0 ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : null;
    }

    /// <summary>How a job ended: of the accounting where there is one, else of the controller, which remembers it for some minutes.</summary>
    private static async Task<string> ReasonAsync(string job, CancellationToken cancellationToken)
    {
        var (accounted, row, _) = await ToolRun.Async("sacct", ["--allocations", "--noheader", "--parsable2", "--format=State,ExitCode", "--jobs", job], cancellationToken);
        if (accounted == 0 && row.Trim() is { Length: > 0 } text)
        {
            return $"job {job} ended as {ToolRun.OneLine(text)}";
        }

        var (known, record, _) = await ToolRun.Async("scontrol", ["--oneliner", "show", "job", job], cancellationToken);
        string[] facts = [.. record.Split(' ').Where(word => word.StartsWith("JobState=", StringComparison.Ordinal) || word.StartsWith("ExitCode=", StringComparison.Ordinal))];
        return known == 0 && facts.Length > 0 ? $"job {job} ended with {string.Join(", ", facts)}" : $"job {job} is gone";
    }
}
