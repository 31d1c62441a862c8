using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Moves fewer than 16 numbers in and out of a register; the missing ones are 0.</summary>
internal static class Lanes
{
    internal const int Count = 16;

    internal static Vector512<float> Load(ReadOnlySpan<float> values)
    {
        Span<float> lanes = stackalloc float[Count];
        values[..Math.Min(Count, values.Length)].CopyTo(lanes);
        return Vector512.Create((ReadOnlySpan<float>)lanes);
    }

    /// <summary>The numbers from an index on, at most 16; the missing ones are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> LoadPart(ReadOnlySpan<float> values, int start)
    {
        var part = values[start..];
        return part.Length >= Count ? Vector512.Create(part) : Load(part);
    }

    internal static void Store(Vector512<float> value, Span<float> values)
    {
        if (values.Length >= Count)
        {
            value.CopyTo(values);
            return;
        }

        Span<float> lanes = stackalloc float[Count];
        value.CopyTo(lanes);
        lanes[..Math.Min(Count, values.Length)].CopyTo(values);
    }

    /// <summary>Sum of the 16 lanes: halves are added until one number is left, always in this order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum(Vector512<float> lanes)
    {
        var eight = lanes.GetLower() + lanes.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return four.GetElement(0) + four.GetElement(2) + (four.GetElement(1) + four.GetElement(3));
    }
}
