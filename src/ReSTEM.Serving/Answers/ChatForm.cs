using System.Text;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Answers of <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatForm : IAnswerForm
{
    public string IdPrefix => "chatcmpl-";

    public string ObjectName => "chat.completion";

    public string ChunkName => "chat.completion.chunk";

    public bool PromptIdsInChoice => false;

    public void WriteContent(Utf8JsonWriter json, Choice choice)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", choice.Completion?.Text);
        json.WriteEndObject();
        WriteLogs(json, choice.Order.LogProbabilities ? choice.Tokens : null, choice.Model);
    }

    public void WritePart(Utf8JsonWriter json, string text, IReadOnlyList<SaidToken>? tokens, int offset, bool isFirst, ModelInfo model)
    {
        json.WriteStartObject("delta");
        if (isFirst)
        {
            json.WriteString("role", "assistant");
        }

        if (isFirst || text.Length > 0)
        {
            json.WriteString("content", text);
        }

        json.WriteEndObject();
        WriteLogs(json, tokens, model);
    }

    private static void WriteLogs(Utf8JsonWriter json, IReadOnlyList<SaidToken>? tokens, ModelInfo model)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (SaidToken token in tokens)
        {
            string text = model.Show([token.Id]);
            json.WriteStartObject();
            json.WriteString("token", text);
            json.WriteNumber("logprob", token.LogProbability);
            json.WriteStartArray("bytes");
            foreach (byte unit in Encoding.UTF8.GetBytes(text))
            {
                json.WriteNumberValue(unit);
            }

            json.WriteEndArray();
            json.WriteStartArray("top_logprobs");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
