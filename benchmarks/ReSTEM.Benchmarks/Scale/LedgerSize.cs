using System.Diagnostics;
using System.Globalization;
using System.Text;
using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Benchmarks;

/// <summary>
/// What the loop's own work costs at a size: an iteration of <see cref="LargeRun"/> through the loop, the shards and the ledger of the product, killed
/// when its draws are merged and started again, with seconds, bytes and peak memory of each part.
/// </summary>
internal static class LedgerSize
{
    private const int Problems = 5_000;
    private const int Shards = 8;
    private const int BatchSamples = 4096;
    private const string Merging = "merge";
    private const string GoingOn = "resume";
    private const string Looking = "look";
    private const string Archiving = "archive";
    private const string Filling = "fill";
    private const string Beginning = "begin";

    /// <summary>Measures each size in processes of its own, and writes a table.</summary>
    /// <param name="results">Folder of the page.</param>
    /// <param name="samples">Sizes; multiples of 5,000.</param>
    internal static void WriteReport(string results, int[] samples)
    {
        var rows = new Dictionary<string, List<string>>();
        foreach (int count in samples)
        {
            string folder = Directory.CreateTempSubdirectory("restem-large-").FullName;
            foreach (string line in new[] { Merging, GoingOn, Looking, Archiving }.SelectMany(part => Child(folder, part, count)))
            {
                Console.WriteLine($"{count}: {line}");
                string[] cells = line.Split('\t', 2);
                rows.TryAdd(cells[0], []);
                rows[cells[0]].Add(cells[1]);
            }

            Directory.Delete(folder, recursive: true);
        }

        var text = new StringBuilder("# A large run\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Problems:N0} problems, completions of 200 tokens, each another text; half of them right, all right ones trained on. ");
        text.Append(CultureInfo.InvariantCulture, $"Drawn in {Shards} shards in one process; no model, nothing to judge. Seconds by the clock; memory is the peak of the resident set, and what is alive at the end of the part.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", samples.Select(count => $"{count:N0} samples"))} |\n|---|{string.Concat(samples.Select(_ => "--:|"))}\n");
        foreach (var (name, cells) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} |\n");
        }

        Directory.CreateDirectory(results);
        File.WriteAllText(
            Path.Combine(results, "large-run.md"),
            text + $"\n{ResultFile.Machine()}\n\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- large benchmarks/results {string.Join(' ', samples)}\n");
    }

    /// <summary>Fills a ledger without shards, and prints how long a run takes to go on with it; for more samples than one cares to train on.</summary>
    internal static void Resume(int samples)
    {
        string folder = Directory.CreateTempSubdirectory("restem-large-").FullName;
        foreach (string line in new[] { Filling, Beginning }.SelectMany(part => Child(folder, part, samples)))
        {
            Console.WriteLine($"{samples}: {line}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{samples}: {OnDisk(folder, samples)}"));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>One part in this process; prints a line for each figure.</summary>
    internal static async Task RunAsync(string folder, string part, int samples)
    {
        var watch = new PartWatch();
        using var end = new CancellationTokenSource();
        var run = new LargeRun(Problems, samples / Problems, Drawn, what => watch.Tell(what, samples / 2));
        if (part is Looking or Archiving)
        {
            Action<string, int, PartWatch> look = part == Looking ? Look : Archive;
            look(folder, samples, watch);
            return;
        }

        using RunLedger ledger = RunLedger.Open(folder);
        watch.Tell(part is Merging or Filling ? "ledger made" : "ledger opened to go on", 0);
        if (part == Filling)
        {
            Fill(ledger, run);
            watch.Tell("written", samples);
            return;
        }

        var executor = new ShardedDraws(
            new ShardsHere(run, () => watch.Tell("shards drawn and sealed", samples)), new ShardOptions(Shards, 1, TimeSpan.FromMilliseconds(1)), folder, RunIdentity.Empty, Console.Error.WriteLine);
        var loop = new SelfTraining(run.Options, new RunProblems(run.Problems, [], []), run, run, ledger, new EndsOfPhases(name => watch.Tell(name == EStep.Phase ? "kept samples chosen and written" : "M-step recorded, its completions scored", samples)), TimeProvider.System)
        {
            Executor = part == Merging ? new UpToMerge(executor, () => watch.Tell("shards merged into the ledger", samples), end) : null,
        };
        try
        {
            await loop.RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // as if it were killed here
        }

        void Drawn()
        {
            watch.Tell("resumed: begins to draw", samples);
            if (part == Beginning)
            {
                end.Cancel();
            }
        }
    }

    private static void Fill(RunLedger ledger, LargeRun run)
    {
        var all = run.Problems.SelectMany(problem => Enumerable.Range(0, run.Options.EStep.Samples).Select(index => (Problem: problem, Index: index)));
        foreach (var part in all.SkipLast(1).Chunk(BatchSamples))
        {
            ledger.Samples.Write(DrawId.EStep(1), [.. part.Select(entry => LargeRun.Sample(entry.Problem, entry.Index))]);
        }
    }

    private static string OnDisk(string folder, int samples)
    {
        long bytes = new FileInfo(Path.Combine(folder, RunLedger.FileName)).Length;
        return string.Create(CultureInfo.InvariantCulture, $"ledger on disk\t{bytes / 1048576.0:N0} MiB, {bytes / (double)samples:N0} bytes a sample");
    }

    private static void Look(string folder, int samples, PartWatch watch)
    {
        using RunLedger ledger = RunLedger.Open(folder);
        watch.Tell("ledger opened again", 0);
        ledger.ContentDigest();
        watch.Tell("digest of the ledger", samples);
        ledger.Audit();
        watch.Tell("every row compared with its seal (audit)", samples);
        Console.WriteLine(OnDisk(folder, samples));
    }

    private static void Archive(string folder, int samples, PartWatch watch)
    {
        ArchivedDraw archived;
        using (RunLedger ledger = RunLedger.Open(folder))
        {
            watch.Tell("ledger opened to archive", 0);
            archived = ledger.Archive.Pack(DrawId.EStep(1));
            watch.Tell("samples moved into a file and compared", samples);
            ledger.Archive.Compact();
            watch.Tell("ledger compacted", 0);
            ledger.ContentDigest();
            watch.Tell("digest, samples unpacked for it", samples);
        }

        long bytes = new FileInfo(Path.Combine(folder, archived.Path)).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"archive on disk\t{bytes / 1048576.0:N0} MiB, {bytes / (double)samples:N0} bytes a sample"));
        Console.WriteLine(OnDisk(folder, samples).Replace("ledger on disk", "ledger beside it", StringComparison.Ordinal));
    }

    private static string[] Child(string folder, string part, int samples) =>
        Subprocess.Self("large-part", folder, part, samples.ToString(CultureInfo.InvariantCulture)).Lines;

    /// <summary>Prints what came since it was told last: seconds, rate, and peak memory.</summary>
    private sealed class PartWatch
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();

        internal void Tell(string what, long samples)
        {
            double seconds = _clock.Elapsed.TotalSeconds;
            double peak = Subprocess.PeakMebibytes();
            double alive = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
            string rate = samples == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({samples / seconds:N0} a second)");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}\t{seconds:N1} s{rate}, {peak:N0} MiB, {alive:N0} alive"));
            File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew
            _clock.Restart();
        }
    }

    /// <summary>Ends the run when its draws are merged, but for one sample, so that there is something to go on with.</summary>
    private sealed class UpToMerge(IDrawExecutor executor, Action merged, CancellationTokenSource end) : IDrawExecutor
    {
        public async Task DrawAsync(
            PromptedPolicy policy, DrawPlan plan, ISampleStore store, Action<IReadOnlyList<Sample>> onSamples, CancellationToken cancellationToken)
        {
            string last = plan.Problems[^1].Id;
            await executor.DrawAsync(
                policy, plan, store,
                samples => onSamples([.. samples.Where(sample => sample.Completion.ProblemId != last || sample.Completion.Index < plan.Samples - 1)]),
                cancellationToken);
            merged();
            await end.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed class EndsOfPhases(Action<string> ended) : ILoopProgress
    {
        private string _name = "";

        public void Started(PhaseStart phase) => _name = phase.Name;

        public void Advanced(PhaseProgress progress)
        {
        }

        public void Finished(double seconds, string detail) => ended(_name);

        public void Note(string message) => Console.Error.WriteLine(message);
    }
}
