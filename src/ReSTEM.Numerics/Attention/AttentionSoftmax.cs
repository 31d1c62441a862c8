using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The softmax inside attention, in one order for sampling, prefill and training, so that they agree bit for bit.</summary>
internal static unsafe class AttentionSoftmax
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

    /// <summary>The same of scores that have room behind them, which is not kept as it was.</summary>
    /// <param name="scores">The first of them.</param>
    /// <param name="count">Scores.</param>
    /// <param name="room">Numbers from the first on that may be read and written; <paramref name="count"/> at least.</param>
    /// <param name="shape">Scale and cap.</param>
    internal static float Exponentials(float* scores, int count, int room, AttentionShape shape) =>
        shape.ScoreCap == 0 && (count + Lanes.Count - 1) / Lanes.Count * Lanes.Count <= room
            ? Exponentials(scores, count, shape.Scale)
            : Exponentials(new Span<float>(scores, count), shape);

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

    /// <summary>Register by register: what the last one has beyond the scores is left out, and becomes 0.</summary>
    private static float Exponentials(float* scores, int count, float scale)
    {
        int whole = count - (count % Lanes.Count);
        var valid = Lanes.Valid(count - whole);
        var largest = Vector512.Create(float.NegativeInfinity);
        for (int index = 0; index < whole; index += Lanes.Count)
        {
            largest = Lanes.Larger(Vector512.Load(scores + index), largest);
        }

        var rest = Vector512<float>.Zero;
        if (whole < count)
        {
            rest = Vector512.Load(scores + whole);
            largest = Lanes.Larger(Vector512.ConditionalSelect(valid, rest, largest), largest);
        }

        largest = Vector512.Create(Lanes.Largest(largest));
        var sums = Vector512<float>.Zero;
        for (int index = 0; index < whole; index += Lanes.Count)
        {
            var value = VectorMath.Exp((Vector512.Load(scores + index) - largest) * scale);
            Vector512.Store(value, scores + index);
            sums += value;
        }

        if (whole < count)
        {
            var value = VectorMath.Exp((rest - largest) * scale) & valid;
            Vector512.Store(value, scores + whole);
            sums += value;
        }

        return Lanes.Sum(sums);
    }
}
