using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Rotary position embedding in the half-split form: element i of a head pairs with element i + Hd / 2.</summary>
/// <remarks>Su et al. 2021, arXiv:2104.09864, section 3.2.2.</remarks>
public static class Rope
{
    /// <summary>Rotates each head in place: <c>(a, b) -> (a cos - b sin, b cos + a sin)</c>.</summary>
    /// <param name="heads">Shape [heads, Hd], one token's query heads, key heads, or both in a row.</param>
    /// <param name="cos">Shape [Hd / 2], from <see cref="RopeTable.Cos"/>.</param>
    /// <param name="sin">Shape [Hd / 2], from <see cref="RopeTable.Sin"/>.</param>
    /// <param name="headDim">Hd; elements from 2 cos.Length on stay as they are. 0 for 2 cos.Length.</param>
    public static void Rotate(Span<float> heads, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, int headDim = 0) =>
        Rotate(heads, cos, sin, headDim, 1);

    /// <summary>The rotation by the negative angle: its transpose, so also the gradient of <see cref="Rotate(Span{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, int)"/>.</summary>
    /// <param name="heads">Shape [heads, Hd].</param>
    /// <param name="cos">Shape [Hd / 2].</param>
    /// <param name="sin">Shape [Hd / 2].</param>
    /// <param name="headDim">As there.</param>
    public static void RotateBack(Span<float> heads, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, int headDim = 0) =>
        Rotate(heads, cos, sin, headDim, -1);

    private static void Rotate(Span<float> heads, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, int headDim, float sign)
    {
        int half = cos.Length, stride = headDim == 0 ? 2 * half : headDim;
        Shape.Same(sin.Length, cos.Length);
        Shape.AtLeast(stride, 2 * half);
        Shape.Same(heads.Length % stride, 0);
        for (int start = 0; start < heads.Length; start += stride)
        {
            RotateHead(heads.Slice(start, half), heads.Slice(start + half, half), cos, sin, sign);
        }
    }

    private static void RotateHead(
        Span<float> a, Span<float> b, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, float sign)
    {
        for (int index = 0; index < a.Length; index += Lanes.Count)
        {
            Vector512<float> x = Lanes.Load(a, index), y = Lanes.Load(b, index);
            Vector512<float> c = Lanes.Load(cos, index), s = Lanes.Load(sin, index) * sign;
            Lanes.Store(Vector512.FusedMultiplyAdd(x, c, -(y * s)), a, index);
            Lanes.Store(Vector512.FusedMultiplyAdd(y, c, x * s), b, index);
        }
    }
}
