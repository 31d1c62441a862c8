using System.Text;
using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Remote;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>The remote engine at servers of llama.cpp, whose tokenizer, logits and samplers nobody here wrote.</summary>
public sealed class LlamaPolicyTests : IDisposable
{
    private const double PerToken = 1e-3; // nats; logits of exported F32 files are within 1e-3 (benchmarks/results/gguf.md)

    private readonly ScratchFolder _scratch = new();
    private readonly ManagedEngine _managed = new(new EngineOptions { Threads = 1 });
    private readonly ServedLlama _server;
    private readonly PolicyRef _base;
    private readonly ModelInfo _model;

    public LlamaPolicyTests()
    {
        _server = ServedLlama.Start(ServedLlama.Export(Path.Combine(_scratch.Path, "base.gguf")));
        _base = _managed.Resolve(ServedLlama.Base);
        _model = _managed.Describe(_base);
    }

    [LlamaFact]
    public async Task Greedy_completions_are_those_of_the_managed_engine()
    {
        SampleRequest[] requests = [.. Requests(new SamplingOptions { Temperature = 0, MaxTokens = 60 }, problems: 16, samples: 1)];
        using IPolicy local = _managed.Open(_base);
        List<Completion> expected = await PolicyUse.DrawAsync(local, requests), drawn = await DrawAsync(requests, _server.Address);
        foreach (var (ours, theirs) in expected.Zip(drawn, (left, right) => (left, right)))
        {
            Assert.Equal((ours.Text, ours.FinishReason), (theirs.Text, theirs.FinishReason));
            Assert.Equal(ours.TokenIds, theirs.TokenIds);
            Assert.InRange(theirs.LogProbability - ours.LogProbability, -PerToken * ours.TokenIds.Count, PerToken * ours.TokenIds.Count);
        }

        Assert.Contains(drawn, one => one.FinishReason is FinishReason.EndOfText);
    }

    [LlamaFact]
    public async Task Log_probabilities_of_drawn_tokens_are_those_of_the_managed_engine_and_texts_those_of_the_tokenizer()
    {
        SampleRequest[] requests = [.. Requests(new SamplingOptions { Temperature = 0.9, TopK = 40, TopP = 0.95, MaxTokens = 40 })];
        List<Completion> drawn = await DrawAsync(requests, _server.Address);
        using IPolicy local = _managed.Open(_base);
        float[][] logs = [.. local.LogProbabilities(drawn.Select((one, at) => (IReadOnlyList<int>)[.. Ordered(requests)[at].PromptIds, .. one.TokenIds]), CancellationToken.None)];
        for (int at = 0; at < drawn.Count; at++)
        {
            double expected = logs[at][^drawn[at].TokenIds.Count..].Sum(log => (double)log);
            Assert.InRange(drawn[at].LogProbability - expected, -PerToken * drawn[at].TokenIds.Count, PerToken * drawn[at].TokenIds.Count);
            Assert.Equal(_model.Tokenizer!.Decode([.. drawn[at].TokenIds], skipSpecialTokens: true), drawn[at].Text);
        }
    }

    [LlamaFact]
    public async Task A_sample_is_the_same_whichever_server_draws_it_and_no_two_have_one_seed()
    {
        using ServedLlama second = ServedLlama.Start(Path.Combine(_scratch.Path, "base.gguf"));
        SampleRequest[] requests = [.. Requests(new SamplingOptions { MaxTokens = 30 })];
        List<Completion> once = await DrawAsync(requests, _server.Address);
        PolicyUse.AssertSame(once, await DrawAsync([.. requests.Reverse()], _server.Address, second.Address));
        Assert.Equal(requests.Length, once.Select(one => (one.ProblemId, one.Index)).Distinct().Count());
        Assert.Equal(requests.Length, requests.Select(request => (int)JsonNode.Parse(LlamaCppMessage.DrawBody(request))!["seed"]!).Distinct().Count());
        Assert.All(once.GroupBy(one => one.ProblemId), problem => Assert.True(problem.Select(one => one.Text).Distinct().Count() > 1, problem.Key));
    }

    [LlamaFact]
    public async Task Stop_strings_end_a_text_before_them()
    {
        SampleRequest[] requests = [.. Requests(new SamplingOptions { Temperature = 0, MaxTokens = 60, Stop = ["=", "is"] }, samples: 1)];
        using IPolicy local = _managed.Open(_base);
        List<Completion> expected = await PolicyUse.DrawAsync(local, requests), drawn = await DrawAsync(requests, _server.Address);
        Assert.Equal(
            expected.Select(one => (one.Text, one.FinishReason, string.Join(' ', one.TokenIds))), drawn.Select(one => (one.Text, one.FinishReason, string.Join(' ', one.TokenIds))));
        Assert.Contains(drawn, one => one.FinishReason is FinishReason.StopString);
    }

