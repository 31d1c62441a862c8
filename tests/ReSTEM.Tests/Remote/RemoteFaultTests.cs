using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Remote;

namespace ReSTEM.Tests;

/// <summary>Everything that a server can do wrong: it is asked again and the samples are the same; if it goes on, it is reported in one line.</summary>
public sealed class RemoteFaultTests
{
    private static readonly Dictionary<string, (ProxyFault Fault, string Message)> Passing = new(ServerFaults.Passing)
    {
        ["no choices"] = (Changed(answer => answer["choices"] = new JsonArray()), "its answer cannot be used: it has 0 choices, expected 3"),
        ["wrong n"] = (Changed(answer => answer["choices"]!.AsArray().RemoveAt(0)), "its answer cannot be used: it has 2 choices, expected 3"),
        ["twice the same"] = (Changed(answer => answer["choices"]![1]!["index"] = 0), "a choice has the index 0, expected 0 to 2, each once"),
        ["other model"] = (Changed(answer => answer["restem"]!["weights"] = "00"), "its weights are 00, expected "),
        ["another program"] = (Changed(answer => answer.AsObject().Remove("restem")), "its answer cannot be used: restem is missing"),
        ["wrong ids"] = (Changed(answer => answer["choices"]![2]!["token_ids"]![0] = 1_000_000), "a token id is 1000000, expected 0 to "),
        ["other ids"] = (Changed(answer => answer["choices"]![2]!["token_ids"]![0] = 1 + (int)answer["choices"]![2]!["token_ids"]![0]!), "text is not that of token_ids"),
        ["ids are texts"] = (Changed(answer => answer["choices"]![0]!["token_ids"]![0] = "a"), "a token id is -1, expected 0 to "),
        ["too many ids"] = (Changed(answer => answer["choices"]![0]!["token_ids"] = new JsonArray([.. Enumerable.Range(0, 31).Select(_ => JsonValue.Create(5))])), "token_ids has 31 ids, expected 1 to 30"),
        ["no ids"] = (Changed(answer => answer["choices"]![0]!["token_ids"] = new JsonArray()), "token_ids has 0 ids, expected 1 to 30"),
        ["ended too soon"] = (Changed(answer => answer["choices"]![0]!["restem"]!["finish_reason"] = "end_of_text"), "finish_reason is end_of_text after token"),
        ["unknown reason"] = (Changed(answer => answer["choices"]![0]!["restem"]!["finish_reason"] = "bored"), "finish_reason is unknown"),
        ["no number"] = (Changed(answer => answer["choices"]![0]!["restem"]!["logprob"] = "low"), "logprob is missing or not of the kind Number"),
    };

    private static readonly Dictionary<string, (ProxyFault Fault, string Message)> Final = new(ServerFaults.Final)
    {
        ["other engine"] = (Changed(answer => answer["restem"]!["engine"]!["dtype"] = "bfloat16"), "it computes with bigram 1 bfloat16, expected bigram 1 float32 as when the work began"),
        ["other tokenizer"] = (Changed(answer => answer["restem"]!["digests"]!["tokenizer"] = "words"), "its tokenizer is words, expected characters, that of "),
    };

    public static TheoryData<string> PassingNames => [.. Passing.Keys];

    public static TheoryData<string> FinalNames => [.. Final.Keys];

