using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Numerics;
using ReSTEM.Torch;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

/// <summary>The device's sampler against the project's own, on the same logits.</summary>
public sealed class DeviceSamplerTests
{
    [EngineTheory("torch-cpu")]
    [InlineData(61)]
    [InlineData(1003)]
    [InlineData(32000)]
    public void Tokens_are_those_of_the_projects_sampler(int size)
    {
        var random = RandomStream.Of(3, RandomPurpose.Sample).Sequence();
        var reference = new TokenSampler(size);
        using var sampler = new DeviceSampler(TorchUse.Processor);
        int rows = size > 10_000 ? 40 : 600, differing = 0;
        float[][] logits = [.. Enumerable.Range(0, rows).Select(row => Row(size, row, random))];
        var draws = Enumerable.Range(0, rows).Select(row => (row, new TokenDraw(null!, Options(row, size), RandomStream.Of(9, RandomPurpose.Sample).At(0, "", row), (uint)(row % 7)))).ToArray();
        using var scope = NewDisposeScope();
        var drawn = sampler.Draw(tensor(logits.SelectMany(row => row).ToArray(), rows, size), draws);
        for (int row = 0; row < rows; row++)
        {
            var expected = reference.Draw(logits[row], draws[row].Item2.Options, draws[row].Item2.Random, draws[row].Item2.Position);
            differing += expected.Id == drawn[row].Id ? 0 : 1;
            Assert.Equal(logits[row][drawn[row].Id] - logits[row][expected.Id] + expected.LogProbability, drawn[row].LogProbability, 1e-6 * Math.Max(1, Math.Abs(expected.LogProbability)));
        }

        Assert.Equal(0, differing);
    }

    [EngineFact("torch-cpu")]
    public void Exponentials_have_the_bits_of_the_projects_own()
    {
        var random = RandomStream.Of(4, RandomPurpose.Sample).Sequence();
        float[] x = [.. Enumerable.Range(0, 200_000).Select(index => (float)(-90 * random.Uniform() * Math.Pow(10, -(index % 8)))), 0, -0f, -87.336544f, -87.4f, float.NegativeInfinity];
        using var exponentials = new DeviceExponentials(TorchUse.Processor);
        using var scope = NewDisposeScope();
        float[] actual = exponentials.Of(tensor(x)).data<float>().ToArray();
        Assert.Equal(0, x.Zip(actual).Count(pair => VectorMath.Exp(pair.First) != pair.Second));
    }

    [EngineFact("torch-cpu")]
    public void Logits_that_are_not_numbers_are_refused()
    {
        using var sampler = new DeviceSampler(TorchUse.Processor);
        using var scope = NewDisposeScope();
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            (int, TokenDraw)[] draws = [(0, new TokenDraw(null!, new SamplingOptions(), RandomStream.Of(1, RandomPurpose.Sample), 0))];
            Assert.Throws<InvalidDataException>(() => sampler.Draw(tensor(new[] { 0f, bad, 1 }, 1, 3), draws));
        }
    }

    /// <summary>Rows of several spreads, some with ties, with zeros of both signs, and with tokens that are never drawn.</summary>
    private static float[] Row(int size, int row, RandomSequence random)
    {
        double spread = new[] { 0.1, 1, 4, 20 }[row % 4];
        return [.. Enumerable.Range(0, size).Select(id =>
        {
            float value = (float)(spread * random.Normals().First);
            return (row % 5) switch
            {
                0 => MathF.Round(value), // many ties, -0 among them
                1 when id % 3 == 0 => float.NegativeInfinity,
                _ => value,
            };
        })];
    }

    private static SamplingOptions Options(int row, int size) => (row / 4 % 7) switch
    {
        0 => new SamplingOptions { Temperature = 0 },
        1 => new SamplingOptions { Temperature = 0.6 },
        2 => new SamplingOptions { TopK = 1 + (row % 50) },
        3 => new SamplingOptions { TopP = 0.05 + (row % 19 * 0.05) },
        4 => new SamplingOptions { Temperature = 1.7, TopK = 40, TopP = 0.9 },
        5 => new SamplingOptions { TopK = size + 1, TopP = 0.5 },
        _ => new SamplingOptions(),
    };
}
