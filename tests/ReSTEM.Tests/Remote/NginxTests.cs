using ReSTEM.Core;
using ReSTEM.Remote;

namespace ReSTEM.Tests;

/// <summary>Servers behind a proxy that others wrote: it says no in its own way, as a page of HTML.</summary>
public sealed class NginxTests
{
    [NginxFact]
    public async Task Samples_through_it_are_those_of_this_machine_also_when_it_lets_few_requests_in()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        var notices = new List<string>();
        foreach (string limit in new[] { "", "limit_req zone=callers; limit_req_status 429;" })
        {
            using var nginx = new Nginx(served.Address, "limit_req_zone $server_addr zone=callers:1m rate=100r/s;", limit);
            using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(nginx.Address) with { Retries = 1000, Notice = notices.Add });
            using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
            SampleRequest[] requests = [.. RemoteRig.Requests(problems: 6)];
            PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(BigramWeights.Random(), requests), await PolicyUse.DrawAsync(policy, requests));
        }

        Assert.Empty(notices); // it is not left alone as one that fails is
    }

    [NginxFact]
    public async Task Its_refusals_are_reported_in_one_line()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        Assert.Contains(": 413 Request Entity Too Large: <html>", await ToldAsync(served, "client_max_body_size 100;"), StringComparison.Ordinal);
        Assert.Contains(": 404 Not Found: <html>", await ToldAsync(served, "if ($request_method = POST) { return 404; }"), StringComparison.Ordinal);
        string busy = await ToldAsync(served, "if ($request_method = POST) { return 429; }");
        Assert.Contains(": 429 Too Many Requests: <html>", busy, StringComparison.Ordinal);
        Assert.Contains("(asked 3 times)", busy, StringComparison.Ordinal);
        Assert.Contains(
            "the connection was cut in the middle of its answer (asked 3 times)", await ToldAsync(served, "if ($request_method = POST) { return 444; }"), StringComparison.Ordinal);
    }

    [NginxFact]
    public async Task A_server_behind_it_that_is_gone_or_slow_is_asked_again_and_reported()
    {
        using var gate = new ManualResetEventSlim();
        ServedBigram served = await ServedBigram.StartAsync(new BigramOptions { OnStep = _ => gate.Wait() });
        try
        {
            Assert.Contains(": 504 Gateway Time-out: <html>", await ToldAsync(served, "proxy_read_timeout 200ms;"), StringComparison.Ordinal);
        }
        finally
        {
            gate.Set();
        }

        using var nginx = new Nginx(served.Address);
        await served.DisposeAsync();
        string told = Assert.Throws<EngineException>(() => RemoteRig.Connect(RemoteRig.Options(nginx.Address) with { Retries = 2 })).Message;
        Assert.StartsWith($"{nginx.Address}: 502 Bad Gateway: <html>", told, StringComparison.Ordinal);
        Assert.Contains("(asked 3 times). What was drawn is kept; mend the server, and the same command goes on.", told, StringComparison.Ordinal);
    }

    /// <summary>The message of a draw that ends with one.</summary>
    private static async Task<string> ToldAsync(ServedBigram served, string ofPlace)
    {
        using var nginx = new Nginx(served.Address, ofPlace: ofPlace);
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(nginx.Address) with { Retries = 2 });
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        string told = (await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(policy, RemoteRig.Requests(1)))).Message;
        Assert.StartsWith($"{nginx.Address}: ", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
        return told;
    }
}
