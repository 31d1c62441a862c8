using System.Buffers;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Turns one piece of text into token ids by merging its UTF-8 bytes. Remembers short pieces. Safe for several threads.</summary>
internal sealed class ByteLevelEncoder : IPieceEncoder
{
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly bool _ignoreMerges;
    private readonly int[] _idOfByte = new int[256];
    private readonly PieceMemory _memory = new();

    /// <param name="vocabulary">Holds a token for each byte.</param>
    /// <param name="merges">Over ids of the vocabulary.</param>
    /// <param name="ignoreMerges">A piece that is a token as a whole becomes that token, whatever the merges say.</param>
    internal ByteLevelEncoder(Vocabulary vocabulary, MergeTable merges, bool ignoreMerges)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _ignoreMerges = ignoreMerges;
        for (int value = 0; value < 256; value++)
        {
            _idOfByte[value] = vocabulary.TryGetModelId([ByteAlphabet.CharacterOf((byte)value)], out int id) ? id : -1;
        }
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_memory.TryAppend(piece, ids))
        {
            return;
        }

        byte[] rentedBytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        ReadOnlySpan<byte> bytes = rentedBytes.AsSpan(0, Encoding.UTF8.GetBytes(piece, rentedBytes));
        int[] rented = ArrayPool<int>.Shared.Rent(bytes.Length);
        ReadOnlySpan<int> result = Encode(piece, bytes, rented.AsSpan(0, bytes.Length));
        _memory.Remember(piece, result);
        ids.AddRange(result);
        ArrayPool<int>.Shared.Return(rented);
        ArrayPool<byte>.Shared.Return(rentedBytes);
    }

    private ReadOnlySpan<int> Encode(ReadOnlySpan<char> piece, ReadOnlySpan<byte> bytes, Span<int> ids)
    {
        if (_ignoreMerges && bytes.Length <= _vocabulary.LongestToken && _vocabulary.TryGetModelId(ByteAlphabet.Write(bytes), out int whole))
        {
            ids[0] = whole;
            return ids[..1];
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            ids[i] = _idOfByte[bytes[i]];
            if (ids[i] < 0)
            {
                throw new InvalidDataException(
                    $"The tokenizer's vocabulary has no token for byte 0x{bytes[i]:X2} of '{JsonPart.OneLine(piece.ToString())}', expected one for every byte.");
            }
        }

        return ids[.._merges.Apply(ids)];
    }
}
