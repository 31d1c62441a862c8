using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// One page in Debian's chromium without a window, by the browser's own protocol
/// (https://chromedevtools.github.io/devtools-protocol/). It remembers every fault of the page and every request that leaves it.
/// All pages have one browser, which starts with the first; each has a profile of its own in it (a browser context).
/// </summary>
internal sealed partial class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Lazy<Task<Uri>> Browser = new(StartBrowserAsync);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(Patience);
    private string? _context;
    private string? _session;
    private string _own = "";
    private int _last;

    private Chromium()
    {
    }

    /// <summary>Null where there is none.</summary>
    internal static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Exceptions, errors in the console, and requests for anything but the page itself.</summary>
    internal List<string> Faults { get; } = [];

    /// <summary>An empty page.</summary>
    /// <param name="watched">Whether requests are watched: a browser that keeps what it read for a watcher takes twice the time for a long page.</param>
    internal static async Task<Chromium> StartAsync(bool watched = true)
    {
        var browser = new Chromium();
        await browser._socket.ConnectAsync(await Browser.Value, browser._patience.Token);
        browser._context = (await browser.CallAsync("Target.createBrowserContext", new { disposeOnDetach = true })).GetProperty("browserContextId").GetString();
        string target = (await browser.CallAsync("Target.createTarget", new { url = "about:blank", browserContextId = browser._context })).GetProperty("targetId").GetString()!;
        browser._session = (await browser.CallAsync("Target.attachToTarget", new { targetId = target, flatten = true })).GetProperty("sessionId").GetString();
        foreach (string domain in watched ? (string[])["Page", "Runtime", "Log", "Network"] : ["Page", "Runtime", "Log"])
        {
            await browser.CallAsync($"{domain}.enable", new { });
        }

        return browser;
    }

    /// <summary>Opens a page and waits for what is to hold.</summary>
    internal async Task OpenAsync(string url, string condition)
    {
        _own = url.StartsWith("http", StringComparison.Ordinal) ? new Uri(url).GetLeftPart(UriPartial.Authority) + "/" : "";
        await CallAsync("Page.navigate", new { url = "about:blank" });
        await CallAsync("Page.navigate", new { url });
        await UntilAsync(condition);
    }

    /// <summary>Waits until an expression is true.</summary>
    internal async Task UntilAsync(string condition)
    {
        while (await EvaluateAsync(condition) is not { ValueKind: JsonValueKind.True })
        {
            await Task.Delay(20, _patience.Token);
        }
    }

    /// <summary>The value of an expression in the page; promises are waited for.</summary>
    internal async Task<JsonElement> EvaluateAsync(string expression)
    {
        JsonElement answer = await CallAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        if (answer.TryGetProperty("exceptionDetails", out JsonElement fault))
        {
            throw new InvalidOperationException($"{expression}: {fault}");
        }

        return answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>Calls the protocol, and takes in what the page tells meanwhile.</summary>
    internal async Task<JsonElement> CallAsync(string method, object parameters)
    {
        int id = ++_last;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?> { ["id"] = id, ["method"] = method, ["params"] = parameters }
            .Concat(_session is null ? [] : [KeyValuePair.Create<string, object?>("sessionId", _session)]).ToDictionary());
        await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _patience.Token);
        while (true)
        {
            JsonElement received = await ReceiveAsync();
            if (received.TryGetProperty("id", out JsonElement answered) && answered.GetInt32() == id)
            {
                return received.TryGetProperty("result", out JsonElement result) ? result : throw new InvalidOperationException($"{method}: {received}");
            }

            Remember(received);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _session = null;
        await CallAsync("Target.disposeBrowserContext", new { browserContextId = _context });
        _socket.Dispose();
        _patience.Dispose();
    }

    /// <summary>Starts the browser, which ends with this process; gives the address that its protocol is spoken at.</summary>
    private static async Task<Uri> StartBrowserAsync()
    {
        string profile = Directory.CreateTempSubdirectory("restem-browser-").FullName;
        // Its own sandbox needs rights that containers lack; the pages are of this repository. It asks nothing of anybody, and no page waits for not being looked at.
        var process = Process.Start(new ProcessStartInfo(
            Program!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", $"--user-data-dir={profile}", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "about:blank",
            ])
        {
            RedirectStandardError = true,
        })!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            Directory.Delete(profile, recursive: true);
        };
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (Address().Match(line) is { Success: true } found)
            {
                _ = process.StandardError.ReadToEndAsync();
                return new Uri(found.Value);
            }
        }

        throw new InvalidOperationException("the browser ended before it listened, expected its address.");
    }

    private void Remember(JsonElement told)
    {
        string method = told.GetProperty("method").GetString()!;
        JsonElement parameters = told.GetProperty("params");
        bool isFault = method switch
        {
            "Runtime.exceptionThrown" => true,
            "Log.entryAdded" => parameters.GetProperty("entry").GetProperty("level").GetString() == "error",
            "Runtime.consoleAPICalled" => parameters.GetProperty("type").GetString() == "error",
            "Network.requestWillBeSent" => parameters.GetProperty("request").GetProperty("url").GetString() is { } url
                && !OwnRequest().IsMatch(url) && !(_own.Length > 0 && url.StartsWith(_own, StringComparison.Ordinal)),
            _ => false,
        };
        if (isFault)
        {
            Faults.Add($"{method}: {parameters}");
        }
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var text = new MemoryStream();
        byte[] part = new byte[1 << 16];
        WebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(part, _patience.Token);
            text.Write(part, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(text.ToArray()));
    }

    [GeneratedRegex(@"ws://127\.0\.0\.1:\d+\S+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^(?:file:.*\.html(?:#.*)?|about:blank|blob:.*)$")]
    private static partial Regex OwnRequest();
}
