using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Remote;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>What a server of llama.cpp can do wrong: it is asked again and the samples are the same; if it goes on, or cannot pass, one line tells it.</summary>
public sealed class LlamaFaultTests(LlamaFaultTests.Rig rig) : IClassFixture<LlamaFaultTests.Rig>
{
    private const int MaxTokens = 12;

    private static readonly Dictionary<string, (ProxyFault Fault, string Message)> Passing = new(ServerFaults.Passing)
    {
        ["other weights"] = (Changed(answer => answer["model"] = "quickstart-0123456789abcdef"), "it serves quickstart-0123456789abcdef, expected "),
        ["no model"] = (Changed(answer => answer.AsObject().Remove("model")), "model is missing"),
        ["no tokens"] = (Changed(answer => answer["tokens"] = new JsonArray()), $"tokens has 0 ids, expected 1 to {MaxTokens}"),
        ["too many tokens"] = (Changed(answer => answer["tokens"] = new JsonArray([.. Enumerable.Repeat(5, MaxTokens + 1).Select(id => JsonValue.Create(id))])), $"tokens has {MaxTokens + 1} ids, expected 1 to {MaxTokens}"),
        ["no such token"] = (Changed(answer => answer["tokens"]![0] = 1_000_000), "a token id is 1000000, expected 0 to "),
        ["other tokens"] = (Changed(answer => answer["completion_probabilities"]![0]!["id"] = 1 + (int)answer["tokens"]![0]!), "its log-probabilities are of other tokens than it tells"),
        ["other text"] = (Changed(answer => answer["content"] = answer["content"] + "x"), "its text is not that of its token ids"),
        ["log-probability lost"] = (Changed(answer => answer["completion_probabilities"]!.AsArray().RemoveAt(0)), " log-probabilities for "),
        ["no number"] = (Changed(answer => answer["completion_probabilities"]![0]!["logprob"] = "low"), "logprob is missing or not of the kind Number"),
        ["unknown end"] = (Changed(answer => answer["stop_type"] = "none"), "stop_type is none, expected eos, word or limit"),
        ["other end of text"] = (Changed(answer => (answer["stop_type"], answer["tokens"]!.AsArray()[^1], answer["completion_probabilities"]!.AsArray()[^1]!["id"]) = ("eos", 5, 5)), "stop_type is eos after token 5, expected "),
    };

    public static TheoryData<string> PassingNames => [.. Passing.Keys];

    public static TheoryData<string> FinalNames => [.. ServerFaults.Final.Keys];

    [LlamaTheory]
    [MemberData(nameof(PassingNames))]
    public async Task What_passes_is_asked_again_and_the_samples_are_the_same_and_what_goes_on_is_told(string name)
    {
        using var proxy = new FaultProxy(rig.Server.Address, (path, number) => FaultProxy.IsCompletion(path) && number % 3 == 1 ? Passing[name].Fault : ProxyFault.None);
        PolicyUse.AssertSame(await DrawAsync(rig.Server.Address), await DrawAsync(proxy.Address));
        Assert.True(proxy.Count > rig.Requests.Count, $"{proxy.Count} requests"); // some were asked again

        var (fault, message) = Passing[name];
        string told = await ReportedAsync(name == "429" ? ProxyFault.Status(429, "{\"error\": {\"message\": \"too many.\"}}") : fault); // without the second that it asks for
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.Contains("(asked 3 times). What was drawn is kept; mend the server, and the same command goes on.", told, StringComparison.Ordinal);
    }

    [LlamaTheory]
    [MemberData(nameof(FinalNames))]
    public async Task What_cannot_pass_is_told_at_once(string name)
    {
        string told = await ReportedAsync(ServerFaults.Final[name].Fault);
        Assert.Contains(ServerFaults.Final[name].Message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("asked", told, StringComparison.Ordinal);
    }

    [LlamaFact]
    public async Task A_server_that_hangs_is_given_up() =>
        Assert.Contains("it gave no answer within 1 s (asked 3 times)", await ReportedAsync(new ProxyFault(Hangs: true), TimeSpan.FromSeconds(1)), StringComparison.Ordinal);

    private async Task<List<Completion>> DrawAsync(Uri server)
    {
        using RemoteEngine engine = ServedLlama.Connect(server);
        using IPolicy policy = engine.Open(rig.Base);
        return await PolicyUse.DrawAsync(policy, rig.Requests);
    }

    /// <summary>The message of a draw in which every request for completions meets a fault.</summary>
    private async Task<string> ReportedAsync(ProxyFault fault, TimeSpan? timeout = null)
    {
        using var proxy = new FaultProxy(rig.Server.Address, (path, _) => FaultProxy.IsCompletion(path) ? fault : ProxyFault.None);
        RemoteOptions options = ServedLlama.Options(proxy.Address) with { Retries = 2, Concurrency = 1 };
        using RemoteEngine engine = ServedLlama.Connect(timeout is { } limit ? options with { Timeout = limit } : options);
        using IPolicy policy = engine.Open(rig.Base);
        string message = (await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(policy, rig.Requests))).Message;
        Assert.StartsWith($"{proxy.Address}: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static ProxyFault Changed(Action<JsonNode> change) => new(Change: answer =>
    {
        JsonNode node = JsonNode.Parse(answer)!;
        change(node);
        return node.ToJsonString();
    });

    /// <summary>One server for all of them, started by the first.</summary>
    public sealed class Rig : IDisposable
    {
        private readonly ScratchFolder _scratch = new();
        private readonly Lazy<ServedLlama> _server;

        public Rig()
        {
            _server = new(() => ServedLlama.Start(ServedLlama.Export(Path.Combine(_scratch.Path, "base.gguf"))));
            var managed = new ManagedEngine(new EngineOptions { Threads = 1 });
            Base = managed.Resolve(ServedLlama.Base);
            ModelInfo model = managed.Describe(Base);
            var options = new SamplingOptions { MaxTokens = MaxTokens };
            Requests = [.. from problem in new[] { "12 + 7", "40 - 2" } from sample in new[] { 0, 1 } select PolicyUse.Request(model.Encode(problem + "\n", true), options, problem, sample)];
        }

        internal ServedLlama Server => _server.Value;

        internal PolicyRef Base { get; }

        internal IReadOnlyList<SampleRequest> Requests { get; }

        public void Dispose()
        {
            if (_server.IsValueCreated)
            {
                _server.Value.Dispose();
            }

            _scratch.Dispose();
        }
    }
}
