namespace ReSTEM.Core;

/// <summary>Turns text into the token ids of a model and back; needs none of its weights. Safe for several threads.</summary>
public interface ITokenizer
{
    /// <summary>Ids lie in [0, VocabularySize); the model's own vocabulary may be larger.</summary>
    int VocabularySize { get; }

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">True for a prompt: adds what the tokenizer puts before a text, for example a begin token.</param>
    int[] Encode(string text, bool addSpecialTokens);

    /// <summary>The text of token ids.</summary>
    /// <param name="ids">Ids that have no token give no text.</param>
    /// <param name="skipSpecialTokens">Leave special tokens out.</param>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens);

    /// <summary>A decoder that takes one token at a time, as they are drawn.</summary>
    /// <param name="skipSpecialTokens">Leave special tokens out.</param>
    ITextStream CreateDecoder(bool skipSpecialTokens);
}

/// <summary>Text that grows token by token; together its parts are what <see cref="ITokenizer.Decode"/> gives for the whole. For one thread.</summary>
public interface ITextStream
{
    /// <summary>The text that is complete with this token and was not before; empty while a character still lacks bytes.</summary>
    string Append(int id);

    /// <summary>What was held back, U+FFFD for a character that never got all its bytes. The stream starts afresh.</summary>
    string Finish();
}
