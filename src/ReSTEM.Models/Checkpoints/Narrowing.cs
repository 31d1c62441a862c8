using System.Runtime.InteropServices;

namespace ReSTEM.Models;

/// <summary>The type of stored numbers.</summary>
public enum StoredType
{
    /// <summary>IEEE single precision: what is computed with.</summary>
    F32,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of single precision.</summary>
    BF16,
}

/// <summary>Numbers in fewer bytes, rounded to the nearest, ties to even.</summary>
internal static class Narrowing
{
    internal static int SizeOf(StoredType type) => type is StoredType.F32 ? sizeof(float) : sizeof(ushort);

    /// <exception cref="InvalidDataException">A number is beyond the range of F16.</exception>
    internal static byte[] Of(ReadOnlySpan<float> values, StoredType type, string? tensor = null)
    {
        byte[] bytes = new byte[values.Length * sizeof(ushort)];
        var narrow = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
        for (int index = 0; index < values.Length; index++)
        {
            narrow[index] = type is StoredType.F16 ? ToHalf(values[index], tensor) : ToUpperHalf(values[index]);
        }

        return bytes;
    }

    internal static ushort ToUpperHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16); // finite numbers only: weights are
    }

    private static ushort ToHalf(float value, string? tensor)
    {
        var half = (Half)value;
        return Half.IsFinite(half) ? BitConverter.HalfToUInt16Bits(half) : throw new InvalidDataException(
            $"{(tensor is null ? "a weight" : $"a number of tensor {tensor}")} is {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}, expected at most 65504 for F16; store it in BF16 or F32.");
    }
}
