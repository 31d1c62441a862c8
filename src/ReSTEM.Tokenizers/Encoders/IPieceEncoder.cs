namespace ReSTEM.Tokenizers;

/// <summary>Turns one piece of text into token ids. Safe for several threads.</summary>
internal interface IPieceEncoder
{
    /// <summary>Appends the ids of a piece without half surrogate pairs.</summary>
    /// <exception cref="InvalidDataException">The vocabulary cannot write the piece.</exception>
    void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
