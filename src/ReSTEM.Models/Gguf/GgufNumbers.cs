using System.Runtime.InteropServices;

namespace ReSTEM.Models;

/// <summary>Numbers as GGUF stores them.</summary>
internal static class GgufNumbers
{
    /// <summary>Numbers of a Q8 block.</summary>
    internal const int BlockLength = 32;

    private const int BlockBytes = sizeof(ushort) + BlockLength;

    internal static long Bytes(GgufType type, long count) => type switch
    {
        GgufType.F32 => count * sizeof(float),
        GgufType.Q8 => count / BlockLength * BlockBytes,
        _ => count * sizeof(ushort),
    };

    /// <summary>The bytes of some numbers; for Q8 their count is a multiple of 32.</summary>
    /// <exception cref="InvalidDataException">A number, or the factor of a block, is beyond the range of F16.</exception>
    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<float> values, GgufType type) => type switch
    {
        GgufType.F32 => MemoryMarshal.AsBytes(values),
        GgufType.F16 => Narrowing.Of(values, StoredType.F16),
        GgufType.BF16 => Narrowing.Of(values, StoredType.BF16),
        _ => Blocks(values),
    };

    /// <summary>For each block d = max |x| / 127 in half precision, then the numbers x / d rounded to whole ones, ties away from 0.</summary>
    private static byte[] Blocks(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[Bytes(GgufType.Q8, values.Length)];
        for (int block = 0; block < values.Length / BlockLength; block++)
        {
            var source = values.Slice(block * BlockLength, BlockLength);
            var target = bytes.AsSpan(block * BlockBytes, BlockBytes);
            float largest = 0;
            foreach (float value in source)
            {
                largest = MathF.Max(largest, MathF.Abs(value));
            }

            float step = largest / sbyte.MaxValue;
            float factor = step == 0 ? 0 : 1 / step;
            Narrowing.Of([step], StoredType.F16).CopyTo(target);
            for (int index = 0; index < BlockLength; index++)
            {
                target[sizeof(ushort) + index] = (byte)(sbyte)MathF.Round(source[index] * factor, MidpointRounding.AwayFromZero);
            }
        }

        return bytes;
    }
}
