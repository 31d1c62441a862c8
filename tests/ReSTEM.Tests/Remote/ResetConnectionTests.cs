using System.Net;
using System.Net.Sockets;
using ReSTEM.Remote;

namespace ReSTEM.Tests;

/// <summary>A server that is killed resets the connections that are being made: whatever the moment, its caller is told of a server and not of a fault of its own.</summary>
public sealed class ResetConnectionTests
{
    private const int Connections = 2000; // one in some hundreds is reset before its caller has looked at it

    [Fact]
    public async Task A_connection_that_is_reset_while_it_is_made_is_a_server_that_may_come_back()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        Task resetting = ResetAsync(listener, stop.Token);
        using var calls = new HttpCalls(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), key: null);
        for (int connection = 0; connection < Connections; connection++)
        {
            var told = await Assert.ThrowsAsync<RemoteException>(() => calls.GetAsync("v1/models", CancellationToken.None));
            Assert.True(told.IsTransient, told.Message);
        }

        await stop.CancelAsync();
        await resetting;
    }

    private static async Task ResetAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using Socket caller = await listener.AcceptSocketAsync(stop);
                caller.LingerState = new LingerOption(enable: true, seconds: 0); // closed by a reset
            }
        }
        catch (OperationCanceledException)
        {
            // the test ends
        }
    }
}
