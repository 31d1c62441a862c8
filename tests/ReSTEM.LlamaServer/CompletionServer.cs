using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReSTEM.LlamaServer;

/// <summary>
/// The part of the interface of llama.cpp's own server that completions of one prompt take, in the form of its documentation: what is asked, what is answered,
/// and what is not (no log-probabilities of a prompt, none of a stop string's tokens, no folder in the list of models).
/// </summary>
/// <remarks>https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md</remarks>
internal sealed class CompletionServer(LlamaModel model, string path, string alias)
{
    private const string Build = "LLamaSharp.Backend.Cpu 0.30.0";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", context => Write(context, new JsonObject { ["status"] = "ok" }));
        routes.MapGet("/props", context => Write(context, new JsonObject
        {
            ["model_alias"] = alias,
            ["model_path"] = path,
            ["total_slots"] = 1,
            ["build_info"] = Build,
            ["default_generation_settings"] = new JsonObject { ["n_ctx"] = model.ContextLength },
        }));
        routes.MapGet("/v1/models", context => Write(context, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray(new JsonObject { ["id"] = alias, ["object"] = "model", ["owned_by"] = "llamacpp", ["meta"] = new JsonObject { ["n_ctx_train"] = model.ContextLength } }),
        }));
        routes.MapPost("/completion", CompleteAsync);
    }

    private async Task CompleteAsync(HttpContext context)
    {
        JsonNode body;
        int[] prompt;
        try
        {
            body = (await JsonNode.ParseAsync(context.Request.Body))!;
            prompt = body["prompt"] is JsonArray ids ? [.. ids.Select(id => (int)id!)] : model.Tokenize((string)body["prompt"]!);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            await Refuse(context, "\"prompt\" must be a string or a list of tokens", "invalid_request_error");
            return;
        }

        if (prompt.Length >= model.ContextLength)
        {
            await Refuse(context, $"request ({prompt.Length} tokens) exceeds the available context size ({model.ContextLength} tokens), try increasing it", "exceed_context_size_error");
            return;
        }

        int most = (int?)body["n_predict"] ?? -1;
        Drawn drawn = model.Draw(prompt, new DrawOptions(
            (uint?)body["seed"] ?? 0, most < 0 ? int.MaxValue : most, (float?)body["temperature"] ?? 0.8f, (int?)body["top_k"] ?? 40, (float?)body["top_p"] ?? 0.95f,
            (float?)body["min_p"] ?? 0.05f, body["samplers"] is JsonArray samplers ? [.. samplers.Select(sampler => (string)sampler!)] : ["top_k", "top_p", "min_p", "temperature"],
            body["stop"] is JsonArray stops ? [.. stops.Select(stop => (string)stop!)] : []));
        var answer = new JsonObject
        {
            ["index"] = 0,
            ["content"] = drawn.Text,
            ["tokens"] = new JsonArray([.. (bool?)body["return_tokens"] is true ? drawn.Tokens.Select(token => JsonValue.Create(token.Id)) : []]),
            ["id_slot"] = 0,
            ["stop"] = true,
            ["model"] = alias,
            ["tokens_predicted"] = drawn.Tokens.Count,
            ["tokens_evaluated"] = prompt.Length,
            ["truncated"] = false,
            ["stop_type"] = drawn.IsEnded ? "eos" : drawn.Stop is not null ? "word" : "limit",
            ["stopping_word"] = drawn.Stop ?? "",
        };
        if ((int?)body["n_probs"] > 0)
        {
            // Its own server leaves as many tokens out as the stop string has by itself, whatever tokens it was drawn in.
            int cut = drawn.Stop is { } stop ? Math.Min(drawn.Tokens.Count, model.TokenizePlain(stop).Length) : 0;
            answer["completion_probabilities"] = new JsonArray([.. drawn.Tokens.SkipLast(cut).Select(Probability)]);
        }

        await Write(context, answer);
    }

    private static JsonNode Probability(DrawnToken token) => new JsonObject
    {
        ["id"] = token.Id,
        ["token"] = System.Text.Encoding.UTF8.GetString(token.Bytes),
        ["bytes"] = new JsonArray([.. token.Bytes.Select(part => JsonValue.Create(part))]),
        ["logprob"] = token.LogProbability,
        ["top_logprobs"] = new JsonArray(),
    };

    private static Task Refuse(HttpContext context, string message, string type)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Write(context, new JsonObject { ["error"] = new JsonObject { ["code"] = 400, ["message"] = message, ["type"] = type } });
    }

    private static Task Write(HttpContext context, JsonNode answer)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(answer.ToJsonString());
    }
}
