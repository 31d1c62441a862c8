using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ReSTEM.Core;
using ReSTEM.Hosting;

namespace ReSTEM.Tests;

/// <summary>
/// A server that answers as vLLM documents it: a base model from a folder, adapters loaded by name, seeds, token ids and log-probabilities of prompts. Its
/// adapters are whole tables, for which its engine has no other form.
/// </summary>
internal sealed class FakeVllm : IAsyncDisposable
{
    internal const string ModelName = "llama";

    private readonly Dictionary<string, string> _folders = [];
    private LocalServer? _server;

    internal Uri Address => _server!.Address;

    /// <summary>Folders by the names that they are served under.</summary>
    internal IReadOnlyDictionary<string, string> Folders => _folders;

    /// <summary>What becomes of an answer before it is sent.</summary>
    internal Action<JsonNode> Change { get; set; } = _ => { };

    /// <summary>Whether loading an adapter does nothing.</summary>
    internal bool LoadsNothing { get; set; }

    internal static async Task<FakeVllm> StartAsync(string folder)
    {
        var fake = new FakeVllm();
        fake._folders[ModelName] = folder;
        fake._server = await LocalServer.StartAsync(0, fake.Map, CancellationToken.None);
        return fake;
    }

    /// <summary>Serves the base model from another folder, as after a restart.</summary>
    internal void Restart(string folder)
    {
        _folders.Clear();
        _folders[ModelName] = folder;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/version", context => context.Response.WriteAsync("{\"version\": \"0.28.0\"}"));
        routes.MapGet("/v1/models", context => context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            @object = "list",
            data = _folders.Select(entry => new { id = entry.Key, @object = "model", owned_by = "vllm", root = entry.Value }),
        })));
        routes.MapPost("/v1/load_lora_adapter", async context =>
        {
            JsonNode body = await BodyAsync(context);
            if (!LoadsNothing)
            {
                _folders[(string)body["lora_name"]!] = (string)body["lora_path"]!;
            }

            await context.Response.WriteAsync($"Success: LoRA adapter '{body["lora_name"]}' added successfully.");
        });
        routes.MapPost("/v1/completions", CompleteAsync);
    }

    private async Task CompleteAsync(HttpContext context)
    {
        JsonNode body = await BodyAsync(context);
        string name = (string)body["model"]!;
        if (!_folders.TryGetValue(name, out string? folder))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = $"The model `{name}` does not exist.", ["code"] = 404 } }.ToJsonString());
            return;
        }

        using IPolicy policy = new BigramEngine().Open(BigramWeights.Load(folder));
        var answer = new JsonObject
        {
            ["id"] = "cmpl-1",
            ["object"] = "text_completion",
            ["model"] = name,
            ["choices"] = body["prompt_logprobs"] is null ? new JsonArray(await DrawnAsync(policy, body)) : new JsonArray([.. Scored(policy, body)]),
        };
        Change(answer);
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private static async Task<JsonNode> DrawnAsync(IPolicy policy, JsonNode body)
    {
        var logs = new JsonArray();
        int topK = (int)body["top_k"]!;
        var options = new SamplingOptions
        {
            Temperature = (double)body["temperature"]!,
            TopK = topK == -1 ? 0 : topK,
            TopP = (double)body["top_p"]!,
            MaxTokens = (int)body["max_tokens"]!,
            Stop = [.. body["stop"]!.AsArray().Select(stop => (string)stop!)],
        };
        SampleRequest request = PolicyUse.Request([.. body["prompt"]!.AsArray().Select(id => (int)id!)], options, seed: (ulong)(int)body["seed"]!) with { Listener = (_, _, log) => logs.Add(log) };
        Completion completion = (await PolicyUse.DrawAsync(policy, [request])).Single();
        return new JsonObject
        {
            ["index"] = 0,
            ["text"] = completion.Text,
            ["token_ids"] = new JsonArray([.. completion.TokenIds.Select(id => JsonValue.Create(id))]),
            ["logprobs"] = new JsonObject { ["token_logprobs"] = logs },
            ["finish_reason"] = completion.FinishReason is FinishReason.EndOfText or FinishReason.StopString ? "stop" : "length",
            ["stop_reason"] = completion.FinishReason is FinishReason.StopString ? options.Stop[0] : null,
        };
    }

    private static IEnumerable<JsonNode> Scored(IPolicy policy, JsonNode body)
    {
        int[][] prompts = [.. body["prompt"]!.AsArray().Select(prompt => prompt!.AsArray().Select(id => (int)id!).ToArray())];
        return policy.LogProbabilities(prompts, CancellationToken.None).Select((logs, index) => new JsonObject
        {
            ["index"] = index,
            ["text"] = "x",
            ["finish_reason"] = "length",
            ["prompt_logprobs"] = new JsonArray([.. prompts[index].Select((id, place) => place == 0 ? null : (JsonNode)new JsonObject { [$"{id}"] = new JsonObject { ["logprob"] = logs[place], ["rank"] = 1 } })]),
        });
    }

    private static async Task<JsonNode> BodyAsync(HttpContext context) => (await JsonNode.ParseAsync(context.Request.Body))!;
}
