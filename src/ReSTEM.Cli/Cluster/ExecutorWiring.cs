using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Makes who draws for a run.</summary>
internal static class ExecutorWiring
{
    private const int LocalProcesses = 2;

    private static readonly TimeSpan LocalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ClusterInterval = TimeSpan.FromSeconds(2);

    /// <summary>What a configuration asks for; null for the run itself.</summary>
    internal static IDrawExecutor? Create(ExecutorConfig? config, string run, RunIdentity identity, Action<string> notice)
    {
        if (config is null)
        {
            return null;
        }

        IReadOnlyList<string> command = config.Command.Count > 0 ? config.Command : [Environment.ProcessPath!, "shard"];
        int parallel = AtOnce(config);
        IShardScheduler scheduler = config.Name switch
        {
            ExecutorName.Slurm => new SlurmScheduler(command, parallel, config.Sbatch, notice),
            ExecutorName.Kubernetes => new KubernetesScheduler(command, parallel, KubernetesTemplate.Read(config.Template), config.Namespace, notice),
            _ => new LocalScheduler(command, parallel),
        };
        TimeSpan interval = config.Name is ExecutorName.Local ? LocalInterval : ClusterInterval;
        return new ShardedDraws(scheduler, new ShardOptions(config.Shards, config.Attempts, interval), run, identity, notice);
    }

    /// <summary>What a configuration asks for, in words; its files are read.</summary>
    /// <exception cref="InvalidDataException">A file cannot be used.</exception>
    internal static string Describe(ExecutorConfig config)
    {
        if (config.Name is ExecutorName.Kubernetes)
        {
            KubernetesTemplate.Read(config.Template);
        }

        return CheckOutput.Text($"{config.Name.ToString().ToLowerInvariant()}: {config.Shards} shards of each draw, {AtOnce(config)} at once");
    }

    private static int AtOnce(ExecutorConfig config) =>
        config.Parallel > 0 ? config.Parallel : config.Name is ExecutorName.Local ? LocalProcesses : config.Shards;
}
