using ReSTEM.Reporting;

namespace ReSTEM.Dashboard;

/// <summary>All runs as they are now: looked at once a second, told to whoever waits for a change.</summary>
internal sealed class RunWatch(RunFinder finder, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<WatchedRun> _runs = [];
    private TaskCompletionSource _changed = New();
    private int _version;

    /// <summary>Changes whenever something on the page of all runs does.</summary>
    internal string Version => Volatile.Read(ref _version).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Ends at the next change.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Where runs are looked for.</summary>
    internal string Places => finder.Places;

    /// <summary>All runs: those that go on first, then by name.</summary>
    internal IReadOnlyList<RunGlance> Runs()
    {
        lock (_lock)
        {
            return [.. _runs.Select(run => run.Last.Glance).OrderBy(run => run.Stage is RunStage.Running ? 0 : 1).ThenBy(run => run.Folder, StringComparer.Ordinal)];
        }
    }

    /// <summary>What was seen of one run; null for none of that address.</summary>
    internal Sighting? Find(string slug)
    {
        lock (_lock)
        {
            return _runs.FirstOrDefault(run => run.Slug == slug)?.Last;
        }
    }

    /// <summary>Finds what is there, without looking into it.</summary>
    internal void Find()
    {
        lock (_lock)
        {
            foreach (string folder in finder.Folders().Where(folder => _runs.All(run => run.Folder != folder)).ToList())
            {
                _runs.Add(new WatchedRun(folder, SlugOf(folder)));
            }
        }
    }

    /// <summary>Looks again and again until it is stopped. A look that takes long is followed by a pause as long.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            long begun = time.GetTimestamp();
            Find();
            WatchedRun[] runs;
            lock (_lock)
            {
                runs = [.. _runs];
            }

            foreach (WatchedRun run in runs.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
            {
                if (run.Look())
                {
                    Tell();
                }
            }

            TimeSpan took = time.GetElapsedTime(begun);
            await Task.Delay(took > Pause ? took : Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runs.ForEach(run => run.Dispose());

    /// <summary>The folder's name, with a number where another run has it.</summary>
    private string SlugOf(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? name : $"{name}~{number}").First(slug => _runs.All(run => run.Slug != slug));
    }

    private void Tell()
    {
        Interlocked.Increment(ref _version);
        Interlocked.Exchange(ref _changed, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
