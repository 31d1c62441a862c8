using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Answers of <c>/v1/completions</c>.</summary>
internal sealed class CompletionForm : IAnswerForm
{
    public string IdPrefix => "cmpl-";

    public string ObjectName => "text_completion";

    public string ChunkName => "text_completion";

    public bool PromptIdsInChoice => true;

    public void WriteContent(Utf8JsonWriter json, Choice choice)
    {
        string prompt = choice.Order.Echo ? choice.Prompt.Text ?? choice.Model.Tokenizer?.Decode([.. choice.Prompt.Ids], skipSpecialTokens: true) ?? "" : "";
        json.WriteString("text", prompt + choice.Completion?.Text);
        json.WritePropertyName("logprobs");
        if (!choice.Order.LogProbabilities)
        {
            json.WriteNullValue();
            return;
        }

        IEnumerable<(int, double?)> before = choice.PromptLogs is { } logs
            ? choice.Prompt.Ids.Select((id, place) => (id, place == 0 ? (double?)null : logs[place]))
            : [];
        WriteLogs(json, [.. before, .. choice.Tokens.Select(token => (token.Id, (double?)token.LogProbability))], 0, choice.Model);
    }

    public void WritePart(Utf8JsonWriter json, string text, IReadOnlyList<SaidToken>? tokens, int offset, bool isFirst, ModelInfo model)
    {
        json.WriteString("text", text);
        json.WritePropertyName("logprobs");
        if (tokens is null)
        {
            json.WriteNullValue();
        }
        else
        {
            WriteLogs(json, [.. tokens.Select(token => (token.Id, (double?)token.LogProbability))], offset, model);
        }
    }

    /// <summary>One list a kind, as the API has it; an offset is where in the text a token begins.</summary>
    private static void WriteLogs(Utf8JsonWriter json, IReadOnlyList<(int Id, double? Log)> tokens, int offset, ModelInfo model)
    {
        string[] texts = [.. tokens.Select(token => model.Show([token.Id]))];
        json.WriteStartObject();
        json.WriteStartArray("tokens");
        texts.ToList().ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var (_, log) in tokens)
        {
            if (log is { } known)
            {
                json.WriteNumberValue(known);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
        json.WriteNull("top_logprobs");
        json.WriteStartArray("text_offset");
        foreach (string text in texts)
        {
            json.WriteNumberValue(offset);
            offset += text.Length;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
