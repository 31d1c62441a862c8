using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// Whether the text of a foreign server is that of its token ids: the one is judged, the other trained on. White space and halves of characters are not compared,
/// since servers differ in the space before the first token and in characters that the last one leaves unfinished.
/// </summary>
internal static class ToldText
{
    /// <summary>What is wrong, in words; null for nothing, and for a model without tokenizer.</summary>
    internal static string? Fault(Completion completion, ModelInfo model)
    {
        bool endsText = completion.FinishReason is FinishReason.EndOfText;
        if (model.Tokenizer?.Decode([.. endsText ? completion.TokenIds.SkipLast(1) : completion.TokenIds], skipSpecialTokens: true) is not { } decoded)
        {
            return null;
        }

        string told = Compared(completion.Text), expected = Compared(decoded);
        bool isSame = completion.FinishReason is FinishReason.StopString ? expected.StartsWith(told, StringComparison.Ordinal) : expected == told;
        return isSame ? null : "its text is not that of its token ids";
    }

    private static string Compared(string text)
    {
        var compared = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (!char.IsWhiteSpace(letter) && letter != '\uFFFD')
            {
                compared.Append(letter);
            }
        }

        return compared.ToString();
    }
}
