using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The softmax inside attention, in one order for sampling, prefill and training, so that they agree bit for bit.</summary>
internal static class AttentionSoftmax
{
    /// <summary>
    /// Replaces raw scores s by <c>e^((s - max) * scale)</c> and returns the sum: element i in lane i mod 16, then the lanes as a tree.
    /// </summary>
    internal static float Exponentials(Span<float> scores, float scale)
    {
        float max = Reduction.Max(scores);
        var sums = Vector512<float>.Zero;
        int index = 0;
        for (; index <= scores.Length - Lanes.Count; index += Lanes.Count)
        {
            var part = scores.Slice(index, Lanes.Count);
            var value = VectorMath.Exp((Vector512.Create<float>(part) - Vector512.Create(max)) * scale);
            value.CopyTo(part);
            sums += value;
        }

        if (index < scores.Length)
        {
            var rest = scores[index..];
            var value = VectorMath.Exp((Lanes.Load(rest) - Vector512.Create(max)) * scale);
            Lanes.Store(value, rest);
            sums += Lanes.Load(rest);
        }

        return Lanes.Sum(sums);
    }
}
