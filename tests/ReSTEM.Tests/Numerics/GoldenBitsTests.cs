using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>
/// The bits of the kernels, the same with every register width: these tests are run again with AVX-512, AVX2 and all intrinsics
/// off. A hash that changes on purpose means other samples and other weights from the same seed, so the arithmetic version changes with it.
/// </summary>
public sealed class GoldenBitsTests
{
    private const int Tokens = 92;

    private static readonly AttentionShape Heads = new(6, 2, 24);

    [Fact]
    public void Elementwise_functions()
    {
        float[] x = KernelData.Random(1009, 1, 60), y = new float[1009], logs = new float[1009];
        VectorMath.Exp(x, y);
        for (int index = 0; index < x.Length; index++)
        {
            logs[index] = VectorMath.Log(y[index]);
        }

        float[] gated = new float[500], gradient = new float[1000];
        SwiGlu.Apply(x.AsSpan(0, 1000), 250, gated);
        SwiGlu.Backward(x.AsSpan(0, 1000), 250, gated, gradient);
        AssertHash("99EADF", y, logs, gated, gradient);
    }

    [Fact]
    public void Norms_rotation_and_softmax()
    {
        float[] x = KernelData.Random(4 * 250, 2), gain = KernelData.Random(250, 3), normed = new float[1000];
        float[] gradient = new float[1000], gainGradient = new float[250], scales = new float[4], probabilities = new float[1000];
        RmsNorm.Apply(x, gain, 1e-6f, normed);
        RmsNormGradient.AddInput(x, gain, 1e-6f, normed, gradient, scales);
        RmsNormGradient.AddWeight(x, scales, normed, gainGradient, 0, 250);
        Softmax.Apply(x, probabilities);
        float loss = CrossEntropy.Backward(x.AsSpan(250), 7, 0.3f);
        Rope.Rotate(normed, gain.AsSpan(0, 125), gain.AsSpan(125));
        AssertHash("90FF6C", normed, gradient, gainGradient, probabilities, x, [loss, Reduction.Sum(normed)]);
    }

    [Fact]
    public void Attention_forward_and_backward()
    {
        float[] rows = KernelData.Random(Tokens * Heads.RowDim, 4), output = new float[Tokens * Heads.QueryDim];
        var gradient = new float[rows.Length];
        CausalAttention.Forward(rows, Heads, AttentionTests.Starts, output, WorkerPool.Inline);
        CausalAttentionGradient.Backward(rows, Heads, AttentionTests.Starts, output, output, gradient, WorkerPool.Inline);
        AssertHash("07F7B0", output, gradient);
    }

    [Fact]
    public void Windows_caps_layer_norms_and_gelu()
    {
        var heads = Heads with { Window = 21, ScoreCap = 4, ScoreScale = 0.3f };
        float[] rows = KernelData.Random(Tokens * heads.RowDim, 7, 2), output = new float[Tokens * heads.QueryDim], gradient = new float[rows.Length];
        CausalAttention.Forward(rows, heads, AttentionTests.Starts, output, WorkerPool.Inline);
        CausalAttentionGradient.Backward(rows, heads, AttentionTests.Starts, output, output, gradient, WorkerPool.Inline);
        float[] x = KernelData.Random(1000, 8, 3), gain = KernelData.Random(250, 9), normed = new float[1000], dx = new float[1000], dgain = new float[250];
        LayerNorm.Apply(x, gain, gain, 1e-5f, normed);
        LayerNormGradient.AddInput(x, gain, 1e-5f, normed, dx);
        LayerNormGradient.AddWeight(x, 1e-5f, normed, dgain, 0, 250);
        float[] gated = new float[500], dgated = new float[1000], capped = [.. x];
        GeGlu.Apply(x, 250, gated);
        GeGlu.Backward(x, 250, gated, dgated);
        SoftCap.Apply(capped, 1, 2);
        AssertHash("89D49F", output, gradient, normed, dx, dgain, gated, dgated, capped);
    }

    [Fact]
    public void Optimizer_step()
    {
        float[] weights = KernelData.Random(77, 5), gradient = KernelData.Random(77, 6), first = new float[77], second = new float[77];
        var update = new AdamW
        {
            Beta1 = 0.9f,
            Beta2 = 0.98f,
            Epsilon = 1e-8f,
            StepSize = 0.01f,
            RootCorrection = 7,
            Retained = 0.999f,
            GradientScale = 0.3f,
        };
        update.Update(weights, gradient, first, second);
        double norm = GradientNorm.L2(FloatBuffer.Copy(gradient), WorkerPool.Inline);
        AssertHash("60E424", weights, first, second, [(float)norm]);
    }

    private static void AssertHash(string expected, params float[][] outputs)
    {
        byte[] bytes = [.. outputs.SelectMany(output => MemoryMarshal.AsBytes<float>(output).ToArray())];
        Assert.Equal(expected, Convert.ToHexString(SHA256.HashData(bytes))[..expected.Length]);
    }
}
