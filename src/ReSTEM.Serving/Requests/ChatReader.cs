using System.Text;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Reads the body of <c>/v1/chat/completions</c>.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat</remarks>
internal static class ChatReader
{
    internal static DrawOrder Read(RequestFields fields, ModelInfo model, string name, Func<ulong> newSeed, DateOnly today)
    {
        var reader = new OrderReader(model, name);
        reader.CheckModel(fields);
        bool logProbabilities = fields.Flag("logprobs");
        fields.OnlyNeutral("top_logprobs", value => value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int alternatives) && alternatives == 0, "0");
        fields.OnlyNeutral("tools", value => value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 0, "none");
        fields.OnlyNeutral("tool_choice", value => value.ValueKind is JsonValueKind.String && value.ValueEquals("none"), "none");
        fields.OnlyNeutral("response_format", IsText, "{\"type\": \"text\"}");
        string prompt = Render(model, Turns(fields), today);
        long? maxTokens = fields.Whole("max_completion_tokens", 1, 1 << 20);
        maxTokens = fields.Whole("max_tokens", 1, 1 << 20) ?? maxTokens;
        var ids = model.Encode(prompt, addSpecialTokens: false); // the template writes special tokens itself
        return reader.Read(fields, [new OrderedPrompt(prompt, ids)], maxTokens, newSeed) with { LogProbabilities = logProbabilities };
    }

    private static bool IsText(JsonElement format) => format.ValueKind is JsonValueKind.Object
        && format.TryGetProperty("type", out JsonElement type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("text");

    private static string Render(ModelInfo model, IReadOnlyList<ChatTurn> turns, DateOnly today)
    {
        try
        {
            return model.ChatRenderer.Render(null, turns, addGenerationPrompt: true, today);
        }
        catch (InvalidDataException fault)
        {
            throw ApiException.Of("messages", fault.Message);
        }
    }

    private static List<ChatTurn> Turns(RequestFields fields)
    {
        JsonElement messages = fields.Any("messages") ?? throw fields.Missing("messages", "a list of messages {role, content}");
        return messages.ValueKind is JsonValueKind.Array && messages.GetArrayLength() > 0
            ? [.. messages.EnumerateArray().Select((message, number) => Turn(fields, message, $"messages[{number}]"))]
            : throw fields.Wrong("messages", messages, "a list of messages {role, content}");
    }

    private static ChatTurn Turn(RequestFields fields, JsonElement message, string place)
    {
        if (message.ValueKind is not JsonValueKind.Object || !message.TryGetProperty("role", out JsonElement role) || !message.TryGetProperty("content", out JsonElement content))
        {
            throw fields.Wrong(place, message, "an object with role and content");
        }

        if (message.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => name is not ("role" or "content")) is { } other)
        {
            throw ApiException.Of(place, $"{place} has {other}, expected role and content alone.");
        }

        return new ChatTurn(fields.TextOf(place + ".role", role), Content(fields, content, place + ".content"));
    }

    /// <summary>A text, or parts that are all texts.</summary>
    private static string Content(RequestFields fields, JsonElement content, string place)
    {
        if (content.ValueKind is not JsonValueKind.Array)
        {
            return fields.TextOf(place, content);
        }

        var text = new StringBuilder();
        foreach (JsonElement part in content.EnumerateArray())
        {
            text.Append(IsText(part) && part.TryGetProperty("text", out JsonElement value)
                ? fields.TextOf(place, value)
                : throw fields.Wrong(place, part, "parts {type: text, text}"));
        }

        return text.ToString();
    }
}
