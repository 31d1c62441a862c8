using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>SentencePiece's precompiled table of replacements: a double array over UTF-8 bytes, and the texts that it points to.</summary>
/// <remarks>
/// The double array is that of Yata's darts-clone: a unit's low byte is its label, bit 8 says that a value follows, bits 10 to 30 (shifted
/// by 8 when bit 9 is set) lead to its children; a value has bit 31 set.
/// </remarks>
internal sealed class CharacterMap
{
    /// <summary>Longer clusters are replaced character by character, as the library that reads tokenizer.json does.</summary>
    private const int ClusterBytes = 6;

    private readonly uint[] _units;
    private readonly byte[] _texts;

    private CharacterMap(uint[] units, byte[] texts)
    {
        _units = units;
        _texts = texts;
    }

    /// <summary>Null when the bytes are no such table.</summary>
    internal static CharacterMap? TryRead(ReadOnlySpan<byte> table)
    {
        if (table.Length < 4)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(table);
        if (length == 0 || length % 4 != 0 || length > table.Length - 4)
        {
            return null;
        }

        uint[] units = new uint[length / 4];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (4 * i))..]);
        }

        return new CharacterMap(units, table[(4 + (int)length)..].ToArray());
    }

    /// <summary>Replaces user-perceived characters, and where there is no replacement the code points in them.</summary>
    internal string ApplyToClusters(string text)
    {
        StringBuilder result = new(text.Length);
        for (int start = 0; start < text.Length;)
        {
            ReadOnlySpan<char> cluster = text.AsSpan(start, StringInfo.GetNextTextElementLength(text, start));
            start += cluster.Length;
            if (Encoding.UTF8.GetByteCount(cluster) < ClusterBytes && First(cluster) is { } whole)
            {
                result.Append(whole);
                continue;
            }

            while (cluster.Length > 0)
            {
                Rune.DecodeFromUtf16(cluster, out _, out int length);
                result.Append(First(cluster[..length]) ?? cluster[..length].ToString());
                cluster = cluster[length..];
            }
        }

        return result.ToString();
    }

    /// <summary>The replacement of the longest prefix that has one, and that prefix's length in UTF-16 units; (null, 0) when none has.</summary>
    internal (string? Replacement, int Length) Longest(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        (int value, int found, int length) = (-1, 0, 0);
        Walk walk = new(_units);
        while (length < text.Length && Rune.DecodeFromUtf16(text[length..], out Rune rune, out int units) == System.Buffers.OperationStatus.Done)
        {
            length += units;
            if (!walk.Follow(utf8[..rune.EncodeToUtf8(utf8)], out int? here))
            {
                break;
            }

            (value, found) = here is { } text0 ? (text0, length) : (value, found);
        }

        return value < 0 ? (null, 0) : (TextAt(value), found);
    }

    /// <summary>The replacement of the shortest prefix that has one, for the whole of a text: so does the library that reads tokenizer.json.</summary>
    private string? First(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Walk walk = new(_units);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!walk.Follow(utf8[..rune.EncodeToUtf8(utf8)], out int? value))
            {
                return null;
            }

            if (value is { } found)
            {
                return TextAt(found);
            }
        }

        return null;
    }

    private string? TextAt(int start)
    {
        if (start >= _texts.Length)
        {
            return null;
        }

        int length = _texts.AsSpan(start).IndexOf((byte)0);
        return Encoding.UTF8.GetString(_texts, start, length < 0 ? _texts.Length - start : length);
    }

    /// <summary>A way through the double array; a damaged one ends where it leads outside.</summary>
    private struct Walk(uint[] units)
    {
        private uint _node = Offset(units[0]);

        internal bool Follow(ReadOnlySpan<byte> bytes, out int? value)
        {
            value = null;
            foreach (byte label in bytes)
            {
                _node ^= label;
                if (label == 0 || _node >= units.Length || (units[_node] & 0x800000FF) != label)
                {
                    return false;
                }

                uint unit = units[_node];
                _node ^= Offset(unit);
                bool hasValue = (unit >> 8 & 1) == 1;
                value = hasValue && _node < units.Length ? (int)(units[_node] & 0x7FFFFFFF) : null;
            }

            return true;
        }

        private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);
    }
}
