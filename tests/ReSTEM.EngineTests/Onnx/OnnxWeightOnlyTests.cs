using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>Matrices of 8 and 4 bits: what the library computes is what the rounded weights give, and rounding changes no more than is stated.</summary>
public sealed class OnnxWeightOnlyTests
{
    private static readonly ModelWeights Weights = TestModels.Random(TestModels.Config(tied: false) with { FeedForwardDim = 76 }); // 76 and 61: the last block is a part

    [EngineTheory("onnx-cpu")]
    [InlineData(8)]
    [InlineData(4)]
    public void Logits_are_those_of_the_rounded_weights(int bits)
    {
        int[] ids = OnnxUse.Ids(40);
        float[][] actual = OnnxUse.Logits(Weights, ids, bits: bits), expected = OnnxUse.Logits(Rounded(bits), ids);
        float largest = expected.Max(row => row.Max(MathF.Abs));
        foreach (var (row, other) in actual.Zip(expected))
        {
            Assert.All(row.Zip(other), pair => Assert.InRange(pair.First - pair.Second, -1e-4 * largest, 1e-4 * largest));
        }
    }

    [EngineTheory("onnx-cpu")]
    [InlineData(EngineDtype.Int8, "int8", 0.1)]
    [InlineData(EngineDtype.Int4, "int4", 0.6)]
    public void Logits_differ_from_those_of_float32_by_no_more_than_is_stated(EngineDtype dtype, string name, double bound)
    {
        int[] ids = OnnxUse.Ids(40);
        float[][] actual = OnnxUse.Logits(Weights, ids, bits: dtype == EngineDtype.Int8 ? 8 : 4), expected = OnnxUse.Logits(Weights, ids);
        float largest = expected.Max(row => row.Max(MathF.Abs));
        double most = actual.Zip(expected).Max(rows => rows.First.Zip(rows.Second).Max(static pair => Math.Abs(pair.First - pair.Second)));
        Assert.InRange(most / largest, double.Epsilon, bound);
        Assert.Equal(name, OnnxUse.Engine(dtype: dtype).Fingerprint.Dtype);
    }

    [EngineTheory("onnx-cpu")]
    [InlineData(EngineDtype.Int8)]
    [InlineData(EngineDtype.Int4)]
    public async Task Completions_do_not_depend_on_slots_and_are_those_of_the_rounded_weights(EngineDtype dtype)
    {
        SampleRequest[] requests = [.. Enumerable.Range(0, 100).Select(index =>
            PolicyUse.Request(OnnxUse.Ids(5 + (index / 10)), new SamplingOptions { MaxTokens = 20 }, $"p{index / 10}", index % 10))];
        using var managed = ManagedEngine.Open(Rounded(dtype == EngineDtype.Int8 ? 8 : 4), "", null, new EngineOptions { Threads = 1 });
        using IPolicy one = OnnxUse.Engine(slots: 1, dtype: dtype).Open(Weights, null, "", null);
        using IPolicy many = OnnxUse.Engine(threads: 2, slots: 40, dtype: dtype).Open(Weights, null, "", null);
        var drawn = await PolicyUse.DrawAsync(one, requests);
        var together = await PolicyUse.DrawAsync(many, requests);
        var expected = await PolicyUse.DrawAsync(managed, requests);
        Assert.Equal(drawn.Select(static item => item.TokenIds), together.Select(static item => item.TokenIds));
        Assert.InRange(drawn.Zip(expected).Count(static pair => pair.First.TokenIds.SequenceEqual(pair.Second.TokenIds)), 98, 100);
    }

    /// <summary>
    /// The weights after rounding, by a formula of its own: in every 32 numbers of a row the one that is largest by magnitude becomes -2^(bits-1), the others are
    /// the nearest whole multiples of the same unit within the range. Embedding and vectors stay as they are.
    /// </summary>
    private static ModelWeights Rounded(int bits)
    {
        var rounded = ModelWeights.Copy(Weights);
        foreach (var (tensor, place) in rounded.Tensors.Zip(rounded.Places).Where(static pair => pair.Second.Shape.Count == 2 && pair.Second.Part is not WeightPart.Embedding))
        {
            float[] values = tensor.Values;
            double end = Math.Pow(2, bits - 1);
            for (int row = 0; row < place.Rows; row++)
            {
                for (int from = 0; from < place.RowLength; from += 32)
                {
                    var block = values.AsSpan((row * place.RowLength) + from, Math.Min(32, place.RowLength - from));
                    float unit = (float)(-Largest(block) / end);
                    foreach (ref float value in block)
                    {
                        value = unit * (float)Math.Clamp(Math.Round((double)value / unit), -end, end - 1);
                    }
                }
            }
        }

        return rounded;
    }

    private static float Largest(ReadOnlySpan<float> block)
    {
        float largest = 0;
        foreach (float value in block)
        {
            largest = MathF.Abs(value) > MathF.Abs(largest) ? value : largest;
        }

        return largest;
    }
}
