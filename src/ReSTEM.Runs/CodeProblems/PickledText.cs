using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ReSTEM.Runs;

/// <summary>
/// Reads the one thing that LiveCodeBench pickles: a text. Unpickling in general runs code of the file's choice; this knows the
/// instructions that make a text, and refuses every other.
/// </summary>
internal static class PickledText
{
    private const int MostBytes = 1 << 30;

    /// <summary>The text in base64 of zlib of a pickle; null when it is anything else.</summary>
    internal static string? FromCompressed(string base64)
    {
        byte[] packed = new byte[(base64.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(base64, packed, out int length))
        {
            return null;
        }

        try
        {
            using var zlib = new ZLibStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read = zlib.Read(buffer); read > 0; read = zlib.Read(buffer))
            {
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length > MostBytes)
                {
                    return null;
                }
            }

            return Of(unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The text of a pickle that holds a text and nothing else; null when it is anything else.</summary>
    internal static string? Of(ReadOnlySpan<byte> pickle)
    {
        string? text = null;
        while (!pickle.IsEmpty)
        {
            byte instruction = pickle[0];
            pickle = pickle[1..];
            switch ((char)instruction)
            {
                case '\x80' when pickle.Length >= 1: // protocol
                    pickle = pickle[1..];
                    break;
                case '\x95' when pickle.Length >= 8: // frame
                    pickle = pickle[8..];
                    break;
                case '\x94': // memoize
                    break;
                case 'q' when pickle.Length >= 1: // put into the memo
                    pickle = pickle[1..];
                    break;
                case 'r' when pickle.Length >= 4:
                    pickle = pickle[4..];
                    break;
                case '\x8c' or 'X' or '\x8d' when text is null: // a text, its length in 1, 4 or 8 bytes
                    int size = instruction == 'X' ? 4 : instruction == 0x8C ? 1 : 8;
                    if (pickle.Length < size || Length(pickle[..size]) is not { } length || length > (ulong)(pickle.Length - size))
                    {
                        return null;
                    }

                    text = Encoding.UTF8.GetString(pickle.Slice(size, (int)length));
                    pickle = pickle[(size + (int)length)..];
                    break;
                case '.':
                    return pickle.IsEmpty ? text : null;
                default:
                    return null;
            }
        }

        return null;
    }

    private static ulong? Length(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => bytes[0],
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };
}
