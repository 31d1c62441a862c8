using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace ReSTEM.Remote;

/// <summary>Questions to one server, and every way in which it can fail to answer them.</summary>
internal sealed class HttpCalls : IDisposable
{
    private const int Shown = 80;

    private static readonly HttpStatusCode[] Passing =
    [
        HttpStatusCode.RequestTimeout, HttpStatusCode.Conflict, HttpStatusCode.TooManyRequests, HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway,
        HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout,
    ];

    private readonly HttpClient _client;
    private readonly string? _key;

    internal HttpCalls(Uri address, string? key)
    {
        (Address, _key) = (address, key);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan, // whoever calls has a limit
        };
        _client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Where the server is.</summary>
    internal Uri Address { get; }

    /// <exception cref="RemoteException">There is no usable answer.</exception>
    internal async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        Json(await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken));

    /// <exception cref="RemoteException">There is no usable answer.</exception>
    internal async Task<JsonElement> PostAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        Json(await PostTextAsync(path, body, cancellationToken));

    /// <summary>The same where the answer need not be JSON.</summary>
    /// <exception cref="RemoteException">There is none, or it is a refusal.</exception>
    internal Task<byte[]> PostTextAsync(string path, byte[] body, CancellationToken cancellationToken) => SendAsync(() =>
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<byte[]> SendAsync(Func<HttpRequestMessage> ask, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = ask();
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? answer : throw Refusal(response, answer, _key);
        }
        catch (HttpRequestException fault)
        {
            throw fault.InnerException is AuthenticationException secure
                ? new RemoteException($"its certificate or TLS cannot be used: {secure.Message.TrimEnd('.')}", isTransient: false, cause: fault)
                : new RemoteException(Reason(fault), isTransient: true, cause: fault);
        }
        catch (SocketException fault)
        {
            // The client asks a connection for its address once it is made, and wraps no error of that: it was reset in between.
            throw new RemoteException(Unreachable(fault), isTransient: true, cause: fault);
        }
        catch (IOException fault)
        {
            throw new RemoteException("the connection was cut in the middle of its answer", isTransient: true, cause: fault);
        }
    }

    private static string Reason(HttpRequestException fault) => fault switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "it does not listen (connection refused)",
        { InnerException: SocketException socket } => Unreachable(socket),
        { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection was cut in the middle of its answer",
        _ => $"it cannot be asked: {(fault.InnerException ?? fault).Message.TrimEnd('.')}",
    };

    private static string Unreachable(SocketException fault) => $"it cannot be reached: {fault.Message.TrimEnd('.')}";

    private JsonElement Json(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw RemoteException.Malformed($"it is '{Begin(answer, _key)}', expected a JSON object");
        }
        catch (JsonException)
        {
            throw RemoteException.Malformed($"it is '{Begin(answer, _key)}', expected a JSON object");
        }
    }

    private static RemoteException Refusal(HttpResponseMessage response, byte[] answer, string? key)
    {
        string message = Message(answer) is { } told ? told : Begin(answer, key);
        string said = WithoutKey($"{(int)response.StatusCode} {response.ReasonPhrase}{(message.Length > 0 ? $": {message.TrimEnd('.')}" : "")}", key);
        bool isTransient = Passing.Contains(response.StatusCode);
        TimeSpan? after = response.Headers.RetryAfter is { } told2 ? told2.Delta ?? (told2.Date - DateTimeOffset.UnixEpoch is { } at ? at - Now(response) : null) : null;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RemoteException($"it refuses the API key ({said}); set engine.api_key_env to the variable that holds its key", isTransient: false),
            _ => new RemoteException(said, isTransient, after is { } pause && pause > TimeSpan.Zero ? pause : null) { Status = response.StatusCode },
        };
    }

    // The server's own clock, so that the two need not agree.
    private static TimeSpan Now(HttpResponseMessage response) => (response.Headers.Date ?? DateTimeOffset.UnixEpoch) - DateTimeOffset.UnixEpoch;

    private static string? Message(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("error", out JsonElement error)
                && error.ValueKind is JsonValueKind.Object && error.TryGetProperty("message", out JsonElement message) && message.ValueKind is JsonValueKind.String
                ? message.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Some servers repeat the key that they refuse, and what is told here ends in logs.</summary>
    private static string WithoutKey(string text, string? key) => key is null ? text : text.Replace(key, "(the key)", StringComparison.Ordinal);

    private static string Begin(byte[] answer, string? key)
    {
        string text = WithoutKey(Encoding.UTF8.GetString(answer), key).ReplaceLineEndings(" ").Trim();
        return text.Length > Shown ? text[..Shown] + "..." : text;
    }
}
