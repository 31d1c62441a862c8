using System.Runtime.InteropServices;

namespace ReSTEM.Models;

/// <summary>Remembers the ids of short pieces, as many as there are places; a new piece takes the place of an old one. Safe for several threads.</summary>
internal sealed class PieceMemory
{
    private const int Places = 1 << 17;
    private const int LongestPiece = 64;

    private Entry?[]? _entries; // made on first use: many tokenizers are loaded only to be asked for an id

    internal bool TryAppend(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_entries is null || piece.Length > LongestPiece)
        {
            return false;
        }

        if (Volatile.Read(ref _entries[PlaceOf(piece)]) is not { } entry || !piece.SequenceEqual(entry.Piece))
        {
            return false;
        }

        if (entry.Ids.Length == 1)
        {
            ids.Add(entry.Ids[0]);
        }
        else
        {
            ids.AddRange(entry.Ids);
        }

        return true;
    }

    internal void Remember(ReadOnlySpan<char> piece, ReadOnlySpan<int> ids)
    {
        if (piece.Length <= LongestPiece)
        {
            _entries ??= new Entry?[Places]; // two threads may each make one; what the other remembered is lost, nothing more
            Volatile.Write(ref _entries[PlaceOf(piece)], new Entry(piece.ToString(), ids.ToArray()));
        }
    }

    private static int PlaceOf(ReadOnlySpan<char> piece)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(piece);
        ulong hash = (ulong)piece.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        foreach (char unit in MemoryMarshal.Cast<byte, char>(bytes))
        {
            hash = (hash ^ unit) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        return (int)(hash & (Places - 1));
    }

    private sealed record Entry(string Piece, int[] Ids);
}
