using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ReSTEM.Arithmetic;
using ReSTEM.Numerics;

namespace ReSTEM.Engines;

/// <summary>Exponentials of a row of logits, and their sum in double precision in one fixed order.</summary>
public static class Exponentials
{
    private const int Width = 16;

    /// <summary><c>log sum_i e^logits[i]</c>; not a number where a logit is not.</summary>
    /// <param name="logits">[V].</param>
    /// <param name="max">The largest of them.</param>
    /// <param name="scratch">[V].</param>
    public static double LogSum(ReadOnlySpan<float> logits, float max, Span<float> scratch)
    {
        Fill(logits, max, 1, scratch);
        return max + Elementary.Log(Sum(scratch[..logits.Length]));
    }

    /// <summary><c>output[i] = e^((logits[i] - max) * factor)</c>.</summary>
    public static void Fill(ReadOnlySpan<float> logits, float max, float factor, Span<float> output)
    {
        ref float source = ref MemoryMarshal.GetReference(logits);
        ref float target = ref MemoryMarshal.GetReference(output[..logits.Length]);
        var maxima = Vector512.Create(max);
        var factors = Vector512.Create(factor);
        int index = 0;
        for (; index <= logits.Length - Width; index += Width)
        {
            ((Vector512.LoadUnsafe(ref source, (nuint)index) - maxima) * factors).StoreUnsafe(ref target, (nuint)index);
        }

        for (; index < logits.Length; index++)
        {
            output[index] = (logits[index] - max) * factor;
        }

        VectorMath.Exp(output[..logits.Length], output[..logits.Length]);
    }

    /// <summary>Element i is added in double precision to lane i mod 16 (those of the last, broken group one after the other), then the lanes as a tree.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        ref float source = ref MemoryMarshal.GetReference(values);
        var lower = Vector512<double>.Zero;
        var upper = Vector512<double>.Zero;
        int index = 0;
        for (; index <= values.Length - Width; index += Width)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)index));
            lower += low;
            upper += high;
        }

        double rest = 0;
        for (; index < values.Length; index++)
        {
            rest += values[index];
        }

        var eight = lower + upper;
        var four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]) + rest;
    }
}
