using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Reads tokens written in the byte alphabet. Bytes that are not valid UTF-8 show as U+FFFD.</summary>
internal sealed class ByteLevelStep(Action<string> next) : IDecoderStep
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public void Append(string token)
    {
        Span<byte> bytes = token.Length <= 64 ? stackalloc byte[64] : new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteAlphabet.ByteOf(token[i]);
            if (value < 0) // an added token with characters outside the alphabet stands for itself
            {
                Read(Encoding.UTF8.GetBytes(token), flush: false);
                return;
            }

            bytes[i] = (byte)value;
        }

        Read(bytes[..token.Length], flush: false);
    }

    public void Finish() => Read([], flush: true);

    private void Read(ReadOnlySpan<byte> bytes, bool flush)
    {
        int most = bytes.Length + 3; // a character held back, or U+FFFD for it
        Span<char> characters = most <= 67 ? stackalloc char[67] : new char[most];
        int count = _decoder.GetChars(bytes, characters, flush);
        if (count > 0)
        {
            next(new string(characters[..count]));
        }
    }
}
