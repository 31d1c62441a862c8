namespace ReSTEM.Tokenizers;

/// <summary>Finds the places of a text at which it may be cut. Safe for several threads.</summary>
internal interface ITextPattern
{
    /// <summary>All matches from left to right as (start, length) in UTF-16 units, instead of what the list held; nothing beyond the text is seen.</summary>
    void Matches(ReadOnlySpan<char> text, List<(int Start, int Length)> matches);
}
