using System.Text;

namespace ReSTEM.Models;

/// <summary>Reads tokens written in the byte alphabet. Bytes that are not valid UTF-8 show as U+FFFD.</summary>
internal sealed class ByteLevelStep(Action<string> next) : IDecoderStep
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public void Append(string token) => Read(BytesOf(token), flush: false);

    public void Finish() => Read([], flush: true);

    private void Read(byte[] bytes, bool flush)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, flush)];
        int count = _decoder.GetChars(bytes, characters, flush);
        if (count > 0)
        {
            next(new string(characters, 0, count));
        }
    }

    private static byte[] BytesOf(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteAlphabet.ByteOf(token[i]);
            if (value < 0) // an added token with characters outside the alphabet stands for itself
            {
                return Encoding.UTF8.GetBytes(token);
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }
}
