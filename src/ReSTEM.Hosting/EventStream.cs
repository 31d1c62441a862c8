using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ReSTEM.Hosting;

/// <summary>Events that a server sends as they happen, over one answer that goes on.</summary>
/// <remarks>https://html.spec.whatwg.org/multipage/server-sent-events.html</remarks>
public sealed class EventStream
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly HttpResponse _response;

    private EventStream(HttpResponse response) => _response = response;

    /// <summary>Begins to answer.</summary>
    public static async Task<EventStream> BeginAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"retry: {RetryAfter.TotalMilliseconds:F0}\n\n"), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        return new EventStream(response);
    }

    /// <summary>Sends an event.</summary>
    /// <param name="name">Its name, without line ends.</param>
    /// <param name="data">What it says, without line ends.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task SendAsync(string name, string data, CancellationToken cancellationToken) => WriteAsync($"event: {name}\ndata: {data}\n\n", cancellationToken);

    /// <summary>Sends nothing, which fails where nobody listens any more.</summary>
    public Task BeatAsync(CancellationToken cancellationToken) => WriteAsync(": \n\n", cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await _response.WriteAsync(text, cancellationToken);
        await _response.Body.FlushAsync(cancellationToken);
    }
}
