using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ReSTEM.Tests;

namespace ReSTEM.IntegrationTests;

/// <summary>A run at a server that wants a key, behind an nginx that speaks TLS with a certificate of a private authority.</summary>
public sealed class SecureRunTests
{
    private const string Key = "sk-integration-0123456789abcdef";
    private const string KeyVariable = "RESTEM_TEST_KEY";

    private static readonly string Base = Path.Combine(Restem.Root, "configs", "quickstart", "base");

    [NginxFact]
    public async Task A_run_with_a_key_over_tls_has_the_bits_of_one_without_servers_and_leaves_the_key_nowhere()
    {
        using var restem = new Restem();
        var (authority, pem) = Certificates(restem);
        using ServedProcess served = await ServedProcess.StartAsync(
            restem, [(KeyVariable, Key)], "--model", Base, "--load-from", restem.Folder, "--load-from", Path.Combine(Restem.Root, "configs"), "--api-key-env", KeyVariable);
        using var nginx = new Nginx(served.Client.BaseAddress!, certificate: pem);
        string address = nginx.Address.GetLeftPart(UriPartial.Authority);
        string[] arguments =
        [
            .. SmallRun.Smallest.Arguments, "--set", "engine.name=remote", "--set", "engine.train=managed",
            "--set", $"engine.endpoints=[{address}]", "--set", $"engine.api_key_env={KeyVariable}",
        ];

        var (exitCode, _, errors) = restem.Run([(KeyVariable, Key)], arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains($"error: {address}/: its certificate or TLS cannot be used: ", errors, StringComparison.Ordinal); // nobody told it of the authority

        (exitCode, _, errors) = restem.Run([(KeyVariable, "sk-another"), ("SSL_CERT_FILE", authority)], arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains($"error: {address}/: it refuses the API key (401 Unauthorized: the API key is another one", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-another", errors, StringComparison.Ordinal);

        (exitCode, string output, errors) = restem.Run([(KeyVariable, Key), ("SSL_CERT_FILE", authority)], arguments);
        Assert.True(exitCode == 0, errors);
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Result(restem, output));
        Assert.DoesNotContain(Key, output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(restem.Folder, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().IndexOf("0123456789abcdef"u8) >= 0);
        Assert.True(File.Exists(restem.PathOf("runs", "quickstart-math", "run.db")));
    }

    /// <summary>An authority's certificate, and what it vouches for: the certificate and key of this machine.</summary>
    private static (string Authority, (string Certificate, string Key) Server) Certificates(Restem restem)
    {
        var (from, to) = (new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero), new DateTimeOffset(2999, 2, 3, 4, 5, 6, TimeSpan.Zero));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=restem test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 server = request.Create(authority, from, to, [1]);

        return (Write("authority.pem", authority.ExportCertificatePem()), (Write("server.pem", server.ExportCertificatePem()), Write("key.pem", key.ExportPkcs8PrivateKeyPem())));

        string Write(string name, string text)
        {
            string path = restem.PathOf(name);
            File.WriteAllText(path, text + "\n");
            return path;
        }
    }
}
