using ReSTEM.Arithmetic;

namespace ReSTEM.Numerics;

/// <summary>Cosines and sines of the rotary position embedding.</summary>
/// <remarks>Su et al. 2021, arXiv:2104.09864, equation 15; frequencies and angles in float32 as the published models were trained.</remarks>
public sealed class RopeTable
{
    private readonly FloatBuffer _cos;
    private readonly FloatBuffer _sin;

    /// <summary>The table for positions 0 to <paramref name="positions"/> - 1.</summary>
    /// <param name="positions">Context length.</param>
    /// <param name="frequencies">Radians per position of each pair, shape [pairs].</param>
    /// <param name="factor">On all cosines and sines; scalings that sharpen attention have one.</param>
    public RopeTable(int positions, float[] frequencies, float factor = 1)
    {
        HalfDim = frequencies.Length;
        Positions = positions;
        _cos = new FloatBuffer(checked(positions * HalfDim));
        _sin = new FloatBuffer(positions * HalfDim);
        Parallel.For(0, positions, position =>
        {
            Span<float> cosines = _cos.Slice(position * HalfDim, HalfDim), sines = _sin.Slice(position * HalfDim, HalfDim);
            for (int pair = 0; pair < frequencies.Length; pair++)
            {
                float angle = position * frequencies[pair];
                var (sin, cos) = Elementary.SinCos(angle);
                cosines[pair] = (float)cos * factor;
                sines[pair] = (float)sin * factor;
            }
        });
    }

    /// <summary>Count of positions.</summary>
    public int Positions { get; }

    /// <summary>Half the head dim: pairs that are rotated.</summary>
    public int HalfDim { get; }

    /// <summary>Cosines of a position, shape [HalfDim].</summary>
    public ReadOnlySpan<float> Cos(int position) => _cos.Slice(position * HalfDim, HalfDim);

    /// <summary>Sines of a position, shape [HalfDim].</summary>
    public ReadOnlySpan<float> Sin(int position) => _sin.Slice(position * HalfDim, HalfDim);

    /// <summary><c>theta^(-2 i / headDim)</c> for each pair i, shape [headDim / 2].</summary>
    /// <param name="headDim">Even.</param>
    /// <param name="theta">Base, for example 10000.</param>
    public static float[] Frequencies(int headDim, double theta)
    {
        Shape.Same(headDim % 2, 0);
        var frequencies = new float[headDim / 2];
        for (int pair = 0; pair < frequencies.Length; pair++)
        {
            frequencies[pair] = 1 / (float)Elementary.Pow(theta, (float)(2 * pair) / headDim);
        }

        return frequencies;
    }
}
