namespace ReSTEM.Tokenizers;

/// <summary>Which pieces get a prefix; the names are those of tokenizer.json.</summary>
internal enum PrependScheme
{
    /// <summary>Every piece.</summary>
    Always,

    /// <summary>The piece that begins the whole text.</summary>
    First,

    /// <summary>No piece.</summary>
    Never,
}

/// <summary>Puts a prefix before pieces.</summary>
/// <param name="prefix">For example a blank.</param>
/// <param name="scheme">Before which pieces.</param>
/// <param name="onlyWhereMissing">Leave pieces alone that begin with it.</param>
internal sealed class PrefixStep(string prefix, PrependScheme scheme, bool onlyWhereMissing) : IPreTokenizerStep
{
    public void Apply(PieceText text)
    {
        bool wanted = scheme == PrependScheme.Always || (scheme == PrependScheme.First && text.BeginsText);
        if (!wanted || prefix.Length == 0)
        {
            return;
        }

        for (int i = 0; i < text.Pieces.Count; i++)
        {
            ReadOnlySpan<char> piece = text[text.Pieces[i]];
            bool isLeft = (scheme == PrependScheme.First && i > 0) || (onlyWhereMissing && piece.StartsWith(prefix));
            text.Write(isLeft ? "" : prefix, piece);
        }

        text.Rewritten();
    }
}
