using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Reads the body of <c>/v1/completions</c>.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/completions; top_k, return_token_ids as in vLLM.</remarks>
internal static class CompletionReader
{
    internal static DrawOrder Read(RequestFields fields, ModelInfo model, string name, Func<ulong> newSeed)
    {
        var reader = new OrderReader(model, name);
        reader.CheckModel(fields);
        bool echo = fields.Flag("echo");
        long maxTokens = fields.Whole("max_tokens", echo ? 0 : 1, 1 << 20) ?? OrderReader.UsualMaxTokens;
        // OpenAI's logprobs counts alternatives to show beside the drawn token; 0 shows that one alone.
        bool logProbabilities = fields.Any("logprobs") is not null;
        fields.OnlyNeutral(
            "logprobs", value => value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int alternatives) && alternatives == 0,
            "0 (the token's own log-probability) or null");
        fields.OnlyNeutral("suffix", _ => false, "none");
        DrawOrder order = reader.Read(fields, Prompts(fields, model), maxTokens, newSeed) with { Echo = echo, LogProbabilities = logProbabilities };
        return echo && order.Streamed ? throw ApiException.Of("echo", "echo is true with stream, expected one of them.") : order;
    }

    private static IReadOnlyList<OrderedPrompt> Prompts(RequestFields fields, ModelInfo model)
    {
        JsonElement prompt = fields.Any("prompt") ?? throw fields.Missing("prompt", "a text, token ids, or a list of them");
        if (prompt.ValueKind is JsonValueKind.String)
        {
            return [OfText(prompt)];
        }

        if (prompt.ValueKind is not JsonValueKind.Array || prompt.GetArrayLength() == 0)
        {
            throw fields.Wrong("prompt", prompt, "a text, token ids, or a list of them");
        }

        return prompt[0].ValueKind is JsonValueKind.Number
            ? [new OrderedPrompt(null, Ids(prompt))]
            : [.. prompt.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.Array ? new OrderedPrompt(null, Ids(item)) : OfText(item))];

        OrderedPrompt OfText(JsonElement value)
        {
            string text = fields.TextOf("prompt", value);
            return model.Tokenizer is null
                ? throw ApiException.Of("prompt", "prompt is a text, expected token ids: the model has no tokenizer.")
                : new OrderedPrompt(text, model.Encode(text, addSpecialTokens: true));
        }

        int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(item =>
            item.ValueKind is JsonValueKind.Number && item.TryGetInt32(out int id) ? id : throw fields.Wrong("prompt", item, "token ids in the list"))];
    }
}
