using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>Runs shards somewhere: as processes here, or as jobs of a cluster.</summary>
public interface IShardScheduler
{
    /// <summary>Most shards that are to be under way at once.</summary>
    int MostAtOnce { get; }

    /// <summary>Starts shards.</summary>
    /// <param name="folders">Of each, absolute, with its <see cref="ShardSpec"/>; what it says goes to <c>shard.log</c> there. At least one.</param>
    /// <param name="cancellationToken">Stops waiting for the scheduler.</param>
    /// <returns>What names each job, also for a later process.</returns>
    /// <exception cref="EngineException">They cannot be started.</exception>
    Task<IReadOnlyList<string>> SubmitAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken);

    /// <summary>Which of these jobs have ended, and why as far as is known.</summary>
    Task<IReadOnlyDictionary<string, string>> EndedAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken);

    /// <summary>Asks jobs to commit and end.</summary>
    Task StopAsync(IReadOnlyCollection<string> jobs);
}
