using System.Net;
using System.Net.Sockets;
using ReSTEM.Dashboard;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>The dashboard, in a real browser and without one.</summary>
public sealed class DashboardBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private readonly string _runs = Directory.CreateTempSubdirectory("restem-dashboard-").FullName;

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    [BrowserFact]
    public async Task The_page_of_all_runs_follows_them()
    {
        BrowsedRun first = Run("first", problems: 6);
        await using DashboardServer server = await ServeAsync(first);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(server.Address.ToString(), Row("first", "stopped", "50.0 \u2192 33.3") + " && " + Cell("first", "12"));

        first.GoOn(index: 1);
        await page.UntilAsync(Cell("first", "18"));
        using (RunFolder.Hold(first.Folder))
        {
            await page.UntilAsync(Row("first", "running"));
        }

        await page.UntilAsync(Row("first", "stopped"));
        await page.EvaluateAsync("document.querySelector('input[value=first]').click()");
        Run("second", problems: 3);
        await page.UntilAsync(Row("second", "stopped"));
        Assert.True((await page.EvaluateAsync("document.querySelector('input[value=first]').checked")).GetBoolean()); // what was ticked stays so
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_runs, "third")).FullName, "run.db"), "no ledger at all");
        await page.UntilAsync(Row("third", "faulty", "run.db is damaged"));
        Directory.Delete(Path.Combine(_runs, "second"), recursive: true);
        await page.UntilAsync(Row("second", "faulty", "has no run.db any more: the run was moved or deleted."));
        Assert.Equal([], page.Faults);
    }

    [BrowserFact]
    public async Task A_report_is_exchanged_while_its_run_goes_on_and_what_its_reader_chose_stays()
    {
        BrowsedRun run = Run("first", problems: 8);
        await using DashboardServer server = await ServeAsync(run);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync($"{server.Address}runs/first#samples?verdict=Incorrect", "document.getElementById('samples')?.dataset.ready === 'yes' && document.querySelector('.live .state').textContent === 'live'");
        Assert.Equal("9 of 16 samples", await TextAsync(page, "[data-part=count]")); // wrong: 4 odd ones, and 5 not divisible by three

        run.GoOn(index: 1);
        await page.UntilAsync("!document.querySelector('[data-part=fresh]').hidden");
        Assert.Equal("Show 8 new samples", await TextAsync(page, "[data-part=fresh]"));
        Assert.Equal("9 of 16 samples", await TextAsync(page, "[data-part=count]"));
        await page.EvaluateAsync("document.querySelector('[data-part=fresh]').click()");
        await page.UntilAsync("document.querySelector('[data-part=count]')?.textContent === '17 of 24 samples'");
        Assert.Equal([], page.Faults);

        await server.DisposeAsync();
        await page.UntilAsync("document.querySelector('.live .state').textContent === 'no connection, trying again'");
    }

    [BrowserFact]
    public async Task Ticked_runs_stand_side_by_side()
    {
        BrowsedRun first = Run("first", problems: 4), second = Run("second", problems: 5);
        await using DashboardServer server = await ServeAsync(first, second);
        await using BrowserPage page = await chromium.PageAsync();
        await page.OpenAsync(server.Address.ToString(), Row("first", "stopped") + " && " + Row("second", "stopped"));
        await page.EvaluateAsync("document.querySelectorAll('input').forEach(input => input.click()); document.querySelector('.beside button').click()");
        await page.UntilAsync("document.getElementById('samples')?.dataset.ready === 'yes'");
        Assert.Equal("2 runs side by side", await TextAsync(page, "h1"));
        Assert.Equal("18 of 18 samples", await TextAsync(page, "[data-part=count]"));
        await page.EvaluateAsync("document.querySelectorAll('details.run')[1].open = true");
        first.GoOn(index: 1);
        await page.UntilAsync("document.body.dataset.refreshed > 0");
        Assert.Equal("false true", (await page.EvaluateAsync("[...document.querySelectorAll('details.run')].map(each => each.open).join(' ')")).GetString());
        Assert.Equal([], page.Faults);
    }

    [Fact]
    public async Task Who_calls_the_machine_by_another_name_or_wants_to_write_is_refused()
    {
        await using DashboardServer server = await ServeAsync(Run("first", problems: 2));
        using var client = new HttpClient();
        foreach (string host in (string[])["evil.example", $"evil.example:{server.Address.Port}", "127.0.0.1:1", "127.0.0.1.evil.example", ""])
        {
            using var foreign = new HttpRequestMessage(HttpMethod.Get, server.Address);
            foreign.Headers.Host = host.Length > 0 ? host : "[::1]";
            using HttpResponseMessage refused = await client.SendAsync(foreign);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
            Assert.Contains("this server answers its own machine alone", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete])
        {
            using HttpResponseMessage refused = await client.SendAsync(new HttpRequestMessage(method, server.Address));
            Assert.False(refused.IsSuccessStatusCode);
        }

        using HttpResponseMessage page = await client.GetAsync(new Uri($"http://localhost:{server.Address.Port}/runs/first"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", page.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single());
        string text = await page.Content.ReadAsStringAsync();
        Assert.Contains("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_shown_is_told_in_one_line()
    {
        BrowsedRun run = Run("first", problems: 2);
        Run("broken", problems: 2);
        await using DashboardServer server = await DashboardServer.StartAsync(
            [_runs], (folder, _) => folder.EndsWith("broken", StringComparison.Ordinal) ? new OpenedRun(null, "its problems have changed") : Open(run), 0, TimeProvider.System, CancellationToken.None);
        await Told(HttpStatusCode.NotFound, "No run &#39;none&#39; in ", "runs/none");
        await Told(HttpStatusCode.NotFound, "/nothing is no page of this dashboard.", "nothing");
        await Told(HttpStatusCode.BadRequest, "No run is ticked", "compare");
        await Told(HttpStatusCode.Conflict, "its problems have changed", "runs/broken");
        await Told(HttpStatusCode.Conflict, "its problems have changed", "compare?run=first&run=broken");

        var fault = await Assert.ThrowsAsync<IOException>(() => DashboardServer.StartAsync(
            [_runs], (_, _) => Open(run), server.Address.Port, TimeProvider.System, CancellationToken.None));
        Assert.Equal($"port {server.Address.Port} is in use by another program, expected a free one. Name another with --port, or take any that is free: --port 0.", fault.Message);

        async Task Told(HttpStatusCode status, string line, string address)
        {
            using var client = new HttpClient();
            using HttpResponseMessage page = await client.GetAsync(new Uri(server.Address, address));
            string text = await page.Content.ReadAsStringAsync();
            Assert.True(status == page.StatusCode && text.Contains(line, StringComparison.Ordinal), $"{page.StatusCode}: {text}");
        }
    }

    [Fact]
    public async Task Runs_of_other_versions_a_damaged_one_and_one_that_is_written_stand_in_one_page()
    {
        BrowsedRun now = Run("now", problems: 4), older = Run("older", problems: 4);
        older.Execute(string.Concat(older.Triggers().Select(trigger => $"DROP TRIGGER {trigger}; "))
            + "DROP TABLE seals; DROP TABLE files; DROP TABLE identity; DROP TABLE checkpoints; DROP TABLE mixups; DROP TABLE archives; PRAGMA user_version = 3");
        byte[] before = File.ReadAllBytes(Path.Combine(older.Folder, RunLedger.FileName));
        Run("newer", problems: 4).Execute("PRAGMA user_version = 99");
        Run("damaged", problems: 4).Execute("DROP TRIGGER samples_update; UPDATE samples SET reason = 'other'");
        using IDisposable held = RunFolder.Hold(now.Folder);
        await using DashboardServer server = await DashboardServer.StartAsync(
            [_runs], (folder, _) => Open(new[] { now, older }.First(run => run.Folder == folder)), 0, TimeProvider.System, CancellationToken.None);
        using var client = new HttpClient();
        string text;
        do
        {
            text = await client.GetStringAsync(server.Address);
        }
        while (text.Contains("being opened", StringComparison.Ordinal));

        foreach (var (slug, stage, told) in new[]
        {
            ("now", "running", "50.0 \u2192 33.3"), ("older", "stopped", "50.0 \u2192 33.3"),
            ("newer", "faulty", "ledger version is 99, expected at most "), ("damaged", "faulty", "what it holds of "),
        })
        {
            string row = text.Split("<tr ").Single(row => row.Contains($"data-run=\"{slug}\"", StringComparison.Ordinal));
            Assert.Contains($"data-stage=\"{stage}\"", row, StringComparison.Ordinal);
            Assert.Contains(told, row, StringComparison.Ordinal);
        }

        foreach (var (slug, status, told) in new[]
        {
            ("now", HttpStatusCode.OK, "id=\"samples\""), ("older", HttpStatusCode.OK, "id=\"samples\""),
            ("newer", HttpStatusCode.Conflict, "ledger version is 99"), ("damaged", HttpStatusCode.Conflict, "what it holds of "),
        })
        {
            using HttpResponseMessage page = await client.GetAsync(new Uri(server.Address, $"runs/{slug}"));
            Assert.Equal((slug, status), (slug, page.StatusCode));
            Assert.Contains(told, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllBytes(Path.Combine(older.Folder, RunLedger.FileName)));
    }

    [Fact]
    public async Task A_hundred_runs_are_looked_at_and_none_is_kept_open()
    {
        BrowsedRun one = Run("run-000", problems: 2);
        foreach (int number in Enumerable.Range(1, 99))
        {
            string folder = Directory.CreateDirectory(Path.Combine(_runs, $"run-{number:D3}")).FullName;
            File.Copy(Path.Combine(one.Folder, "run.db"), Path.Combine(folder, "run.db"));
        }

        await using DashboardServer server = await ServeAsync(one);
        Assert.Equal(100, server.RunCount);
        using var client = new HttpClient();
        string text;
        do
        {
            text = await client.GetStringAsync(server.Address);
        }
        while (text.Contains("being opened", StringComparison.Ordinal));
        Assert.Equal(100, text.Split("50.0 \u2192 33.3 %").Length - 1);
        Assert.DoesNotContain(
            Directory.EnumerateFiles("/proc/self/fd").Select(entry => new FileInfo(entry).LinkTarget), file => file?.StartsWith(_runs, StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task The_verb_says_where_it_is_and_ends_as_others_do()
    {
        using var restem = new Restem();
        Assert.Equal((2, ""), (restem.Run("dashboard").ExitCode, restem.Run("dashboard").Output));
        Assert.Contains("error: runs is no folder, expected a run folder or a folder of runs", restem.Run("dashboard").Errors, StringComparison.Ordinal);
        Assert.Equal(2, restem.Run("dashboard", ".", "--port", "65536").ExitCode);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (exitCode, _, errors) = restem.Run("dashboard", ".", "--port", $"{port}");
        Assert.Equal((1, $"error: port {port} is in use by another program, expected a free one. Name another with --port, or take any that is free: --port 0.\n"), (exitCode, errors));

        using var process = restem.Start([], "dashboard", _runs, "--port", "0");
        string? line = await process.StandardOutput.ReadLineAsync();
        Assert.Matches(@"^dashboard: http://127\.0\.0\.1:\d+/ \(0 runs; Ctrl-C ends it\)$", line);
        using (var client = new HttpClient())
        {
            Assert.Contains("No run yet", await client.GetStringAsync(new Uri(line!.Split(' ')[1])), StringComparison.Ordinal);
        }

        using (var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        string told = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((130, "stopping (once more to stop at once)\ninterrupted: the dashboard has ended; runs go on.\n"), (process.ExitCode, told));
    }

    private BrowsedRun Run(string name, int problems)
    {
        var run = new BrowsedRun(Path.Combine(_runs, name), problems, samples: 1);
        run.Train();
        return run;
    }

    private Task<DashboardServer> ServeAsync(params BrowsedRun[] runs) => DashboardServer.StartAsync(
        [_runs], (folder, _) => Open(runs.First(run => run.Folder == folder)), 0, TimeProvider.System, CancellationToken.None);

    private static OpenedRun Open(BrowsedRun run)
    {
        RunLedger ledger = RunLedger.OpenToRead(run.Folder);
        return new OpenedRun(new ReportedRun(run.Folder, ledger, SummaryReader.Read(ledger, run.View(Path.GetFileName(run.Folder)))), "");
    }

    /// <summary>Whether a run has a row in this stage with this text.</summary>
    private static string Row(string slug, string stage, string text = "") =>
        $"(document.querySelector('tr[data-run={slug}][data-stage={stage}]')?.textContent ?? '-').includes('{text}')".Replace("?? '-').includes('')", "?? '-') !== '-'", StringComparison.Ordinal);

    private static string Cell(string slug, string samples) => $"document.querySelector('tr[data-run={slug}] .count')?.textContent === '{samples}'";

    private static async Task<string> TextAsync(BrowserPage page, string selector) =>
        (await page.EvaluateAsync($"document.querySelector('{selector}').textContent")).GetString()!;
}
