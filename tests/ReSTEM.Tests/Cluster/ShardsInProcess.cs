using ReSTEM.Cluster;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>A scheduler that draws each shard of a <see cref="FakeRun"/> where it stands, when it is submitted, and does to it what a test wants.</summary>
/// <param name="run">Whose draws are cut.</param>
/// <param name="engine">Of the run.</param>
/// <param name="fate">What becomes of a job, by its number from 0; true for nothing, false for a job that is lost before it begins.</param>
internal sealed class ShardsInProcess(FakeRun run, IEngine engine, Func<int, bool> fate) : IShardScheduler
{
    private static int _allJobs; // none of one scheduler is taken for one of another

    private readonly Dictionary<string, string> _ends = [];

    public int MostAtOnce => 2;

    /// <summary>Is told of the folder of a shard that has been sealed.</summary>
    internal Action<string> OnSealed { get; init; } = _ => { };

    public async Task<IReadOnlyList<string>> SubmitAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        var jobs = new List<string>();
        foreach (string folder in folders)
        {
            string job = $"job-{Interlocked.Increment(ref _allJobs)}";
            jobs.Add(job);
            _ends[job] = fate(_ends.Count) ? await RunAsync(folder, cancellationToken) : $"{job} is gone";
        }

        return jobs;
    }

    public Task<IReadOnlyDictionary<string, string>> EndedAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(jobs.ToDictionary(job => job, job => _ends.GetValueOrDefault(job, $"{job} is gone")));

    public Task StopAsync(IReadOnlyCollection<string> jobs) => Task.CompletedTask;

    private async Task<string> RunAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            var spec = ShardSpec.Read(Path.Combine(folder, ShardSpec.Name));
            using var store = new ShardStore(folder, spec);
            using var policy = new PromptedPolicy(engine.Open(spec.Policy.Ref), engine.Describe(spec.Policy.Ref), spec.Policy.IsUntrained);
            DrawPlan whole = DrawPlans.Of(run.Options, run.Problems, spec.DrawId), share = whole with { Problems = spec.Of(whole.Problems) };
            await new Drawing(run.Verifier, store, new FakeClock(), run.Options.Drawing with { CommitInterval = TimeSpan.Zero }, VerdictCache.ForRun()).DrawAsync(policy, share, cancellationToken);
            store.Seal(share.Problems);
            OnSealed(folder);
            return "it ended with 0";
        }
        catch (IOException)
        {
            return "it ended with 1"; // what it said went to a log on the same disk
        }
    }

    private sealed class FakeClock : IPhaseClock
    {
        public void Advance(PhaseProgress advance)
        {
        }

        public PhaseBooking? Book(long tokens) => null;
    }
}
