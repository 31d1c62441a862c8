using System.Globalization;

namespace ReSTEM.Tokenizers;

/// <summary>Tokens of the form <c>&lt;0x0A&gt;</c>, which stand for one byte of a character without a token of its own.</summary>
internal static class ByteTokens
{
    /// <summary>The id of a byte's token, or -1.</summary>
    internal static int IdOf(Vocabulary vocabulary, int value) => vocabulary.TryGetModelId($"<0x{value:X2}>", out int id) ? id : -1;

    /// <summary>The byte that a token stands for, or null.</summary>
    internal static byte? ByteOf(string token) =>
        token is ['<', '0', 'x', _, _, '>']
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;
}
