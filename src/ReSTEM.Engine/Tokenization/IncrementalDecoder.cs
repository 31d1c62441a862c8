using System.Text;

namespace ReSTEM.Engine;

/// <summary>
/// Decodes tokens one at a time. Characters are given out as soon as all their bytes are there, and together they are exactly what
/// <see cref="Tokenizer.Decode"/> gives for the whole. For one thread.
/// </summary>
public sealed class IncrementalDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    internal IncrementalDecoder(Tokenizer tokenizer, bool skipSpecialTokens)
    {
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
    }

    /// <summary>The text that is complete with this token and was not before; empty while a character still lacks bytes.</summary>
    public string Append(int id) =>
        _skipSpecialTokens && _tokenizer.IsSpecial(id) ? "" : Read(_tokenizer.BytesOf(id), flush: false);

    /// <summary>U+FFFD if the last character never got all its bytes, else empty. The decoder starts afresh.</summary>
    public string Finish() => Read([], flush: true);

    private string Read(byte[] bytes, bool flush)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, flush)];
        int count = _decoder.GetChars(bytes, characters, flush);
        return new string(characters, 0, count);
    }
}
