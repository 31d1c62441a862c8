using System.Collections.Concurrent;
using System.Text;

namespace ReSTEM.Models;

/// <summary>Turns one piece of text into token ids by merging its UTF-8 bytes. Remembers short pieces. Safe for several threads.</summary>
internal sealed class ByteLevelEncoder : IPieceEncoder
{
    private const int MaxRememberedPieces = 1 << 17;
    private const int MaxRememberedLength = 64;

    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly bool _ignoreMerges;
    private readonly int[] _idOfByte = new int[256];
    private readonly ConcurrentDictionary<string, int[]> _remembered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _rememberedLookup;
    private int _rememberedCount;

    /// <param name="vocabulary">Holds a token for each byte.</param>
    /// <param name="merges">Over ids of the vocabulary.</param>
    /// <param name="ignoreMerges">A piece that is a token as a whole becomes that token, whatever the merges say.</param>
    internal ByteLevelEncoder(Vocabulary vocabulary, MergeTable merges, bool ignoreMerges)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _ignoreMerges = ignoreMerges;
        _rememberedLookup = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int value = 0; value < 256; value++)
        {
            _idOfByte[value] = vocabulary.TryGetModelId([ByteAlphabet.CharacterOf((byte)value)], out int id) ? id : -1;
        }
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (!_rememberedLookup.TryGetValue(piece, out int[]? known))
        {
            known = Encode(piece);
            if (piece.Length <= MaxRememberedLength && Volatile.Read(ref _rememberedCount) < MaxRememberedPieces
                && _rememberedLookup.TryAdd(piece, known))
            {
                Interlocked.Increment(ref _rememberedCount);
            }
        }

        ids.AddRange(known);
    }

    private int[] Encode(ReadOnlySpan<char> piece)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        if (_ignoreMerges && _vocabulary.TryGetModelId(ByteAlphabet.Write(bytes), out int whole))
        {
            return [whole];
        }

        int[] ids = new int[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            ids[i] = _idOfByte[bytes[i]];
            if (ids[i] < 0)
            {
                throw new InvalidDataException(
                    $"The tokenizer's vocabulary has no token for byte 0x{bytes[i]:X2} of '{piece}', expected one for every byte.");
            }
        }

        return ids[.._merges.Apply(ids)];
    }
}
