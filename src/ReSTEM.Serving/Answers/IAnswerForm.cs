using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>How answers of one path look.</summary>
internal interface IAnswerForm
{
    /// <summary>Begins the id of an answer.</summary>
    string IdPrefix { get; }

    /// <summary>What an answer is called.</summary>
    string ObjectName { get; }

    /// <summary>What a part of a stream is called.</summary>
    string ChunkName { get; }

    /// <summary>Whether the token ids of the prompt stand in each choice, or once beside them: as vLLM has it.</summary>
    bool PromptIdsInChoice { get; }

    /// <summary>What a choice says, and its log-probabilities: fields of its object.</summary>
    void WriteContent(Utf8JsonWriter json, Choice choice);

    /// <summary>The same of a part of a stream.</summary>
    /// <param name="json">Where.</param>
    /// <param name="text">What is said now; may be empty.</param>
    /// <param name="tokens">Its tokens, where log-probabilities are asked for; else null.</param>
    /// <param name="offset">Characters said before.</param>
    /// <param name="isFirst">Whether it is the choice's first.</param>
    /// <param name="model">Decodes.</param>
    void WritePart(Utf8JsonWriter json, string text, IReadOnlyList<SaidToken>? tokens, int offset, bool isFirst, ModelInfo model);
}

/// <summary>A completion with what is told of it.</summary>
/// <param name="Prompt">Whose it is.</param>
/// <param name="PromptLogs">log p of each token of the prompt, the first 0; null where the prompt is not echoed with them.</param>
/// <param name="Completion">Null where nothing was drawn.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Order">What was asked for.</param>
/// <param name="Model">Decodes.</param>
internal sealed record Choice(
    OrderedPrompt Prompt, float[]? PromptLogs, Completion? Completion, IReadOnlyList<SaidToken> Tokens, DrawOrder Order, ModelInfo Model)
{
    /// <summary>Why it ended, in the API's words.</summary>
    internal string FinishReason => Completion is null ? "length" : NameOf(Completion.FinishReason);

    internal static string NameOf(FinishReason reason) => reason is Core.FinishReason.EndOfText or Core.FinishReason.StopString ? "stop" : "length";
}
