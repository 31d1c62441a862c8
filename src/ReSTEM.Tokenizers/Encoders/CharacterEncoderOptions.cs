namespace ReSTEM.Tokenizers;

/// <summary>What a byte-pair encoding over characters says about pieces and about characters without a token.</summary>
/// <param name="ByteFallback">Whether the bytes of a character may stand for it.</param>
/// <param name="UnknownId">What stands for it otherwise; null when there is no such token.</param>
/// <param name="FuseUnknown">Whether unknown characters in a row become one token.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token as a whole becomes that token, whatever the merges say.</param>
internal sealed record CharacterEncoderOptions(bool ByteFallback, int? UnknownId, bool FuseUnknown, bool IgnoreMerges)
{
    /// <summary>Written before every character of a piece but the first.</summary>
    internal string ContinuingPrefix { get; init; } = "";

    /// <summary>Written after the last character of a piece.</summary>
    internal string EndSuffix { get; init; } = "";

    /// <summary>Pieces that are these tokens whatever the merges say; null for none.</summary>
    internal IReadOnlyDictionary<string, int>? Frozen { get; init; }
}
