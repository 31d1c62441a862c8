using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ReSTEM.Tests;

/// <summary>What becomes of one request.</summary>
/// <param name="Answer">Bytes that are sent in place of the server's answer; null passes it on.</param>
/// <param name="Change">Changes what the server answered; null for nothing.</param>
/// <param name="Hangs">Whether nothing is sent until the caller goes.</param>
internal sealed record ProxyFault(byte[]? Answer = null, Func<string, string>? Change = null, bool Hangs = false)
{
    internal static ProxyFault None { get; } = new();

    internal static ProxyFault Status(int status, string body, string headers = "", string type = "application/json") => new(Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));

    /// <summary>Half of an answer, then the end of the connection.</summary>
    internal static ProxyFault Cut { get; } = new(Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"choices\": ["));

    /// <summary>The end of the connection before any answer.</summary>
    internal static ProxyFault Closed { get; } = new([]);
}

/// <summary>Stands between a caller and a server, and does to requests what a test wants.</summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _server;
    private readonly Func<string, int, ProxyFault> _fault;
    private int _count;

    /// <param name="server">Where requests go.</param>
    /// <param name="fault">What becomes of a request to a path, by its number among those, from 0.</param>
    internal FaultProxy(Uri server, Func<string, int, ProxyFault> fault)
    {
        (_server, _fault) = (new HttpClient { BaseAddress = server }, fault);
        _listener.Start();
        _ = AcceptAsync();
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Requests for completions so far.</summary>
    internal int Count => _count;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _server.Dispose();
    }

    /// <summary>Whether completions are asked for there, at servers of any kind.</summary>
    internal static bool IsCompletion(string path) => path is "/v1/completions" or "/completion";

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient caller = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(caller);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test ends
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        {
            try
            {
                NetworkStream stream = caller.GetStream();
                var (method, path, body) = await ReadAsync(stream);
                ProxyFault fault = IsCompletion(path) ? _fault(path, Interlocked.Increment(ref _count) - 1) : _fault(path, -1);
                if (fault.Hangs)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                await stream.WriteAsync(fault.Answer ?? await ForwardAsync(method, path, body, fault.Change), _stop.Token);
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException or HttpRequestException or ObjectDisposedException)
            {
                // the caller has gone, or the server, or the test ends
            }
        }
    }

    private static async Task<(string Method, string Path, byte[] Body)> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n");
        string[] first = lines[0].Split(' ');
        int length = lines.Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(line => int.Parse(line.Split(':')[1], null)).FirstOrDefault();
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (first[0], first[1], body);
    }

    private async Task<byte[]> ForwardAsync(string method, string path, byte[] body, Func<string, string>? change)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }

        using HttpResponseMessage response = await _server.SendAsync(request, _stop.Token);
        string answer = await response.Content.ReadAsStringAsync(_stop.Token);
        return ProxyFault.Status((int)response.StatusCode, change is null ? answer : change(answer)).Answer!;
    }
}
