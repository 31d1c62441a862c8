using ReSTEM.Reporting;

namespace ReSTEM.Dashboard;

/// <summary>Reports of the runs as pages, made when somebody asks and kept while their runs stay as they are.</summary>
internal sealed class ReportPages(RunWatch watch, RunOpener open, TimeProvider time) : IDisposable
{
    private const int MostKept = 4; // a page may have twenty megabytes

    private readonly SemaphoreSlim _one = new(1);
    private readonly List<(string Address, string Version, string Page)> _kept = [];

    /// <summary>How long the last page took: who waits for changes waits some times as long between two of them.</summary>
    internal TimeSpan LastTook { get; private set; }

    /// <summary>Changes whenever one of these runs does; null where one of them is not there.</summary>
    internal string? VersionOf(IReadOnlyList<string> slugs)
    {
        var seen = slugs.Select(watch.Find).ToList();
        return seen.Any(run => run is null) ? null : VersionOf(seen!);
    }

    /// <summary>The report of runs side by side, or of one.</summary>
    /// <param name="address">Of the page, without its query.</param>
    /// <param name="query">Of the page, with its question mark; names the runs where the address does not.</param>
    /// <param name="slugs">The runs, which are all there.</param>
    /// <param name="hasSamples">Whether it gets its samples.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The page, and whether it is one that says why there is none.</returns>
    internal async Task<(string Page, bool IsFault)> OfAsync(string address, string query, IReadOnlyList<string> slugs, bool hasSamples, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var seen = slugs.Select(slug => watch.Find(slug)!).ToList();
            string key = $"{address}{query}{hasSamples}", version = VersionOf(seen);
            if (_kept.FirstOrDefault(kept => kept.Address == key && kept.Version == version) is { Page: not null } found)
            {
                return (found.Page, false);
            }

            var glances = seen.Select(run => run.Glance).ToList();
            string part = $"{query}{(query.Length > 0 ? "&" : "?")}part=sections";
            var live = new LivePage("/", address + part, $"{address}/events{query}", version, Samples: 0);
            long begun = time.GetTimestamp();
            var (page, isFault) = await Task.Run(() => Make(glances, live, hasSamples, cancellationToken), cancellationToken);
            LastTook = time.GetElapsedTime(begun);
            if (!isFault)
            {
                _kept.RemoveAll(kept => kept.Address == key);
                _kept.Add((key, version, page));
                _kept.RemoveRange(0, Math.Max(0, _kept.Count - MostKept));
            }

            return (page, isFault);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static string VersionOf(List<Sighting> seen) => string.Join('.', seen.Select(run => run.Version));

    private (string Page, bool IsFault) Make(List<RunGlance> glances, LivePage live, bool hasSamples, CancellationToken cancellationToken)
    {
        string title = string.Join(", ", glances.Select(glance => glance.Name));
        if (glances.FirstOrDefault(glance => glance.Fault.Length > 0) is { } faulty)
        {
            return (OverviewPage.OfFault(title, faulty.Fault, live), true);
        }

        var opened = new List<OpenedRun>();
        try
        {
            opened.AddRange(glances.Select(glance => open(glance.Folder, cancellationToken)));
            if (opened.FirstOrDefault(run => run.Report is null) is { } other)
            {
                return (OverviewPage.OfFault(title, other.Fault, live), true);
            }

            long samples = opened.Sum(run => run.Report!.Ledger.Listing.Draws().Sum(draw => draw.Samples)); // those of the page, not of an earlier look
            return (HtmlReport.Text([.. Named(opened.Select(run => run.Report!))], hasSamples ? HtmlReport.UsualMostSamples : 0, live with { Samples = samples }), false);
        }
        catch (Exception fault) when (TellableFault.Is(fault))
        {
            return (OverviewPage.OfFault(title, fault.Message, live), true);
        }
        finally
        {
            opened.ForEach(run => run.Dispose());
        }
    }

    /// <summary>Each run under its name, or under its folder where two have one name.</summary>
    private static IEnumerable<ReportedRun> Named(IEnumerable<ReportedRun> runs)
    {
        var all = runs.ToList();
        return all.Select(run => all.Count(other => other.Summary.View.Name == run.Summary.View.Name) == 1
            ? run
            : run with { Summary = run.Summary with { View = run.Summary.View with { Name = run.Folder } } });
    }
}
