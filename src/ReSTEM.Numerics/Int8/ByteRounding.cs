using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Rounds float32 to int8 with a scale, as <see cref="ByteSum"/> has it.</summary>
internal static unsafe class ByteRounding
{
    /// <summary>Added to a weight so that it is a byte without a sign.</summary>
    internal const int Offset = 128;

    private const int Block = 4 * Lanes.Count; // numbers that are rounded to one register of bytes
    private const uint Infinity = 0x7F800000;
    private const float Integers = 12582912; // 1.5 * 2^23: added to a number, its last bits are the nearest integer

    /// <summary>Words of 32 bits that a number of bytes take.</summary>
    internal static int Words(int length) => (length + 3) / 4;

    /// <summary>Words of a rounded row: for each group a start, the bytes, and a scale.</summary>
    internal static int RowWords(int length) => Words(length) + (2 * ((length + ByteSum.GroupLength - 1) / ByteSum.GroupLength));

    /// <summary>Rounds a row of activations.</summary>
    /// <param name="values">The row.</param>
    /// <param name="target">
    /// For each group: the start of its sums of products, which takes back what the weights' offset adds, as an int32; the bytes,
    /// filled up with zeros to whole words; the scale.
    /// </param>
    internal static void Row(ReadOnlySpan<float> values, Span<uint> target)
    {
        for (int start = 0; start < values.Length; start += ByteSum.GroupLength)
        {
            var group = values.Slice(start, Math.Min(ByteSum.GroupLength, values.Length - start));
            float largest = LargestMagnitude(group);
            int words = Words(group.Length);
            int sum = Round(group, ByteSum.Inverse(largest), MemoryMarshal.AsBytes(target.Slice(1, words)), offset: 0);
            target[0] = (uint)(-Offset * sum);
            target[words + 1] = BitConverter.SingleToUInt32Bits(ByteSum.Scale(largest));
            target = target[(words + 2)..];
        }
    }

    /// <summary>The largest magnitude; no number if one of them is none or infinite.</summary>
    internal static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        Vector512<uint> largest = default, magnitude = Vector512.Create(0x7FFFFFFFu);
        for (int start = 0; start < values.Length; start += Lanes.Count)
        {
            largest = Vector512.Max(largest, Lanes.Load(values, start).AsUInt32() & magnitude); // of such words the order is that of the numbers
        }

        var eight = Vector256.Max(largest.GetLower(), largest.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        uint bits = Math.Max(Math.Max(four.GetElement(0), four.GetElement(1)), Math.Max(four.GetElement(2), four.GetElement(3)));
        return bits < Infinity ? BitConverter.UInt32BitsToSingle(bits) : float.NaN;
    }

    /// <summary>Rounds numbers to integers, adds an offset to each, and fills the last word up with it.</summary>
    /// <param name="values">At most as many as there is room for.</param>
    /// <param name="inverse">Of their scale.</param>
    /// <param name="target">Whole words.</param>
    /// <param name="offset">0, or <see cref="Offset"/> for bytes without a sign.</param>
    /// <returns>Sum of the integers.</returns>
    internal static int Round(ReadOnlySpan<float> values, float inverse, Span<byte> target, int offset)
    {
        var sum = Vector512<int>.Zero;
        int start = 0;
        for (; start <= values.Length - Block && start <= target.Length - Block; start += Block)
        {
            sum += RoundBlock(values[start..], inverse, offset, ref target[start]);
        }

        if (start < target.Length)
        {
            Span<float> rest = stackalloc float[Block];
            Span<byte> bytes = stackalloc byte[Block];
            rest.Clear();
            values[start..].CopyTo(rest);
            sum += RoundBlock(rest, inverse, offset, ref bytes[0]);
            bytes[..(target.Length - start)].CopyTo(target[start..]);
        }

        return Vector512.Sum(sum);
    }

    private static Vector512<int> RoundBlock(ReadOnlySpan<float> values, float inverse, int offset, ref byte target)
    {
        var factor = Vector512.Create(inverse);
        Vector512<int> first = Integer(Lanes.Load(values, 0) * factor), second = Integer(Lanes.Load(values, Lanes.Count) * factor);
        Vector512<int> third = Integer(Lanes.Load(values, 2 * Lanes.Count) * factor), fourth = Integer(Lanes.Load(values, 3 * Lanes.Count) * factor);
        var bytes = Vector512.Narrow(Vector512.Narrow(first, second), Vector512.Narrow(third, fourth)).AsByte();
        Vector512.StoreUnsafe(bytes + Vector512.Create((byte)offset), ref target);
        return first + second + (third + fourth);
    }

    private static Vector512<int> Integer(Vector512<float> values) =>
        (values + Vector512.Create(Integers)).AsInt32() - Vector512.Create(BitConverter.SingleToInt32Bits(Integers));
}
