using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ReSTEM.Hosting;
using ReSTEM.Reporting;

namespace ReSTEM.Dashboard;

/// <summary>
/// Runs as live pages on 127.0.0.1: a page of all, and the report of each and of several side by side. It reads and never writes, and
/// what is asked of it in another way than by reading is refused.
/// </summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(15);
    private const int PagesBetweenEvents = 5; // making pages takes a fifth of one processor at most

    private readonly RunWatch _watch;
    private readonly ReportPages _pages;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private LocalServer? _server;
    private Task _watching = Task.CompletedTask;

    private DashboardServer(IReadOnlyList<string> places, RunOpener open, TimeProvider time)
    {
        _watch = new RunWatch(new RunFinder(places), time);
        _pages = new ReportPages(_watch, open, time);
        _time = time;
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _server!.Address;

    /// <summary>Ends with the dashboard, or before it with a fault.</summary>
    public Task Ended => _watching;

    /// <summary>How many runs were found so far.</summary>
    public int RunCount => _watch.Runs().Count;

    /// <summary>Looks for runs and starts to serve them.</summary>
    /// <param name="places">Run folders, and folders of run folders.</param>
    /// <param name="open">Opens a run for its report.</param>
    /// <param name="port">0 to 65535; 0 takes any that is free.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public static async Task<DashboardServer> StartAsync(IReadOnlyList<string> places, RunOpener open, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        var dashboard = new DashboardServer(places, open, time);
        try
        {
            dashboard._server = await LocalServer.StartAsync(port, dashboard.Map, cancellationToken);
            dashboard._watch.Find();
            dashboard._watching = Task.Run(() => dashboard._watch.RunAsync(dashboard._stop.Token), CancellationToken.None);
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops serving. Runs that go on are not touched.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // who waits for the end has the fault
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _pages.Dispose();
        _watch.Dispose();
        _stop.Dispose();
    }

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => WriteAsync(context, OverviewPage.Text(
            _watch.Runs(), _watch.Places, new LivePage("", "/", "/events", _watch.Version, 0)), StatusCodes.Status200OK));
        routes.MapGet("/events", context => TellAsync(context, () => _watch.Version, () => BetweenEvents));
        routes.MapGet("/runs/{run}", context => ReportAsync(context, [Run(context)]));
        routes.MapGet("/runs/{run}/events", context => TellAsync(context, () => _pages.VersionOf([Run(context)]), BetweenPages));
        routes.MapGet("/compare", context => ReportAsync(context, Compared(context)));
        routes.MapGet("/compare/events", context => TellAsync(context, () => _pages.VersionOf(Compared(context)), BetweenPages));
        routes.MapFallback(context => WriteAsync(context, OfFault("No such page", $"{context.Request.Path} is no page of this dashboard."), StatusCodes.Status404NotFound));
    }

    private static string Run(HttpContext context) => (string)context.Request.RouteValues["run"]!;

    private static List<string> Compared(HttpContext context) => [.. context.Request.Query["run"].OfType<string>().Distinct()];

    private TimeSpan BetweenPages() => _pages.LastTook * PagesBetweenEvents is var pause && pause > BetweenEvents ? pause : BetweenEvents;

    private string OfFault(string title, string fault) => OverviewPage.OfFault(title, fault, new LivePage("/", "/", "/events", _watch.Version, 0));

    private async Task ReportAsync(HttpContext context, List<string> slugs)
    {
        if (slugs.Count == 0)
        {
            await WriteAsync(context, OfFault("Side by side", "No run is ticked: tick two or more on the page of all runs."), StatusCodes.Status400BadRequest);
            return;
        }

        if (slugs.FirstOrDefault(slug => _watch.Find(slug) is null) is { } unknown)
        {
            await WriteAsync(context, OfFault(unknown, $"No run '{unknown}' in {_watch.Places}."), StatusCodes.Status404NotFound);
            return;
        }

        string query = string.Join('&', context.Request.Path.StartsWithSegments("/compare") ? slugs.Select(slug => "run=" + Uri.EscapeDataString(slug)) : []);
        string address = context.Request.Path.StartsWithSegments("/compare") ? "/compare" : "/runs/" + Uri.EscapeDataString(slugs[0]);
        var (page, isFault) = await _pages.OfAsync(
            address, query.Length > 0 ? "?" + query : "", slugs, hasSamples: context.Request.Query["part"] != "sections", context.RequestAborted);
        await WriteAsync(context, page, isFault ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
    }

    private static Task WriteAsync(HttpContext context, string page, int status)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'"; // the rest is in the page, which says what its programs are
        return response.WriteAsync(page, context.RequestAborted);
    }

    /// <summary>Tells the version at once, and again whenever it is another one, until the listener or the server goes.</summary>
    private async Task TellAsync(HttpContext context, Func<string?> versionNow, Func<TimeSpan> pause)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            EventStream events = await EventStream.BeginAsync(context.Response, end.Token);
            string? told = null;
            while (true)
            {
                Task changed = _watch.Changed; // taken first: what changes from here on is not missed
                if (versionNow() is { } version && version != told)
                {
                    await events.SendAsync("version", version, end.Token);
                    told = version;
                    await Task.Delay(pause(), _time, end.Token);
                    continue;
                }

                if (await Task.WhenAny(changed, Task.Delay(BetweenBeats, _time, end.Token)) != changed)
                {
                    await events.BeatAsync(end.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The listener has gone, or the dashboard ends.
        }
    }
}
