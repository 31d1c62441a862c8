using System.Globalization;
using System.Text;

namespace ReSTEM.Models;

/// <summary>Decodes tokens written in characters, with single bytes as tokens of the form <c>&lt;0x0A&gt;</c>.</summary>
/// <remarks>
/// Bytes in a row are read together: valid UTF-8 gives its characters, anything else one U+FFFD a byte. So they are given out only when
/// the row has ended.
/// </remarks>
internal sealed class CharacterDecoder : ITokenDecoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Vocabulary _vocabulary;
    private readonly IReadOnlyList<(string Old, string New)> _replacements;
    private readonly int _stripped;
    private readonly List<byte> _bytes = [];
    private int _stillToStrip;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="replacements">What to replace in each token, in order: SentencePiece's U+2581 by a blank.</param>
    /// <param name="stripped">How many blanks to take from the start of the whole text.</param>
    internal CharacterDecoder(Vocabulary vocabulary, IReadOnlyList<(string Old, string New)> replacements, int stripped)
    {
        _vocabulary = vocabulary;
        _replacements = replacements;
        _stripped = stripped;
        _stillToStrip = stripped;
    }

    public string Append(int id)
    {
        if (_vocabulary.TokenOf(id) is not { } token)
        {
            return "";
        }

        foreach ((string old, string replacement) in _replacements)
        {
            token = token.Replace(old, replacement, StringComparison.Ordinal);
        }

        if (ByteOf(token) is { } value)
        {
            _bytes.Add(value);
            return "";
        }

        return Strip(ReadBytes() + token);
    }

    public string Finish()
    {
        string rest = Strip(ReadBytes());
        _stillToStrip = _stripped;
        return rest;
    }

    /// <summary>The byte a token such as <c>&lt;0x0A&gt;</c> stands for, or null.</summary>
    internal static byte? ByteOf(string token) =>
        token is ['<', '0', 'x', _, _, '>']
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;

    private string ReadBytes()
    {
        byte[] bytes = [.. _bytes];
        _bytes.Clear();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new string('\uFFFD', bytes.Length);
        }
    }

    private string Strip(string text)
    {
        int blanks = 0;
        while (blanks < text.Length && blanks < _stillToStrip && text[blanks] == ' ')
        {
            blanks++;
        }

        _stillToStrip = blanks < text.Length ? 0 : _stillToStrip - blanks;
        return text[blanks..];
    }
}
