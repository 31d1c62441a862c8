using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class GradientTests
{
    public static TheoryData<int> Lengths() => [.. KernelData.Lengths.Where(length => length is > 0 and < 100)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Norm_gradient_matches_finite_differences(int dim)
    {
        float[] x = KernelData.Random(2 * dim, 1), weight = KernelData.Random(dim, 2), dy = KernelData.Random(2 * dim, 3);
        float[] dx = new float[2 * dim], dweight = new float[dim], scales = new float[2];
        RmsNormGradient.AddInput(x, weight, 1e-5f, dy, dx, scales);
        RmsNormGradient.AddWeight(x, scales, dy, dweight, 0, dim);
        double Loss(double[] xs, double[] ws)
        {
            double loss = 0;
            for (int t = 0; t < 2; t++)
            {
                double scale = 1 / Math.Sqrt((xs.Skip(t * dim).Take(dim).Sum(value => value * value) / dim) + 1e-5);
                loss += Enumerable.Range(0, dim).Sum(d => dy[(t * dim) + d] * ws[d] * xs[(t * dim) + d] * scale);
            }

            return loss;
        }

        double[] xs = [.. x.Select(value => (double)value)], ws = [.. weight.Select(value => (double)value)];
        KernelData.AssertClose(Differences(xs, values => Loss(values, ws)), dx, 2e-5);
        KernelData.AssertClose(Differences(ws, values => Loss(xs, values)), dweight, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Gate_gradient_matches_finite_differences(int dim)
    {
        float[] gateUp = KernelData.Random(4 * dim, 4, 3), dy = KernelData.Random(2 * dim, 5), actual = new float[4 * dim];
        SwiGlu.Backward(gateUp, dim, dy, actual);
        double[] expected = Differences([.. gateUp.Select(value => (double)value)], values => Enumerable.Range(0, 2 * dim).Sum(index =>
        {
            double gate = values[(index / dim * 2 * dim) + (index % dim)], up = values[(((index / dim * 2) + 1) * dim) + (index % dim)];
            return dy[index] * gate / (1 + Math.Exp(-gate)) * up;
        }));
        KernelData.AssertClose(expected, actual, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Layer_norm_gradient_matches_finite_differences(int dim)
    {
        float[] x = KernelData.Random(2 * dim, 21, 2), weight = KernelData.Random(dim, 22), bias = KernelData.Random(dim, 23), dy = KernelData.Random(2 * dim, 24);
        float[] dx = new float[2 * dim], dweight = new float[dim], y = new float[2 * dim];
        LayerNorm.Apply(x, weight, bias, 1e-2f, y);
        LayerNormGradient.AddInput(x, weight, 1e-2f, dy, dx);
        LayerNormGradient.AddWeight(x, 1e-2f, dy, dweight, 0, dim);
        double[] Norm(double[] xs, double[] ws) => [.. xs.Chunk(dim).SelectMany(row =>
        {
            double mean = row.Average(), scale = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-2);
            return row.Select((value, d) => ((value - mean) * scale * ws[d]) + bias[d]);
        })];
        double Loss(double[] xs, double[] ws) => Norm(xs, ws).Select((value, at) => value * dy[at]).Sum();
        double[] xs = [.. x.Select(value => (double)value)], ws = [.. weight.Select(value => (double)value)];
        KernelData.AssertClose(Norm(xs, ws), y, 1e-5);
        KernelData.AssertClose(Differences(xs, values => Loss(values, ws)), dx, 5e-5);
        KernelData.AssertClose(Differences(ws, values => Loss(xs, values)), dweight, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Gelu_and_its_gradient_match_double(int dim)
    {
        static double Value(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
        float[] gateUp = KernelData.Random(4 * dim, 25, 4), dy = KernelData.Random(2 * dim, 26), gated = new float[2 * dim], actual = new float[4 * dim];
        GeGlu.Apply(gateUp, dim, gated);
        GeGlu.Backward(gateUp, dim, dy, actual);
        double[] inDouble = [.. gateUp.Select(value => (double)value)];
        double[] Gated(double[] values) => [.. Enumerable.Range(0, 2 * dim).Select(index =>
            Value(values[(index / dim * 2 * dim) + (index % dim)]) * values[(((index / dim * 2) + 1) * dim) + (index % dim)])];
        KernelData.AssertClose(Gated(inDouble), gated, 1e-5);
        KernelData.AssertClose(Differences(inDouble, values => Gated(values).Select((value, at) => value * dy[at]).Sum()), actual, 5e-5);

        float[] plain = new float[4 * dim], slope = new float[4 * dim], ones = [.. Enumerable.Repeat(1f, 4 * dim)];
        Gelu.Apply(gateUp, plain);
        Gelu.Backward(gateUp, ones, slope);
        KernelData.AssertClose([.. inDouble.Select(Value)], plain, 2e-6);
        KernelData.AssertClose(Differences(inDouble, values => values.Sum(Value)), slope, 5e-5);
    }

    [Fact]
    public void Soft_cap_and_its_gradient_match_double()
    {
        float[] x = [.. KernelData.Random(1009, 27, 40), 0, 1e-6f, -1e-6f, 1e4f, -1e4f], y = [.. x], gradient = [.. Enumerable.Repeat(1f, x.Length)];
        SoftCap.Apply(y, 0.5f, 3);
        KernelData.AssertClose([.. x.Select(value => 3 * Math.Tanh(value * 0.5 / 3))], y, 1e-6);
        SoftCap.Backward(y, 3, gradient);
        KernelData.AssertClose([.. x.Select(value => 1 - Math.Pow(Math.Tanh(value * 0.5 / 3), 2))], gradient, 1e-6);
        for (float small = 1e-7f; small < 1; small *= 1.7f)
        {
            Assert.Equal(1, VectorMath.Tanh(small) / Math.Tanh(small), 1e-6);
            Assert.Equal(-VectorMath.Tanh(small), VectorMath.Tanh(-small));
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(17, 5)]
    [InlineData(48, 1)]
    public void Column_sums_go_on_in_token_order(int dim, int tokens)
    {
        float[] dy = KernelData.Random(tokens * dim, 6), actual = KernelData.Random(dim, 7), expected = [.. actual];
        for (int index = 0; index < dy.Length; index++)
        {
            expected[index % dim] += dy[index];
        }

        RmsNormGradient.AddBias(dy, actual, 0, dim);
        KernelData.AssertSameBits(expected, actual);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(16, 0)]
    [InlineData(257, 0)]
    [InlineData(1, 0.5)]
    [InlineData(16, 0.1)]
    [InlineData(257, 0.9)]
    public void Cross_entropy_matches_finite_differences(int vocabulary, float smoothing)
    {
        float[] logits = KernelData.Random(vocabulary, 8, 4), actual = [.. logits];
        int target = vocabulary / 3;
        double Loss(double[] values) // -sum_v q_v log p_v, term by term
        {
            double logSum = Math.Log(values.Sum(Math.Exp));
            return values.Select((value, id) => ((id == target ? 1 - (double)smoothing : 0) + (smoothing / (double)vocabulary)) * (logSum - value)).Sum();
        }

        double[] inDouble = [.. logits.Select(value => (double)value)];
        Assert.Equal(Loss(inDouble), CrossEntropy.Backward(actual, target, 0.25f, smoothing), 1e-5);
        KernelData.AssertClose(Differences(inDouble, values => 0.25 * Loss(values)), actual, 1e-6);
    }

    /// <summary>Heads, key heads, head dim, window, cap, scale.</summary>
    public static TheoryData<int, int, int, int, float, float> Heads() => new()
    {
        { 1, 1, 16, 0, 0, 0 }, { 4, 2, 6, 0, 0, 0 }, { 3, 1, 24, 0, 0, 0 }, { 4, 2, 6, 7, 0, 0 }, { 2, 1, 16, 20, 0.8f, 0.7f },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Attention_gradient_matches_finite_differences(int heads, int kvHeads, int headDim, int window, float cap, float scale)
    {
        var shape = new AttentionShape(heads, kvHeads, headDim) { Window = window, ScoreCap = cap, ScoreScale = scale };
        int tokens = AttentionTests.Starts[^1];
        float[] rows = KernelData.Random(tokens * shape.RowDim, 9), dO = KernelData.Random(tokens * shape.QueryDim, 10);
        float[] output = new float[tokens * shape.QueryDim], actual = new float[rows.Length], again = new float[rows.Length];
        using var pool = new WorkerPool(2);
        CausalAttention.Forward(rows, shape, AttentionTests.Starts, output, pool);
        CausalAttentionGradient.Backward(rows, shape, AttentionTests.Starts, output, dO, actual, pool);
        CausalAttentionGradient.Backward(rows, shape, AttentionTests.Starts, output, dO, again, WorkerPool.Inline);
        KernelData.AssertSameBits(actual, again);

        double[] inDouble = [.. rows.Select(value => (double)value)];
        for (int index = 0; index < rows.Length; index += 397)
        {
            double difference = Difference(inDouble, index, values =>
                AttentionTests.Definition(values, shape).Select((value, at) => value * dO[at]).Sum());
            Assert.Equal(difference, actual[index], 2e-5);
        }
    }

    [Fact]
    public void Update_follows_algorithm_2_in_double()
    {
        // Loshchilov and Hutter 2019, algorithm 2, written out for three steps with the learning rate as schedule multiplier
        const double Rate = 0.01, Decay = 0.1, Beta1 = 0.9, Beta2 = 0.98, Epsilon = 1e-8;
        float[] weights = KernelData.Random(37, 11), first = new float[37], second = new float[37];
        double[] w = [.. weights.Select(value => (double)value)], m = new double[37], v = new double[37];
        for (int step = 1; step <= 3; step++)
        {
            float[] gradient = KernelData.Random(37, 11 + step);
            for (int i = 0; i < w.Length; i++)
            {
                double g = 0.5 * gradient[i];
                m[i] = (Beta1 * m[i]) + ((1 - Beta1) * g);
                v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g * g);
                double corrected = m[i] / (1 - Math.Pow(Beta1, step)), root = Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, step)));
                w[i] -= Rate * ((corrected / (root + Epsilon)) + (Decay * w[i]));
            }

            var update = new AdamW
            {
                Beta1 = (float)Beta1,
                Beta2 = (float)Beta2,
                Epsilon = (float)Epsilon,
                StepSize = (float)(Rate / (1 - Math.Pow(Beta1, step))),
                RootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))),
                Retained = (float)(1 - (Rate * Decay)),
                GradientScale = 0.5f,
            };
            update.Update(weights, gradient, first, second);
        }

        KernelData.AssertClose(w, weights, 1e-6);
        KernelData.AssertClose(m, first, 1e-7);
        KernelData.AssertClose(v, second, 1e-7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(40_000)]
    public void Norm_of_the_gradient_is_exact_to_double_rounding(int length)
    {
        float[] x = KernelData.Random(length, 12);
        using var pool = new WorkerPool(2);
        double expected = Math.Sqrt(x.Sum(value => (double)value * value)), actual = GradientNorm.L2(FloatBuffer.Copy(x), pool);
        Assert.Equal(expected, actual, 1e-12 * Math.Max(1, expected));
        Assert.Equal(actual, GradientNorm.L2(FloatBuffer.Copy(x), WorkerPool.Inline));
    }

    [Fact]
    public void Gradients_of_embedding_rows_are_added_where_they_came_from()
    {
        float[] gradient = new float[12];
        Embedding.ScatterAdd([1, 2, 3, 4, 5, 6, 7, 8, 9], [2, 0, 2], gradient, 3);
        KernelData.AssertSameBits([4, 5, 6, 0, 0, 0, 8, 10, 12, 0, 0, 0], gradient);
    }

    private static double[] Differences(double[] at, Func<double[], double> function) =>
        [.. Enumerable.Range(0, at.Length).Select(index => Difference(at, index, function))];

    private static double Difference(double[] at, int index, Func<double[], double> function)
    {
        const double Step = 1e-5;
        double value = at[index];
        at[index] = value + Step;
        double above = function(at);
        at[index] = value - Step;
        double below = function(at);
        at[index] = value;
        return (above - below) / (2 * Step);
    }
}
