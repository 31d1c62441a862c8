using ReSTEM.Numerics;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>
/// <see cref="VectorMath.Exp(float)"/> in operations of a device, for the same bits: each fused multiply-add is done in double precision and rounded to
/// single, which differs from one rounding only where the first falls on the middle between two singles, about once in 2^29.
/// </summary>
internal sealed class DeviceExponentials : IDisposable
{
    private const float Log2E = 1.4426950216293335f;
    private const float Ln2High = 0.693115234375f;
    private const float Ln2Low = 3.194618329871446e-05f;
    private const float RoundingMagic = 12582912f;
    private const float Lowest = -87.336544f;
    private const float Clamp = -100; // anything below the lowest
    private const int Powers = 160;

    private static readonly float[] Coefficients =
        [0.0013926213141530752f, 0.008363203145563602f, 0.041666556149721146f, 0.16666576266288757f, 0.5f];

    private readonly Tensor _powers; // 2^-n, float64

    internal DeviceExponentials(Device device)
    {
        double[] powers = new double[Powers];
        for (int n = 0; n < Powers; n++)
        {
            powers[n] = Math.ScaleB(1, -n);
        }

        using var scope = NewDisposeScope();
        _powers = tensor(powers).to(device).MoveToOuterDisposeScope().DetachFromDisposeScope();
    }

    /// <summary>e^x for x of at most 0, float32; what is not a number counts as 0.</summary>
    internal Tensor Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        var near = x.nan_to_num(0, 0, Clamp).clamp_min(Clamp);
        var wide = near.to(float64);
        var n = ((wide * Log2E) + RoundingMagic).to(float32) - RoundingMagic;
        var wideN = n.to(float64);
        var r = ((wideN * -Ln2High) + wide).to(float32);
        r = ((wideN * -Ln2Low) + r).to(float32);
        var wideR = r.to(float64);
        var p = full_like(r, Coefficients[0]);
        foreach (float coefficient in Coefficients.AsSpan(1))
        {
            p = ((p.to(float64) * wideR) + coefficient).to(float32);
        }

        p = ((p.to(float64) * (r * r).to(float64)) + wideR).to(float32) + 1;
        var power = _powers.index_select(0, (-n).to(int64).reshape(-1)).view(n.shape);
        var result = (p.to(float64) * power).to(float32);
        return result.masked_fill(x < Lowest, 0).MoveToOuterDisposeScope();
    }

    public void Dispose() => _powers.Dispose();
}
