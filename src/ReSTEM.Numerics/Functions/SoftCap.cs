using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>A soft bound on scores or logits: <c>cap tanh(x / cap)</c>.</summary>
/// <remarks>Gemma team 2024, arXiv:2408.00118, section 2.</remarks>
public static class SoftCap
{
    /// <summary><c>x[i] = cap tanh(x[i] scale / cap)</c>.</summary>
    /// <param name="x">Any numbers.</param>
    /// <param name="scale">Goes before the bound.</param>
    /// <param name="cap">More than 0.</param>
    public static void Apply(Span<float> x, float scale, float cap)
    {
        float inner = scale / cap;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            Lanes.Store(VectorMath.Tanh(Lanes.Load(x, index) * inner) * cap, x, index);
        }
    }

    /// <summary>The gradient of what was bounded: <c>dx[i] = dy[i] (1 - (y[i] / cap)^2)</c>.</summary>
    /// <param name="bounded">y, the output of <see cref="Apply"/> with scale 1.</param>
    /// <param name="cap">As there.</param>
    /// <param name="gradient">dy on entry, dx on return.</param>
    public static void Backward(ReadOnlySpan<float> bounded, float cap, Span<float> gradient)
    {
        Shape.Same(gradient.Length, bounded.Length);
        for (int index = 0; index < bounded.Length; index += Lanes.Count)
        {
            var t = Lanes.Load(bounded, index) * (1 / cap);
            Lanes.Store(Lanes.Load(gradient, index) * (Vector512<float>.One - (t * t)), gradient, index);
        }
    }

    /// <summary><c>gradient[i] = (gradient[i] - offset) (1 - tanh(x[i] scale / cap)^2)</c>.</summary>
    internal static void MultiplyBySlope(ReadOnlySpan<float> x, float scale, float cap, Span<float> gradient, float offset)
    {
        float inner = scale / cap;
        for (int index = 0; index < x.Length; index += Lanes.Count)
        {
            var t = VectorMath.Tanh(Lanes.Load(x, index) * inner);
            var shifted = Lanes.Load(gradient, index) - Vector512.Create(offset);
            Lanes.Store(shifted * (Vector512<float>.One - (t * t)), gradient, index);
        }
    }
}