    [Theory]
    [MemberData(nameof(PassingNames))]
    public async Task What_passes_is_asked_again_and_the_samples_are_the_same(string name)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using var proxy = new FaultProxy(served.Address, (path, number) => path == "/v1/completions" && number % 3 == 1 ? Passing[name].Fault : ProxyFault.None);
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(proxy.Address) with { Retries = 20, Batch = 5, Concurrency = 1 });
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        SampleRequest[] requests = [.. RemoteRig.Requests(problems: 4, samples: 3)];
        PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(BigramWeights.Random(), requests), await PolicyUse.DrawAsync(policy, requests));
        Assert.True(proxy.Count > 4, $"{proxy.Count} requests"); // some were asked again
    }

    [Theory]
    [MemberData(nameof(PassingNames))]
    public async Task What_goes_on_is_reported_in_one_line(string name)
    {
        var (fault, message) = Passing[name];
        if (name == "429")
        {
            fault = ProxyFault.Status(429, "{\"error\": {\"message\": \"too many.\"}}"); // without the second that it asks for
        }

        string told = await ReportedAsync(fault, path => path == "/v1/completions");
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.Contains("(asked 4 times). What was drawn is kept; mend the server, and the same command goes on.", told, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FinalNames))]
    public async Task What_cannot_pass_is_reported_at_once(string name)
    {
        var (fault, message) = Final[name];
        string told = await ReportedAsync(fault, path => path == "/v1/completions");
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("asked", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up()
    {
        string told = await ReportedAsync(new ProxyFault(Hangs: true), path => path == "/v1/completions", TimeSpan.FromMilliseconds(200));
        Assert.Contains("it gave no answer within 0 s (asked 4 times)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_loads_nothing_is_told_how_to_be_started()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using var proxy = new FaultProxy(served.Address, (path, _) => path == "/v1/restem/load" ? ProxyFault.Status(404, "{\"error\": {\"message\": \"no part.\"}}") : ProxyFault.None);
        BigramWeights.Random(spread: 1).Save(Path.Combine(served.Models, "second"));
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(proxy.Address));
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "second")));
        var fault = await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(policy, RemoteRig.Requests(1)));
        Assert.Contains("(404 Said: no part); start it with --load-from and the folder that the run's checkpoints lie in", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_lies_about_its_load_draws_nothing()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        string other = BigramWeights.Random(spread: 1).Sha256;
        using var proxy = new FaultProxy(served.Address, (path, number) => path == "/v1/restem/load"
            ? ProxyFault.Status(200, $$$$"""{"restem": {"weights": "{{{{other}}}}", "digests": {"configuration": "bigram", "tokenizer": "characters"}, "engine": {"name": "bigram", "version": "1", "dtype": "float32", "deterministic": true, "device": "cpu", "shapes": ""}}}""")
            : ProxyFault.None);
        BigramWeights.Random(spread: 1).Save(Path.Combine(served.Models, "second"));
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(proxy.Address) with { Retries = 3 });
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "second")) with { Folder = Path.Combine(served.Models, "first") });
        var fault = await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(policy, RemoteRig.Requests(1)));
        Assert.Contains("409 Said: restem_weights is " + other, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_work_of_a_server_that_fails_goes_to_the_other()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        var notices = new List<string>();
        using var broken = new FaultProxy(served.Address, (path, _) => path == "/v1/completions" ? ProxyFault.Closed : ProxyFault.None);
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(broken.Address, served.Address) with { Break = TimeSpan.FromMinutes(5), Notice = notices.Add });
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(BigramWeights.Random(), RemoteRig.Requests(40)), await PolicyUse.DrawAsync(policy, RemoteRig.Requests(40)));
        Assert.Equal($"{broken.Address} keeps failing and is left alone for 300 s; the other servers go on.", Assert.Single(notices));
        Assert.InRange(broken.Count, 1, 20); // left alone after the first few
    }

    [Fact]
    public async Task A_slow_server_is_helped_by_the_other_and_each_sample_comes_once()
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using var slow = new FaultProxy(served.Address, (path, _) => path == "/v1/completions" ? new ProxyFault(Hangs: true) : ProxyFault.None);
        using RemoteEngine engine = RemoteRig.Connect(RemoteRig.Options(slow.Address, served.Address) with { HedgeAfter = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromMinutes(5) });
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        PolicyUse.AssertSame(await RemoteRig.ExpectedAsync(BigramWeights.Random(), RemoteRig.Requests()), await PolicyUse.DrawAsync(policy, RemoteRig.Requests()));
        Assert.True(slow.Count > 0);
    }

    /// <summary>The message of a draw in which every request to some paths meets a fault.</summary>
    private static async Task<string> ReportedAsync(ProxyFault fault, Predicate<string> isMet, TimeSpan? timeout = null)
    {
        await using ServedBigram served = await ServedBigram.StartAsync();
        using var proxy = new FaultProxy(served.Address, (path, _) => isMet(path) ? fault : ProxyFault.None);
        RemoteOptions options = RemoteRig.Options(proxy.Address) with { Retries = 3, Concurrency = 1 };
        using RemoteEngine engine = RemoteRig.Connect(timeout is { } limit ? options with { Timeout = limit } : options);
        using IPolicy policy = engine.Open(engine.Resolve(Path.Combine(served.Models, "first")));
        var told = await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(policy, RemoteRig.Requests(problems: 1, samples: 3)));
        Assert.StartsWith($"{proxy.Address}: ", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told.Message);
        return told.Message;
    }

    private static ProxyFault Changed(Action<JsonNode> change) => new(Change: answer =>
    {
        JsonNode node = JsonNode.Parse(answer)!;
        if (node["choices"] is not null) // a refusal is passed on
        {
            change(node);
        }

        return node.ToJsonString();
    });
}
