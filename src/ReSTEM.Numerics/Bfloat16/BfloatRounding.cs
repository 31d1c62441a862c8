using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>
/// Float32 to bfloat16: to the nearest number, halfway to the even one; what is over the largest becomes infinite, and what is below
/// the least normal number 2^-126 becomes a zero of its sign, since products take it for one. What is no number stays none.
/// </summary>
public static class BfloatRounding
{
    private const uint Upper = 0xFFFF0000, Magnitude = 0x7FFFFFFF, Sign = 0x80000000, HalfStep = 0x7FFF, Quiet = 0x00400000;
    private const int LeastNormal = 0x00800000;

    /// <summary>The nearest bfloat16, as a float32.</summary>
    public static float Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rounded = float.IsNaN(value) ? (bits | Quiet) & Upper : (bits + HalfStep + ((bits >> 16) & 1)) & Upper;
        return BitConverter.UInt32BitsToSingle((rounded & Magnitude) < LeastNormal ? rounded & Sign : rounded);
    }

    /// <summary>Rounds each number.</summary>
    /// <param name="values">Of any length.</param>
    /// <param name="rounded">Of the same length; may be the values themselves.</param>
    public static void Round(ReadOnlySpan<float> values, Span<float> rounded)
    {
        Shape.Same(rounded.Length, values.Length);
        int index = 0;
        for (; index <= values.Length - Lanes.Count; index += Lanes.Count)
        {
            Lanes.Store(Bits(Lanes.Load(values, index)).AsSingle(), rounded, index);
        }

        for (; index < values.Length; index++)
        {
            rounded[index] = Round(values[index]);
        }
    }

    /// <summary>Rounds each number and keeps its upper half.</summary>
    /// <param name="values">Of any length.</param>
    /// <param name="halves">At least of that length; the rest stays as it is.</param>
    public static void Narrow(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        Shape.AtLeast(halves.Length, values.Length);
        int index = 0;
        for (; index <= values.Length - (2 * Lanes.Count); index += 2 * Lanes.Count)
        {
            Vector512<uint> first = Bits(Lanes.Load(values, index)), second = Bits(Lanes.Load(values, index + Lanes.Count));
            Vector512.Narrow(first >> 16, second >> 16).StoreUnsafe(ref MemoryMarshal.GetReference(halves), (nuint)index);
        }

        for (; index < values.Length; index++)
        {
            halves[index] = (ushort)(BitConverter.SingleToUInt32Bits(Round(values[index])) >> 16);
        }
    }

    /// <summary>Rounds each number and puts neighbours into words, the first of two in the upper half.</summary>
    /// <param name="values">Of any length.</param>
    /// <param name="pairs">Half of that length, rounded up; a missing second number becomes <paramref name="filling"/>.</param>
    /// <param name="filling">Upper half of a float32.</param>
    internal static void Pair(ReadOnlySpan<float> values, Span<uint> pairs, ushort filling)
    {
        Shape.Same(pairs.Length, (values.Length + 1) / 2);
        var halves = MemoryMarshal.Cast<uint, ushort>(pairs);
        halves[^1] = filling;
        Narrow(values, halves);
        int index = 0;
        for (; index <= pairs.Length - Vector256<uint>.Count; index += Vector256<uint>.Count)
        {
            var words = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(pairs), (nuint)index);
            ((words << 16) | (words >> 16)).StoreUnsafe(ref MemoryMarshal.GetReference(pairs), (nuint)index);
        }

        for (; index < pairs.Length; index++)
        {
            pairs[index] = BitOperations.RotateLeft(pairs[index], 16);
        }
    }

    /// <summary>The rounded numbers as bits, lower halves 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Bits(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = bits + Vector512.Create(HalfStep) + ((bits >> 16) & Vector512<uint>.One);
        rounded = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, bits | Vector512.Create(Quiet));
        rounded &= Vector512.Create(Upper);
        var isTiny = Vector512.LessThan((rounded & Vector512.Create(Magnitude)).AsInt32(), Vector512.Create(LeastNormal)).AsUInt32();
        return Vector512.ConditionalSelect(isTiny, rounded & Vector512.Create(Sign), rounded);
    }
}
