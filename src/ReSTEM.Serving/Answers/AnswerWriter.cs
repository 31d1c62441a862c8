using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Writes answers of one request, whole or as a stream.</summary>
/// <param name="form">How they look.</param>
/// <param name="number">Number of the request.</param>
/// <param name="created">When it came, seconds since 1970.</param>
/// <param name="model">Of which model.</param>
/// <param name="order">What was asked for.</param>
internal sealed class AnswerWriter(IAnswerForm form, long number, long created, ServedModel model, DrawOrder order)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a JSON object as an answer.</summary>
    internal static async Task WriteAsync(HttpResponse response, Action<Utf8JsonWriter> fields, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(Bytes(fields), cancellationToken);
    }

    /// <summary>A JSON object.</summary>
    internal static byte[] Bytes(Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The whole answer.</summary>
    internal void WriteWhole(Utf8JsonWriter json, IReadOnlyList<Choice> choices)
    {
        WriteHead(json, form.ObjectName);
        json.WriteStartArray("choices");
        for (int index = 0; index < choices.Count; index++)
        {
            Choice choice = choices[index];
            json.WriteStartObject();
            json.WriteNumber("index", index);
            form.WriteContent(json, choice);
            json.WriteString("finish_reason", choice.FinishReason);
            if (order.TokenIds)
            {
                WriteIds(json, "token_ids", choice.Completion?.TokenIds ?? []);
                if (form.PromptIdsInChoice)
                {
                    WriteIds(json, "prompt_token_ids", choice.Prompt.Ids);
                }
            }

            if (choice.Completion is { } completion)
            {
                json.WriteStartObject("restem");
                json.WriteString("finish_reason", FinishReasonNames.Of(completion.FinishReason));
                json.WriteNumber("logprob", completion.LogProbability);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (order.TokenIds && !form.PromptIdsInChoice)
        {
            WriteIds(json, "prompt_token_ids", order.Prompts[0].Ids);
        }

        WriteUsage(json, choices.Sum(choice => choice.Tokens.Count));
        model.WriteIdentity(json);
    }

    /// <summary>A part of a stream.</summary>
    internal void WritePart(Utf8JsonWriter json, StreamPart part)
    {
        WriteHead(json, form.ChunkName);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", part.Index);
        form.WritePart(json, part.Text, order.LogProbabilities ? part.Tokens : null, part.Offset, part.IsFirst, model.Info);
        json.WriteString("finish_reason", part.FinishReason);
        if (order.TokenIds)
        {
            WriteIds(json, "token_ids", [.. part.Tokens.Select(token => token.Id)]);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>The part of a stream that counts its tokens.</summary>
    internal void WriteUsagePart(Utf8JsonWriter json, int completionTokens)
    {
        WriteHead(json, form.ChunkName);
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, completionTokens);
        model.WriteIdentity(json);
    }

    private void WriteHead(Utf8JsonWriter json, string objectName)
    {
        json.WriteString("id", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{form.IdPrefix}{number}"));
        json.WriteString("object", objectName);
        json.WriteNumber("created", created);
        json.WriteString("model", model.Name);
        json.WriteNumber("seed", order.Seed);
    }

    private void WriteUsage(Utf8JsonWriter json, int completionTokens)
    {
        int promptTokens = order.Prompts.Sum(prompt => prompt.Ids.Count);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", promptTokens);
        json.WriteNumber("completion_tokens", completionTokens);
        json.WriteNumber("total_tokens", promptTokens + completionTokens);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IReadOnlyList<int> ids)
    {
        json.WriteStartArray(name);
        foreach (int id in ids)
        {
            json.WriteNumberValue(id);
        }

        json.WriteEndArray();
    }
}

/// <summary>What a stream says at once.</summary>
/// <param name="Index">Of which choice.</param>
/// <param name="Text">May be empty.</param>
/// <param name="Tokens">Drawn since the last part.</param>
/// <param name="Offset">Characters said before.</param>
/// <param name="IsFirst">Whether it is the choice's first.</param>
/// <param name="FinishReason">Null where the choice goes on.</param>
internal sealed record StreamPart(int Index, string Text, IReadOnlyList<SaidToken> Tokens, int Offset, bool IsFirst, string? FinishReason);