    [LlamaFact]
    public async Task Prompts_as_text_are_cut_into_the_same_tokens()
    {
        using var client = new HttpClient { BaseAddress = _server.Address };
        string[] texts = ["12 + 7 = ", "Anna has 3 apples.\n", "a  b\tc", "(40 - 2) * 9\n"];
        foreach (string text in texts)
        {
            JsonNode[] answers = [await AskAsync(client, JsonValue.Create(text)), await AskAsync(client, new JsonArray([.. _model.Encode(text, true).Select(id => JsonValue.Create(id))]))];
            Assert.Equal((int)answers[1]["tokens_evaluated"]!, (int)answers[0]["tokens_evaluated"]!);
            Assert.Equal(answers[1]["tokens"]!.ToJsonString(), answers[0]["tokens"]!.ToJsonString());
        }
    }

    [LlamaFact]
    public async Task Other_weights_and_another_server_in_its_place_draw_nothing()
    {
        string other = $"{ServedLlama.Name}-0123456789abcdef";
        using (ServedLlama stale = ServedLlama.Start(Path.Combine(_scratch.Path, "base.gguf"), other))
        {
            using RemoteEngine engine = ServedLlama.Connect(stale.Address);
            Assert.Equal("llama.cpp LLamaSharp.Backend.Cpu 0.30.0 unknown on servers, model quickstart, not deterministic", engine.Fingerprint.Describe());
            Assert.StartsWith(
                $"{stale.Address}: it serves {other}, expected {ServedLlama.AliasOf(ServedLlama.Base)}, the weights of {ServedLlama.Base}; engine.load_command could start it with others", await RefusedAsync(engine),
                StringComparison.Ordinal);
        }

        using (RemoteEngine engine = ServedLlama.Connect(_server.Address))
        {
            using var changed = new FaultProxy(_server.Address, (path, _) => FaultProxy.IsCompletion(path)
                ? new ProxyFault(Change: answer => answer.Replace(ServedLlama.AliasOf(ServedLlama.Base), other, StringComparison.Ordinal)) : ProxyFault.None);
            using RemoteEngine behind = ServedLlama.Connect(changed.Address);
            Assert.Contains($"it serves {other}, expected ", await RefusedAsync(behind), StringComparison.Ordinal);
        }

        using ServedLlama unnamed = ServedLlama.Start(Path.Combine(_scratch.Path, "base.gguf"), "model.gguf");
        Assert.StartsWith(
            $"{unnamed.Address}: it serves model.gguf, expected quickstart-SHA256 (engine.model, and the first 16 digits of the weights' SHA-256): llama-server --alias",
            Assert.Throws<EngineException>(() => ServedLlama.Connect(unnamed.Address)).Message, StringComparison.Ordinal);
    }

    [LlamaFact]
    public void Scores_are_told_to_be_another_engines()
    {
        using RemoteEngine engine = ServedLlama.Connect(_server.Address);
        using IPolicy policy = engine.Open(_base);
        Assert.False(engine.Capabilities.LogProbabilities);
        Assert.Contains("tell no log-probabilities of given texts", Assert.Throws<NotSupportedException>(() => policy.LogProbabilities([[1, 2]], CancellationToken.None).ToArray()).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }

    private IEnumerable<SampleRequest> Requests(SamplingOptions options, int problems = 6, int samples = 4)
    {
        for (int problem = 0; problem < problems; problem++)
        {
            int[] prompt = _model.Encode($"{12 + 7 * problem} + {5 + problem * problem}\n", true);
            for (int sample = 0; sample < samples; sample++)
            {
                yield return PolicyUse.Request(prompt, options, $"p{problem:D2}", sample);
            }
        }
    }

    private static SampleRequest[] Ordered(IEnumerable<SampleRequest> requests) => [.. requests.OrderBy(one => one.ProblemId, StringComparer.Ordinal).ThenBy(one => one.Index)];

    private async Task<List<Completion>> DrawAsync(IReadOnlyList<SampleRequest> requests, params Uri[] servers)
    {
        using RemoteEngine engine = ServedLlama.Connect(servers);
        using IPolicy policy = engine.Open(_base);
        return await PolicyUse.DrawAsync(policy, requests);
    }

    private async Task<string> RefusedAsync(RemoteEngine engine)
    {
        using IPolicy opened = engine.Open(_base);
        return (await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(opened, Requests(new SamplingOptions(), 1, 1)))).Message;
    }

    private static async Task<JsonNode> AskAsync(HttpClient client, JsonNode prompt)
    {
        var body = new JsonObject { ["prompt"] = prompt, ["n_predict"] = 8, ["temperature"] = 0, ["return_tokens"] = true };
        using HttpResponseMessage answer = await client.PostAsync("completion", new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
