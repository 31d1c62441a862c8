using System.ComponentModel;
using System.Diagnostics;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>Runs shards as processes of this machine. They outlive a run that is killed, and the next one takes them over.</summary>
/// <param name="command">Program and arguments before the path of the spec.</param>
/// <param name="mostAtOnce">Processes at once.</param>
public sealed class LocalScheduler(IReadOnlyList<string> command, int mostAtOnce) : IShardScheduler
{
    private const string Shell = "/bin/sh";

    /// <summary>What a shard has to commit in, which it does within a second of its last sample.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Process> _started = [];

    /// <inheritdoc/>
    public int MostAtOnce => mostAtOnce;

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> SubmitAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. folders.Select(Start)]);

    private string Start(string folder)
    {
        // In a session of its own, and with a file for what it says: neither Ctrl-C nor the end of this process is its end.
        string log = Path.Combine(folder, "shard.log"), spec = Path.Combine(folder, ShardSpec.Name);
        var start = new ProcessStartInfo("setsid", [Shell, "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. command, spec]);
        try
        {
            Process process = Process.Start(start) ?? throw new EngineException($"{command[0]} did not start.");
            string job = ProcessName.Of(process.Id);
            _started[job] = process;
            return job;
        }
        catch (Win32Exception fault)
        {
            throw new EngineException($"executor local starts no shard: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> EndedAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(jobs.Where(job => !ProcessName.IsThere(job)).ToDictionary(job => job, Reason));

    /// <inheritdoc/>
    public async Task StopAsync(IReadOnlyCollection<string> jobs)
    {
        string[] there = [.. jobs.Where(ProcessName.IsThere)];
        foreach (string job in there)
        {
            ProcessSignal.Send(ProcessName.IdOf(job), ProcessSignal.Terminate);
        }

        for (TimeSpan waited = default; there.Any(ProcessName.IsThere); waited += ProcessName.Pause)
        {
            foreach (string job in waited >= Patience ? there.Where(ProcessName.IsThere) : [])
            {
                ProcessSignal.Send(-ProcessName.IdOf(job), ProcessSignal.Kill); // with all that it started: it leads a session
            }

            await Task.Delay(ProcessName.Pause);
        }
    }

    private string Reason(string job) => _started.TryGetValue(job, out Process? process) && process.HasExited ? $"it ended with {process.ExitCode}" : "it is gone";
}
