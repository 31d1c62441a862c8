using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Sums of fixed order: element i goes to lane i mod 16 by a fused multiply-add, then the lanes are added as a tree.</summary>
public static class Reduction
{
    /// <summary><c>sum_i x[i] * y[i]</c>.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Shape.Same(y.Length, x.Length);
        var sums = Vector512<float>.Zero;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            sums = Vector512.FusedMultiplyAdd(Lanes.Load(x, index), Lanes.Load(y, index), sums);
        }

        return Lanes.Sum(sums);
    }

    /// <summary><c>sum_i x[i]^2</c>.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> x) => Dot(x, x);

    /// <summary><c>sum_i x[i]</c>.</summary>
    public static float Sum(ReadOnlySpan<float> x)
    {
        var sums = Vector512<float>.Zero;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            sums += Lanes.Load(x, index);
        }

        return Lanes.Sum(sums);
    }

    /// <summary>The largest element; minus infinity for none. Elements must be numbers.</summary>
    public static float Max(ReadOnlySpan<float> x)
    {
        if (x.Length < Lanes.Count)
        {
            float result = float.NegativeInfinity;
            foreach (float value in x)
            {
                result = value > result ? value : result;
            }

            return result;
        }

        // Four chains, since each comparison waits for the one before it; the last register overlaps what has been seen.
        Vector512<float> first = Lanes.Load(x, 0), second = first, third = first, fourth = first;
        int index = 0;
        for (; index <= x.Length - (4 * Lanes.Count); index += 4 * Lanes.Count)
        {
            first = Lanes.Larger(Lanes.Load(x, index), first);
            second = Lanes.Larger(Lanes.Load(x, index + Lanes.Count), second);
            third = Lanes.Larger(Lanes.Load(x, index + (2 * Lanes.Count)), third);
            fourth = Lanes.Larger(Lanes.Load(x, index + (3 * Lanes.Count)), fourth);
        }

        for (; index <= x.Length - Lanes.Count; index += Lanes.Count)
        {
            first = Lanes.Larger(Lanes.Load(x, index), first);
        }

        second = Lanes.Larger(Lanes.Load(x, x.Length - Lanes.Count), second);
        return Lanes.Largest(Lanes.Larger(Lanes.Larger(first, second), Lanes.Larger(third, fourth)));
    }
}
