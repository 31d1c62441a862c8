using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>A token for each character, and some special ones that text may hold.</summary>
internal sealed class TalkTokenizer : ITokenizer
{
    internal const int Begin = 1000;
    internal const int EndOfText = 1001;
    internal const int EndOfTurn = 1002;

    private static readonly string[] Special = ["<s>", "</s>", "<end>"];

    /// <summary>Whether it puts a begin token before a text.</summary>
    internal bool AddsBegin { get; init; } = true;

    public int VocabularySize => 1003;

    public int[] Encode(string text, bool addSpecialTokens)
    {
        var ids = new List<int>();
        if (addSpecialTokens && AddsBegin)
        {
            ids.Add(Begin);
        }

        for (int i = 0; i < text.Length;)
        {
            int special = Array.FindIndex(Special, token => string.CompareOrdinal(text, i, token, 0, token.Length) == 0);
            ids.Add(special < 0 ? text[i] : Begin + special);
            i += special < 0 ? 1 : Special[special].Length;
        }

        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            text.Append(id < Begin ? ((char)id).ToString() : skipSpecialTokens ? "" : Special[id - Begin]);
        }

        return text.ToString();
    }

    public ITextStream CreateDecoder(bool skipSpecialTokens) => throw new NotSupportedException();
}
