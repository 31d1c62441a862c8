using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>
/// Reads byte tokens such as <c>&lt;0x0A&gt;</c> in a row together: valid UTF-8 gives its characters, anything else one U+FFFD a byte. So
/// they are handed on only when the row has ended.
/// </summary>
internal sealed class ByteFallbackStep(Action<string> next) : IDecoderStep
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<byte> _bytes = [];

    public void Append(string token)
    {
        if (ByteTokens.ByteOf(token) is { } value)
        {
            _bytes.Add(value);
            return;
        }

        Finish();
        next(token);
    }

    public void Finish()
    {
        if (_bytes.Count == 0)
        {
            return;
        }

        byte[] bytes = [.. _bytes];
        _bytes.Clear();
        next(Read(bytes));
    }

    private static string Read(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new string('\uFFFD', bytes.Length);
        }
    }
}
