using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The softmax inside attention, in one order for sampling, prefill and training, so that they agree bit for bit.</summary>
internal static class AttentionSoftmax
{
    /// <summary>Replaces raw scores, query times key, by exponentials of what the shape makes of them, and returns the sum.</summary>
    internal static float Exponentials(Span<float> scores, AttentionShape shape)
    {
        if (shape.ScoreCap == 0)
        {
            return Exponentials(scores, shape.Scale);
        }

        SoftCap.Apply(scores, shape.Scale, shape.ScoreCap);
        return Exponentials(scores, 1);
    }

    /// <summary>
    /// Replaces raw scores s by <c>e^((s - max) * scale)</c> and returns the sum: element i in lane i mod 16, then the lanes as a tree.
    /// </summary>
    private static float Exponentials(Span<float> scores, float scale)
    {
        float max = Reduction.Max(scores);
        var sums = Vector512<float>.Zero;
        var largest = Vector512.Create(max);
        int index = 0;
        for (; index <= scores.Length - Lanes.Count; index += Lanes.Count)
        {
            var value = VectorMath.Exp((Lanes.Load(scores, index) - largest) * scale);
            Lanes.Store(value, scores, index);
            sums += value;
        }

        if (index < scores.Length)
        {
            Lanes.Store(VectorMath.Exp((Lanes.Load(scores, index) - largest) * scale), scores, index);
            sums += Lanes.Load(scores, index);
        }

        return Lanes.Sum(sums);
    }
}
