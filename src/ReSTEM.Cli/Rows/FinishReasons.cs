using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Why a completion ended, as rows say it.</summary>
internal static class FinishReasons
{
    internal static string NameOf(FinishReason reason) => FinishReasonNames.Of(reason);

    /// <summary>The reason of a row; end of text where the row does not say, or says it in words of another program.</summary>
    internal static FinishReason Of(JsonRow row) => row.Text("finish_reason") switch
    {
        "length" => FinishReason.MaxTokens, // as servers with OpenAI's interface call it
        var name => FinishReasonNames.Parse(name) ?? FinishReason.EndOfText,
    };
}
