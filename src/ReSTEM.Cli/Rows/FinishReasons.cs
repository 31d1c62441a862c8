using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Why a completion ended, as rows say it.</summary>
internal static class FinishReasons
{
    private static readonly Dictionary<FinishReason, string> Written = new()
    {
        [FinishReason.EndOfText] = "end_of_text",
        [FinishReason.StopString] = "stop",
        [FinishReason.MaxTokens] = "max_tokens",
        [FinishReason.ContextFull] = "context_full",
    };

    internal static string NameOf(FinishReason reason) => Written[reason];

    /// <summary>The reason of a row; end of text where the row does not say, or says it in words of another program.</summary>
    internal static FinishReason Of(JsonRow row) => row.Text("finish_reason") switch
    {
        "length" => FinishReason.MaxTokens, // as servers with OpenAI's interface call it
        var name => Written.FirstOrDefault(entry => entry.Value == name, KeyValuePair.Create(FinishReason.EndOfText, "")).Key,
    };
}
