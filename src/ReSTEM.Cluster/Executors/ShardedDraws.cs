using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>
/// Has draws made in shards: submits them, looks after them, submits again what failed, and merges what is sealed. Jobs that an earlier start
/// submitted are taken over.
/// </summary>
/// <param name="scheduler">Runs them.</param>
/// <param name="options">How many, how often.</param>
/// <param name="run">The run folder.</param>
/// <param name="identity">Of the run.</param>
/// <param name="notice">Is told of failures that are mended.</param>
public sealed class ShardedDraws(IShardScheduler scheduler, ShardOptions options, string run, RunIdentity identity, Action<string> notice) : IDrawExecutor
{
    private const int RowsAtOnce = 512;
    private const int LinesShown = 3;
    private const long Room = 1 << 16; // a part of a second's samples

    /// <inheritdoc/>
    public async Task DrawAsync(
        PromptedPolicy policy, DrawPlan plan, ISampleStore store, Action<IReadOnlyList<Sample>> onSamples, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(Path.GetFullPath(run), "shards", NameOf(plan.Draw));
        var waiting = new Queue<Shard>(Prepare(policy, plan, store, folder));
        var underWay = new List<Shard>();
        await scheduler.StopAsync(JobsOfOtherCuts(folder));
        try
        {
            TakeOver(waiting, underWay);
            while (waiting.Count + underWay.Count > 0)
            {
                int free = Math.Min(waiting.Count, scheduler.MostAtOnce - underWay.Count);
                if (free > 0)
                {
                    await SubmitAsync([.. Enumerable.Range(0, free).Select(_ => waiting.Dequeue())], underWay, cancellationToken);
                }

                await Task.Delay(options.Interval, cancellationToken);
                await LookAsync(waiting, underWay, shard => Merge(shard, store, onSamples), cancellationToken);
            }
        }
        catch
        {
            await scheduler.StopAsync([.. underWay.Select(shard => shard.Job)]);
            throw;
        }

        NewFolder.Delete(folder);
        if (!Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(folder)!).Any())
        {
            NewFolder.Delete(Path.GetDirectoryName(folder)!);
        }
    }

    /// <summary>Writes the specs of the shards of which samples are missing.</summary>
    private List<Shard> Prepare(PromptedPolicy policy, DrawPlan plan, ISampleStore store, string folder)
    {
        var shards = new List<Shard>();
        for (int number = 0; number < options.Shards; number++)
        {
            var spec = new ShardSpec
            {
                Contract = ShardSpec.CurrentContract,
                Run = Path.GetFullPath(run),
                Identity = identity.Parts,
                Iteration = plan.Draw.Iteration,
                Draw = plan.Draw.Name,
                Policy = ShardPolicy.Of(policy, policy.Source!),
                Fingerprint = policy.Policy.Fingerprint,
                Shard = number,
                ShardCount = options.Shards,
            };
            IReadOnlyList<Problem> problems = spec.Of(plan.Problems);
            if (problems.All(problem => store.Indices(plan.Draw, problem.Id).Count == plan.Samples))
            {
                continue;
            }

            var shard = new Shard(spec, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D4}-of-{options.Shards:D4}")), (long)problems.Count * plan.Samples);
            NewFolder.Create(shard.Folder);
            spec.Write(shard.SpecPath);
            shards.Add(shard);
        }

        return shards;
    }

    /// <summary>Jobs of an earlier start that cut the draw into another number of shards: they would draw what others draw.</summary>
    private string[] JobsOfOtherCuts(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder)
            .Where(shard => !shard.EndsWith(string.Create(CultureInfo.InvariantCulture, $"-of-{options.Shards:D4}"), StringComparison.Ordinal))
            .Select(shard => Path.Combine(shard, "job")).Where(File.Exists).Select(File.ReadAllText),
    ];

    private static void TakeOver(Queue<Shard> waiting, List<Shard> underWay)
    {
        for (int left = waiting.Count; left > 0; left--)
        {
            Shard shard = waiting.Dequeue();
            if (File.Exists(shard.JobPath))
            {
                shard.Job = File.ReadAllText(shard.JobPath);
                underWay.Add(shard);
            }
            else
            {
                waiting.Enqueue(shard);
            }
        }
    }

    private async Task SubmitAsync(Shard[] shards, List<Shard> underWay, CancellationToken cancellationToken)
    {
        var jobs = await scheduler.SubmitAsync([.. shards.Select(shard => shard.Folder)], cancellationToken);
        foreach (var (shard, job) in shards.Zip(jobs))
        {
            shard.Job = job;
            shard.Attempts++;
            AtomicFile.WriteText(shard.JobPath, job);
            underWay.Add(shard);
        }
    }

    private async Task LookAsync(Queue<Shard> waiting, List<Shard> underWay, Action<Shard> merge, CancellationToken cancellationToken)
    {
        var ended = await scheduler.EndedAsync([.. underWay.Select(shard => shard.Job)], cancellationToken);
        foreach (Shard shard in underWay.Where(shard => ended.ContainsKey(shard.Job)).ToList())
        {
            underWay.Remove(shard);
            AtomicFile.Delete(shard.JobPath);
            if (FaultOf(shard, merge) is not { } fault)
            {
                continue;
            }

            string text = $"shard {shard.Spec.Shard} of {shard.Spec.ShardCount} ({shard.Spec.Draw}, iteration {shard.Spec.Iteration}): {ended[shard.Job]}{fault}";
            if (shard.Attempts >= options.Attempts)
            {
                throw new EngineException(FormattableString.Invariant($"{text} It was started {shard.Attempts} times, expected at most {options.Attempts} (executor.attempts). What was drawn is kept; see {shard.LogPath}, then start the same command again."));
            }

            notice($"{text} It is started again.");
            waiting.Enqueue(shard);
        }
    }

    /// <summary>Merges what is sealed; what keeps it from that, or null.</summary>
    private static string? FaultOf(Shard shard, Action<Shard> merge)
    {
        if (!File.Exists(shard.SamplesPath))
        {
            return " without samples" + Full(shard.Folder) + Said(shard.LogPath);
        }

        try
        {
            merge(shard);
            return null;
        }
        catch (InvalidDataException fault)
        {
            AtomicFile.Delete(shard.SamplesPath); // drawn again
            return ", but " + fault.Message;
        }
    }

    private static void Merge(Shard shard, ISampleStore store, Action<IReadOnlyList<Sample>> onSamples)
    {
        var known = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        foreach (Sample[] part in ShardFile.Read(shard.SamplesPath, shard.Spec, shard.Samples).Chunk(RowsAtOnce))
        {
            Sample[] missing = [.. part.Where(sample => !Known(sample.Completion.ProblemId).Contains(sample.Completion.Index))];
            if (missing.Length > 0)
            {
                onSamples(missing);
            }
        }

        HashSet<int> Known(string problem)
        {
            if (!known.TryGetValue(problem, out HashSet<int>? indices))
            {
                known[problem] = indices = [.. store.Indices(shard.Spec.DrawId, problem)];
            }

            return indices;
        }
    }

    /// <summary>Whether there is room: where there is none, a shard could not even say so.</summary>
    private static string Full(string folder) => new DriveInfo(folder).AvailableFreeSpace is var left && left < Room
        ? string.Create(CultureInfo.InvariantCulture, $" (the disk of {folder} has {left} bytes left)")
        : "";

    /// <summary>The last lines of a log.</summary>
    private static string Said(string log)
    {
        string[] lines = File.Exists(log) ? [.. File.ReadLines(log).Where(line => line.Length > 0).TakeLast(LinesShown)] : [];
        return lines.Length == 0 ? "." : $": {string.Join(" | ", lines).TrimEnd('.')}.";
    }

    private static string NameOf(DrawId draw)
    {
        string readable = string.Concat(draw.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(draw.Name)))[..8];
        return string.Create(CultureInfo.InvariantCulture, $"{draw.Iteration:D3}-{readable[..Math.Min(readable.Length, 40)]}-{digest}");
    }

    /// <summary>A shard on its way.</summary>
    private sealed class Shard(ShardSpec spec, string folder, long samples)
    {
        internal ShardSpec Spec => spec;

        internal string Folder => folder;

        internal long Samples => samples;

        internal string Job { get; set; } = "";

        internal int Attempts { get; set; }

        internal string SpecPath => Path.Combine(folder, ShardSpec.Name);

        internal string SamplesPath => Path.Combine(folder, ShardSpec.SamplesName);

        internal string JobPath => Path.Combine(folder, "job");

        internal string LogPath => Path.Combine(folder, "shard.log");
    }
}

/// <summary>How draws are cut.</summary>
/// <param name="Shards">Of each draw, at least 1.</param>
/// <param name="Attempts">Starts of a shard, at least 1.</param>
/// <param name="Interval">Between two looks at the scheduler.</param>
public sealed record ShardOptions(int Shards, int Attempts, TimeSpan Interval);
