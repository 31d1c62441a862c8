using System.Collections.Concurrent;
using ReSTEM.Dashboard;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>What the dashboard tells of a run is never the number of one look with what another one saw.</summary>
public sealed class WatchedRunTests : IDisposable
{
    private readonly string _runs = Directory.CreateTempSubdirectory("restem-watched-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [Fact]
    public async Task A_version_is_of_one_sight_whenever_it_is_asked_for()
    {
        var run = new BrowsedRun(Path.Combine(_runs, "first"), problems: 4, samples: 1);
        using var watched = new WatchedRun(run.Folder, "first");
        var samples = new ConcurrentDictionary<int, long>();
        using var stop = new CancellationTokenSource();
        Task asking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Sighting seen = watched.Last;
                Assert.Equal(seen.Glance.Samples, samples.GetOrAdd(seen.Version, seen.Glance.Samples));
            }
        });
        for (int index = 1; index <= 10; index++)
        {
            run.GoOn(index);
            Assert.True(watched.Look());
            Assert.Equal((index, 8 + (4 * index)), (watched.Last.Version, watched.Last.Glance.Samples));
        }

        await stop.CancelAsync();
        await asking;
    }

    [Fact]
    public void A_log_that_stays_as_it_is_is_looked_at_once_more()
    {
        var run = new BrowsedRun(Path.Combine(_runs, "first"), problems: 4, samples: 1);
        using var watched = new WatchedRun(run.Folder, "first");
        Assert.Equal((true, false), (watched.Look(), watched.Look())); // no log: all is in the database
        using (RunLedger.Open(run.Folder))
        {
            run.GoOn(index: 1); // not the last to close it: the log stays
            Assert.True(File.Exists(Path.Combine(run.Folder, "run.db-wal")));
            Assert.Equal((true, true, false), (watched.Look(), watched.Look(), watched.Look()));
        }
    }
}
