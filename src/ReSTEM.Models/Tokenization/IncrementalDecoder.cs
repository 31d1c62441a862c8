using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>
/// Decodes tokens one at a time. Characters are given out as soon as all their bytes are there, and together they are exactly what
/// <see cref="Tokenizer.Decode"/> gives for the whole. For one thread.
/// </summary>
internal sealed class IncrementalDecoder : ITextStream
{
    private readonly ITokenDecoder _decoder;
    private readonly Vocabulary _vocabulary;
    private readonly bool _skipSpecialTokens;

    internal IncrementalDecoder(ITokenDecoder decoder, Vocabulary vocabulary, bool skipSpecialTokens)
    {
        _decoder = decoder;
        _vocabulary = vocabulary;
        _skipSpecialTokens = skipSpecialTokens;
    }

    /// <summary>The text that is complete with this token and was not before; empty while a character still lacks bytes.</summary>
    public string Append(int id) => _skipSpecialTokens && _vocabulary.IsSpecial(id) ? "" : _decoder.Append(id);

    /// <summary>U+FFFD if the last character never got all its bytes, else empty or what was held back. The decoder starts afresh.</summary>
    public string Finish() => _decoder.Finish();
}
