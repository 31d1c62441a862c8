using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Moves up to 16 numbers in and out of a register, so that one loop serves any length.</summary>
internal static class Lanes
{
    internal const int Count = 16;

    /// <summary>The numbers from an index on, at most 16; the missing ones are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Load(ReadOnlySpan<float> values, int start) => start <= values.Length - Count
        ? Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start)
        : LoadRest(values[start..]);

    /// <summary>Writes the lanes from an index on, as many as there is room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector512<float> value, Span<float> values, int start)
    {
        if (start <= values.Length - Count)
        {
            value.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);
        }
        else
        {
            StoreRest(value, values[start..]);
        }
    }

    /// <summary>All bits of the first lanes, none of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Valid(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <summary>Sum of the 16 lanes: halves are added until one number is left, always in this order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum(Vector512<float> lanes)
    {
        var eight = lanes.GetLower() + lanes.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return four.GetElement(0) + four.GetElement(2) + (four.GetElement(1) + four.GetElement(3));
    }

    /// <summary>Lane by lane the larger number; lanes must be numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Larger(Vector512<float> x, Vector512<float> y) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, y), x, y);

    /// <summary>The largest lane; lanes must be numbers. Of zeros of both signs either is the largest.</summary>
    internal static float Largest(Vector512<float> lanes)
    {
        Vector256<float> low = lanes.GetLower(), high = lanes.GetUpper();
        var eight = Vector256.ConditionalSelect(Vector256.GreaterThan(low, high), low, high);
        Vector128<float> four = eight.GetLower(), others = eight.GetUpper();
        four = Vector128.ConditionalSelect(Vector128.GreaterThan(four, others), four, others);
        float first = four.GetElement(0), second = four.GetElement(1), third = four.GetElement(2), fourth = four.GetElement(3);
        (first, third) = (first > second ? first : second, third > fourth ? third : fourth);
        return first > third ? first : third;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadRest(ReadOnlySpan<float> values)
    {
        Span<float> lanes = stackalloc float[Count];
        values.CopyTo(lanes);
        return Vector512.Create((ReadOnlySpan<float>)lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreRest(Vector512<float> value, Span<float> values)
    {
        Span<float> lanes = stackalloc float[Count];
        value.CopyTo(lanes);
        lanes[..values.Length].CopyTo(values);
    }
}
