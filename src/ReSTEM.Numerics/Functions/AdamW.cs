using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The AdamW update of some weights, each by itself.</summary>
/// <remarks>
/// Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2, with the learning rate as the schedule multiplier, so that the
/// decay is <c>learning rate * weight decay</c>.
/// </remarks>
public readonly record struct AdamW
{
    /// <summary>Decay of the first moment.</summary>
    public required float Beta1 { get; init; }

    /// <summary>Decay of the second moment.</summary>
    public required float Beta2 { get; init; }

    /// <summary>Added to the root of the corrected second moment.</summary>
    public required float Epsilon { get; init; }

    /// <summary>Learning rate of this step / (1 - Beta1^step).</summary>
    public required float StepSize { get; init; }

    /// <summary>1 / sqrt(1 - Beta2^step).</summary>
    public required float RootCorrection { get; init; }

    /// <summary>1 - learning rate * weight decay: what is left of a weight before the step.</summary>
    public required float Retained { get; init; }

    /// <summary>Multiplies the gradient first: clipping.</summary>
    public required float GradientScale { get; init; }

    /// <summary>
    /// <c>m = b1 m + (1 - b1) g</c>, <c>v = b2 v + (1 - b2) g^2</c>,
    /// <c>w = retained w - stepSize m / (sqrt(v) rootCorrection + epsilon)</c>; all spans of one length, none overlapping.
    /// </summary>
    public void Update(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
    {
        Shape.Same(gradient.Length, weights.Length);
        Shape.Same(first.Length, weights.Length);
        Shape.Same(second.Length, weights.Length);
        for (int index = 0; index < weights.Length; index += Lanes.Count)
        {
            Vector512<float> m = Lanes.Load(first, index), v = Lanes.Load(second, index);
            var w = Next(Lanes.Load(weights, index), Lanes.Load(gradient, index), ref m, ref v);
            Lanes.Store(m, first, index);
            Lanes.Store(v, second, index);
            Lanes.Store(w, weights, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Next(
        Vector512<float> w, Vector512<float> gradient, ref Vector512<float> m, ref Vector512<float> v)
    {
        var g = gradient * GradientScale;
        m = Vector512.FusedMultiplyAdd(Vector512.Create(1 - Beta1), g, m * Beta1);
        v = Vector512.FusedMultiplyAdd(Vector512.Create(1 - Beta2), g * g, v * Beta2);
        var root = Vector512.FusedMultiplyAdd(
            Vector512.Sqrt(v), Vector512.Create(RootCorrection), Vector512.Create(Epsilon));
        return Vector512.FusedMultiplyAdd(Vector512.Create(-StepSize), m / root, w * Retained);
    }
}
