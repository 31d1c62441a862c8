using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class LayerTests
{
    public static TheoryData<int> Lengths() => [.. KernelData.Lengths];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Exponential_has_its_stated_error(int length)
    {
        float[] x = KernelData.Random(length, 1, 87.3f), actual = new float[length];
        VectorMath.Exp(x, actual);
        for (int index = 0; index < length; index++)
        {
            double expected = Math.Exp(x[index]);
            Assert.InRange(actual[index] / expected, 1 - VectorMath.ExpRelativeError, 1 + VectorMath.ExpRelativeError);
            Assert.Equal(actual[index], VectorMath.Exp(x[index]));
        }
    }

    [Fact]
    public void Exponential_and_logarithm_hold_over_their_whole_range()
    {
        for (int step = 0; step <= 200_000; step++)
        {
            float x = -87.3f + (step * (176.0f / 200_000));
            Assert.InRange(VectorMath.Exp(x) / Math.Exp(x), 1 - VectorMath.ExpRelativeError, 1 + VectorMath.ExpRelativeError);
            float y = BitConverter.Int32BitsToSingle(0x00800000 + (step * 10_600)); // 2^-126 to 2^127
            double log = Math.Log(y);
            Assert.InRange(VectorMath.Log(y) - log, -VectorMath.LogRelativeError * Math.Abs(log), VectorMath.LogRelativeError * Math.Abs(log));
            float near = 1 + ((step - 100_000) * 1e-6f);
            Assert.Equal(Math.Log(near), VectorMath.Log(near), VectorMath.LogRelativeError * Math.Abs(Math.Log(near)));
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-88, 0)]
    [InlineData(0, 1)]
    [InlineData(89, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exponential_of_special_numbers(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(x));

    [Theory]
    [InlineData(0, float.NegativeInfinity)]
    [InlineData(1, 0)]
    [InlineData(-1, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Logarithm_of_special_numbers(float x, float expected) => Assert.Equal(expected, VectorMath.Log(x));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Reductions_use_16_lanes_and_a_tree(int length)
    {
        float[] x = KernelData.Random(length, 2), y = KernelData.Random(length, 3);
        float[] dot = new float[16], sum = new float[16];
        for (int index = 0; index < length; index++)
        {
            dot[index % 16] = MathF.FusedMultiplyAdd(x[index], y[index], dot[index % 16]);
            sum[index % 16] += x[index];
        }

        Assert.Equal(Tree(dot), Reduction.Dot(x, y));
        Assert.Equal(Tree(sum), Reduction.Sum(x));
        Assert.Equal(length == 0 ? float.NegativeInfinity : x.Max(), Reduction.Max(x));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Softmax_and_its_normaliser_match_double(int length)
    {
        if (length == 0)
        {
            Assert.Throws<ArgumentException>(() => Softmax.Apply([], []));
            return;
        }

        float[] x = KernelData.Random(length, 4, 20), actual = new float[length];
        Softmax.Apply(x, actual);
        double sum = x.Sum(value => Math.Exp(value));
        KernelData.AssertClose([.. x.Select(value => Math.Exp(value) / sum)], actual, 1e-6);
        Assert.Equal(Math.Log(sum), Softmax.LogSumExp(x, actual), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Norm_and_gate_match_double(int length)
    {
        if (length == 0)
        {
            return;
        }

        float[] x = KernelData.Random(3 * length, 5, 3), weight = KernelData.Random(length, 6), normed = new float[3 * length];
        RmsNorm.Apply(x, weight, 1e-5f, normed);
        double[] scales = [.. x.Chunk(length).Select(row => 1 / Math.Sqrt((row.Sum(value => (double)value * value) / length) + 1e-5))];
        KernelData.AssertClose([.. x.Select((value, index) => value * scales[index / length] * weight[index % length])], normed, 1e-6);

        float[] gateUp = KernelData.Random(4 * length, 7, 30), gated = new float[2 * length];
        SwiGlu.Apply(gateUp, length, gated);
        KernelData.AssertClose(
            [.. Enumerable.Range(0, 2 * length).Select(index =>
            {
                double gate = gateUp[(index / length * 2 * length) + (index % length)];
                return gate / (1 + Math.Exp(-gate)) * gateUp[(((index / length * 2) + 1) * length) + (index % length)];
            })],
            gated, 2e-4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(32)]
    [InlineData(46)]
    public void Rotation_turns_pairs_by_the_angle_and_back(int headDim)
    {
        var table = new RopeTable(40, RopeTable.Frequencies(headDim, 10000));
        float[] rows = KernelData.Random(3 * headDim, 8);
        float[] actual = [.. rows];
        Rope.Rotate(actual, table.Cos(37), table.Sin(37));
        int half = headDim / 2;
        var expected = new double[rows.Length];
        for (int index = 0; index < rows.Length; index++)
        {
            int i = index % headDim, start = index - i;
            double angle = 37 * Math.Pow(10000, -2.0 * (i % half) / headDim);
            expected[index] = (rows[index] * Math.Cos(angle))
                + (i < half ? -rows[start + i + half] : rows[start + i - half]) * Math.Sin(angle);
        }

        KernelData.AssertClose(expected, actual, 1e-5);
        Rope.RotateBack(actual, table.Cos(37), table.Sin(37));
        KernelData.AssertClose([.. rows.Select(value => (double)value)], actual, 1e-6);
    }

    [Fact]
    public void Rotation_of_a_part_leaves_the_rest_of_each_head()
    {
        const int HeadDim = 12, Part = 8;
        var table = new RopeTable(9, RopeTable.Frequencies(Part, 10000), factor: 1.5f);
        float[] rows = KernelData.Random(2 * HeadDim, 9), actual = [.. rows];
        Rope.Rotate(actual, table.Cos(5), table.Sin(5), HeadDim);
        for (int head = 0; head < 2; head++)
        {
            float[] alone = [.. rows.AsSpan(head * HeadDim, Part)];
            Rope.Rotate(alone, table.Cos(5), table.Sin(5));
            KernelData.AssertSameBits(alone, actual.AsSpan(head * HeadDim, Part));
            KernelData.AssertSameBits(rows.AsSpan((head * HeadDim) + Part, HeadDim - Part), actual.AsSpan((head * HeadDim) + Part, HeadDim - Part));
        }

        Assert.Equal(1.5, Math.Sqrt(Math.Pow(table.Cos(5)[1], 2) + Math.Pow(table.Sin(5)[1], 2)), 1e-6);
    }

    private static float Tree(float[] lanes)
    {
        for (int width = 8; width > 0; width /= 2)
        {
            for (int lane = 0; lane < width; lane++)
            {
                lanes[lane] += lanes[lane + width];
            }
        }

        return lanes[0];
    }
}
