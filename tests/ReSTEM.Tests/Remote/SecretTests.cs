using System.Globalization;
using System.Net;
using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Remote;
using ReSTEM.Serving;

namespace ReSTEM.Tests;

/// <summary>Keys go to servers that have proved who they are, and nowhere else: not into a message, nor to whoever else answers.</summary>
public sealed class SecretTests
{
    private const string Key = "sk-0123456789abcdef";

    private static readonly DateTimeOffset Past = DateTimeOffset.Parse("2001-02-03T04:05:06Z", CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset Future = DateTimeOffset.Parse("2999-02-03T04:05:06Z", CultureInfo.InvariantCulture);

    public static TheoryData<string, string, string> Certificates => new()
    {
        { "nobody vouches for it", "127.0.0.1 until 2999", "UntrustedRoot" },
        { "it has expired", "127.0.0.1 until 2001", "NotTimeValid" },
        { "it is another machine's", "192.0.2.1 until 2999", "RemoteCertificateNameMismatch" },
    };

    [Theory]
    [MemberData(nameof(Certificates))]
    public async Task A_certificate_that_cannot_be_trusted_ends_the_work_at_once_and_gets_no_key(string why, string certificate, string message)
    {
        await using ServedBigram served = await ServedBigram.StartAsync(options: new ServingOptions { ApiKey = Key });
        DateTimeOffset end = certificate.EndsWith("2001", StringComparison.Ordinal) ? Past.AddDays(1) : Future;
        using var front = new TlsFront(served.Address, TlsFront.Certificate(IPAddress.Parse(certificate.Split(' ')[0]), Past, end));
        string told = Refused(front.Address);
        Assert.StartsWith($"{front.Address}: its certificate or TLS cannot be used: ", told, StringComparison.Ordinal);
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("asked", told, StringComparison.Ordinal); // once: it does not pass
        Assert.True(front.Passed == 0, $"{why}: {front.Passed} bytes came through");
    }

    [Fact]
    public async Task A_server_without_tls_and_one_that_speaks_nothing_else_are_told_apart()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Assert.StartsWith(
            $"https://127.0.0.1:{served.Address.Port}/: its certificate or TLS cannot be used: ", Refused(new UriBuilder(served.Address) { Scheme = "https" }.Uri), StringComparison.Ordinal);
        using var front = new TlsFront(served.Address, TlsFront.Certificate(IPAddress.Loopback, Past, Future));
        Assert.Contains("the connection was cut in the middle of its answer (asked 2 times)", Refused(new UriBuilder(front.Address) { Scheme = "http" }.Uri), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_right_key_draws_and_another_is_refused_at_once()
    {
        await using ServedBigram served = await ServedBigram.StartAsync(options: new ServingOptions { ApiKey = Key });
        using (RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(served.Address) with { ApiKey = Key }))
        {
            using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
            PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(BigramWeights.Random(), RemoteRig.Requests(3)), await PolicyUse.DrawAsync(policy, RemoteRig.Requests(3)));
        }

        foreach (string? wrong in new[] { null, "sk-other" })
        {
            string told = Assert.Throws<EngineException>(() => RemoteRig.Connect(RemoteRig.Options(served.Address) with { ApiKey = wrong })).Message;
            Assert.Equal(
                $"{served.Address}: it refuses the API key (401 Unauthorized: the API key is {(wrong is null ? "missing" : "another one")}, expected the server's as Authorization: Bearer KEY); set engine.api_key_env to the variable that holds its key. What was drawn is kept; mend the server, and the same command goes on.",
                told);
        }
    }

    [Theory]
    [InlineData(401, "{\"error\": {\"message\": \"Incorrect API key provided: " + Key + ".\"}}")]
    [InlineData(500, "no such key: " + Key)]
    [InlineData(200, "<p>You are " + Key)]
    public async Task A_server_that_repeats_the_key_does_not_bring_it_into_a_message(int status, string body)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using var proxy = new FaultProxy(served.Address, (_, _) => ProxyFault.Status(status, body, type: "text/plain"));
        var fault = Assert.Throws<EngineException>(() => RemoteRig.Connect(RemoteRig.Options(proxy.Address) with { ApiKey = Key, Retries = 1 }));
        Assert.DoesNotContain(Key, fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("(the key)", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc\r", "has U+000D as character 4 of 4")]
    [InlineData("a b", "has U+0020 as character 2 of 3")]
    [InlineData("schl\u00fcssel", "has U+00FC as character 5 of 9")]
    public void A_key_that_cannot_stand_in_a_header_is_told_without_being_shown(string value, string message)
    {
        const string Variable = "RESTEM_TEST_SECRET";
        Environment.SetEnvironmentVariable(Variable, value);
        try
        {
            string told = Assert.Throws<UsageException>(() => ApiKeyVariable.Read("engine.api_key_env", Variable)).Message;
            Assert.StartsWith($"engine.api_key_env is '{Variable}', whose value {message}, expected a key of printable ASCII without spaces", told, StringComparison.Ordinal);
            Assert.DoesNotContain(value, told, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    private static string Refused(Uri address) => Assert.Throws<EngineException>(
        () => RemoteRig.Connect(RemoteRig.Options(address) with { ApiKey = Key, Retries = 1 })).Message;
}
