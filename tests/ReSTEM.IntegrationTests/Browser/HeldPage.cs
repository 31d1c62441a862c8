using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ReSTEM.IntegrationTests;

/// <summary>A server of one page on the loopback address that sends the rest of it when it is told to.</summary>
internal sealed class HeldPage : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _released = new();

    /// <summary>Serves a page.</summary>
    /// <param name="begin">Sent at once.</param>
    /// <param name="rest">Sent after <see cref="Release"/>.</param>
    internal HeldPage(string begin, string rest)
    {
        _listener.Start();
        Address = $"http://{_listener.LocalEndpoint}/";
        _ = AcceptAsync(Encoding.UTF8.GetBytes(begin), Encoding.UTF8.GetBytes(rest));
    }

    internal string Address { get; }

    internal void Release() => _released.SetResult();

    public void Dispose() => _listener.Dispose();

    /// <summary>Each connection by itself: a browser may open one before it needs it, and ask on another.</summary>
    private async Task AcceptAsync(byte[] begin, byte[] rest)
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(), begin, rest); // until it is disposed
        }
    }

    private async Task ServeAsync(TcpClient accepted, byte[] begin, byte[] rest)
    {
        using TcpClient client = accepted;
        NetworkStream stream = client.GetStream();
        using var request = new StreamReader(stream, leaveOpen: true);
        string? line = await request.ReadLineAsync();
        while (line is { Length: > 0 })
        {
            line = await request.ReadLineAsync();
        }

        if (line is null)
        {
            return; // it asked for nothing
        }

        string head = $"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {begin.Length + rest.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(begin);
        await stream.FlushAsync();
        await _released.Task;
        await stream.WriteAsync(rest);
    }
}
