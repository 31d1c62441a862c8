using System.Runtime.InteropServices;

namespace ReSTEM.Tokenizers;

/// <summary>Remembers the ids of short pieces, as many as there are places; a new piece takes the place of an old one. Safe for several threads.</summary>
internal sealed class PieceMemory
{
    private const int FewestPlaces = 1 << 10;
    private const int MostPlaces = 1 << 17;
    private const int LongestPiece = 64;

    private Entry?[] _entries = []; // made on first use: many tokenizers are loaded only to be asked for an id
    private int _remembered;

    internal bool TryAppend(ReadOnlySpan<char> piece, List<int> ids)
    {
        Entry?[] entries = Volatile.Read(ref _entries);
        if (entries.Length == 0 || piece.Length > LongestPiece)
        {
            return false;
        }

        if (Volatile.Read(ref entries[PlaceOf(piece, entries)]) is not { } entry || !piece.SequenceEqual(entry.Piece))
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
        if (piece.Length > LongestPiece)
        {
            return;
        }

        // Another thread may grow it too, or count at the same time: some pieces are then forgotten, nothing more.
        Entry?[] entries = Volatile.Read(ref _entries);
        if (++_remembered > entries.Length && entries.Length < MostPlaces)
        {
            entries = new Entry?[Math.Clamp(8 * entries.Length, FewestPlaces, MostPlaces)];
            Volatile.Write(ref _entries, entries);
        }

        Volatile.Write(ref entries[PlaceOf(piece, entries)], new Entry(piece.ToString(), ids.ToArray()));
    }

    private static int PlaceOf(ReadOnlySpan<char> piece, Entry?[] entries)
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

        return (int)hash & (entries.Length - 1); // a power of two
    }

    private sealed record Entry(string Piece, int[] Ids);
}
