using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ReSTEM.Tests;

/// <summary>A real nginx before a server, as a process of the test that ends with it.</summary>
internal sealed class Nginx : IDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly string _folder = Directory.CreateTempSubdirectory("restem-nginx-").FullName;
    private readonly Process _process;

    /// <param name="server">What it stands before.</param>
    /// <param name="ofAll">Directives of the <c>http</c> block.</param>
    /// <param name="ofPlace">Directives of the one location.</param>
    /// <param name="certificate">PEM files of certificate and key; null for no TLS.</param>
    internal Nginx(Uri server, string ofAll = "", string ofPlace = "", (string Certificate, string Key)? certificate = null)
    {
        int port = FreePort();
        string tls = certificate is { } pem ? $"ssl_certificate {pem.Certificate}; ssl_certificate_key {pem.Key};" : "";
        Address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{port}/");
        string file = Path.Combine(_folder, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            master_process off;
            pid {{_folder}}/pid;
            error_log {{_folder}}/error.log;
            events { }
            http {
                access_log off;
                client_body_temp_path {{_folder}}/body;
                proxy_temp_path {{_folder}}/proxy;
                fastcgi_temp_path {{_folder}}/fastcgi;
                uwsgi_temp_path {{_folder}}/uwsgi;
                scgi_temp_path {{_folder}}/scgi;
                {{ofAll}}
                server {
                    listen 127.0.0.1:{{port}} {{(certificate is null ? "" : "ssl")}};
                    {{tls}}
                    location / {
                        proxy_pass {{server.GetLeftPart(UriPartial.Authority)}};
                        proxy_set_header Host {{server.Authority}};
                        {{ofPlace}}
                    }
                }
            }

            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["-e", Path.Combine(_folder, "error.log"), "-c", file]))!;
        for (int tries = 0; !Listens(port); tries++)
        {
            if (tries == 600 || _process.HasExited)
            {
                string log = File.ReadAllText(Path.Combine(_folder, "error.log"));
                Dispose();
                Assert.Fail($"nginx does not come up: {log}");
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>Why it cannot be started here; null where it can.</summary>
    internal static string? Missing { get; } = File.Exists(Program) ? null : "needs nginx (apt-get install nginx-light)";

    internal Uri Address { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>A test on a real nginx; skipped with the reason where there is none.</summary>
internal sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = Nginx.Missing;
}
