using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ReSTEM.Hosting;

/// <summary>
/// A web server for this machine alone: it listens on 127.0.0.1, answers nobody who calls it by another name, and loads nothing that its
/// owner did not map. What it is started by ends it.
/// </summary>
public sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2); // for answers that are under way when it is stopped

    private readonly WebApplication _application;

    private LocalServer(WebApplication application) => _application = application;

    /// <summary>Where it is, with its port and a slash at the end.</summary>
    public Uri Address => new(_application.Urls.Single() + "/");

    /// <summary>Starts a server.</summary>
    /// <param name="port">0 to 65535; 0 takes any that is free.</param>
    /// <param name="map">Says what it answers.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="IOException">The port cannot be had; the message says why and what to do.</exception>
    public static async Task<LocalServer> StartAsync(int port, Action<IEndpointRouteBuilder> map, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Patience);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        WebApplication application = builder.Build();
        application.Use(HostCheck.Only);
        map(application);
        try
        {
            await application.StartAsync(cancellationToken);
            return new LocalServer(application);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            await application.DisposeAsync();
            throw new IOException($"port {port} is in use by another program, expected a free one. Name another with --port, or take any that is free: --port 0.");
        }
        catch (SocketException fault)
        {
            await application.DisposeAsync();
            throw new IOException($"port {port} cannot be listened on: {fault.Message.TrimEnd('.')}. Name another with --port, from 1024 on, or take any that is free: --port 0.");
        }
    }

    /// <summary>Stops it; answers under way are given two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }

    /// <summary>Signals are the program's business.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
