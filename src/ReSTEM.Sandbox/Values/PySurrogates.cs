using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>UTF-8 with lone surrogates as three bytes each, which Python strings may hold and UTF-8 proper forbids.</summary>
internal static class PySurrogates
{
    /// <summary>Whether a text has a surrogate without its partner.</summary>
    public static bool Present(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return true;
            }

            i++;
        }

        return false;
    }

    /// <summary>The bytes.</summary>
    public static byte[] Encode(string text)
    {
        var bytes = new List<byte>(text.Length + 8);
        foreach (string part in Split(text))
        {
            if (part.Length == 1 && char.IsSurrogate(part[0]))
            {
                int code = part[0];
                bytes.AddRange([(byte)(0xE0 | (code >> 12)), (byte)(0x80 | ((code >> 6) & 0x3F)), (byte)(0x80 | (code & 0x3F))]);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(part));
            }
        }

        return [.. bytes];
    }

    /// <summary>The text.</summary>
    /// <exception cref="InvalidDataException">The bytes are not UTF-8 even so.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (bytes.Length >= 3 && bytes[0] == 0xED && bytes[1] is >= 0xA0 and <= 0xBF && bytes[2] is >= 0x80 and <= 0xBF)
            {
                text.Append((char)(0xD000 | ((bytes[1] & 0x3F) << 6) | (bytes[2] & 0x3F)));
                bytes = bytes[3..];
            }
            else if (Rune.DecodeFromUtf8(bytes, out var rune, out int used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
            }
            else
            {
                throw new InvalidDataException($"Text has byte {bytes[0]}, expected UTF-8.");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Split(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            yield return text.Substring(i, pair ? 2 : 1);
            i += pair ? 1 : 0;
        }
    }
}
