namespace ReSTEM.Tokenizers;

/// <summary>What a piece is; the numbers are those of the file.</summary>
internal enum SentencePieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>How pieces are found; the numbers are those of the file.</summary>
internal enum SentencePieceAlgorithm
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Char = 4,
}

/// <summary>One entry of the vocabulary; its id is its place.</summary>
/// <param name="Text">With U+2581 for a blank.</param>
/// <param name="Score">A log probability, or minus the order of a merge.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);

/// <summary>What a SentencePiece model file says; the defaults are the format's.</summary>
internal sealed record SentencePieceModel
{
    internal required IReadOnlyList<SentencePiece> Pieces { get; init; }

    internal SentencePieceAlgorithm Algorithm { get; set; } = SentencePieceAlgorithm.Unigram;

    internal bool ByteFallback { get; set; }

    /// <summary>The dummy blank goes behind the text.</summary>
    internal bool BlankIsSuffix { get; set; }

    internal string BeginPiece { get; set; } = "<s>";

    internal string EndPiece { get; set; } = "</s>";

    /// <summary>Null when text is left as it is.</summary>
    internal CharacterMap? CharacterMap { get; set; }

    internal bool AddsDummyBlank { get; set; } = true;

    internal bool RemovesExtraBlanks { get; set; } = true;

    /// <summary>Write blanks as U+2581.</summary>
    internal bool EscapesBlanks { get; set; } = true;
}
