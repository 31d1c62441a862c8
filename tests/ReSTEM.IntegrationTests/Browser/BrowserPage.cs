using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// One page of a browser, by the browser's own protocol (https://chromedevtools.github.io/devtools-protocol/). It remembers every fault of the page and
/// every request that leaves it.
/// </summary>
internal sealed partial class BrowserPage : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(Chromium.Patience);
    private string? _session;
    private string _own = "";
    private int _last;

    private BrowserPage()
    {
    }

    /// <summary>Exceptions, errors in the console, and requests for anything but the page itself.</summary>
    internal List<string> Faults { get; } = [];

    /// <summary>An empty page with a profile of its own (a browser context).</summary>
    /// <param name="browser">Where the browser is spoken to.</param>
    /// <param name="watched">Whether requests are watched: a browser that keeps what it read for a watcher takes twice the time for a long page.</param>
    internal static async Task<BrowserPage> OpenAsync(Uri browser, bool watched)
    {
        var page = new BrowserPage();
        await page._socket.ConnectAsync(browser, page._patience.Token);
        string context = (await page.CallAsync("Target.createBrowserContext", new { disposeOnDetach = true })).GetProperty("browserContextId").GetString()!;
        string target = (await page.CallAsync("Target.createTarget", new { url = "about:blank", browserContextId = context })).GetProperty("targetId").GetString()!;
        page._session = (await page.CallAsync("Target.attachToTarget", new { targetId = target, flatten = true })).GetProperty("sessionId").GetString();
        foreach (string domain in watched ? (string[])["Page", "Runtime", "Log", "Network"] : ["Page", "Runtime", "Log"])
        {
            await page.CallAsync($"{domain}.enable", new { });
        }

        return page;
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

    /// <summary>The page and its profile go with the connection.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _patience.Dispose();
        return ValueTask.CompletedTask;
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

    [GeneratedRegex(@"^(?:file:.*\.html(?:#.*)?|about:blank|blob:.*)$")]
    private static partial Regex OwnRequest();
}
