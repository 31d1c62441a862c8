using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

public sealed class TokenSamplerTests
{
    private const double Unit = 1L << 40;

    private static readonly RandomStream Stream = RandomStream.Of(11, RandomPurpose.Sample);

    [Fact]
    public void Greedy_takes_the_largest_logit_and_the_lowest_id_among_equals()
    {
        var sampler = new TokenSampler(5);
        DrawnToken token = sampler.Draw([0, 3, -1, 3, 2], new SamplingOptions { Temperature = 0 }, Stream, 0);
        Assert.Equal(1, token.Id);

        // 3 - log(e^0 + e^3 + e^-1 + e^3 + e^2) = 3 - log(48.928...) 
        double sum = 1 + (2 * Math.Exp(3)) + Math.Exp(-1) + Math.Exp(2);
        Assert.Equal(3 - Math.Log(sum), token.LogProbability, 1e-6);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0.7, 0, 1)]
    [InlineData(2.5, 0, 1)]
    [InlineData(1, 7, 1)]
    [InlineData(0.7, 40, 1)]
    [InlineData(1, 0, 0.9)]
    [InlineData(1, 0, 0.05)]
    [InlineData(0.8, 12, 0.75)]
    public void Drawn_tokens_follow_the_exact_distribution(double temperature, int topK, double topP)
    {
        const int Draws = 60_000;
        float[] logits = RandomLogits(57, spread: 2);
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP };
        double[] expected = Distribution(logits, options);
        var sampler = new TokenSampler(logits.Length);
        int[] counts = new int[logits.Length];
        for (uint draw = 0; draw < Draws; draw++)
        {
            counts[sampler.Draw(logits, options, Stream, draw).Id]++;
        }

        double chiSquare = 0;
        int degrees = -1;
        for (int id = 0; id < logits.Length; id++)
        {
            if (expected[id] == 0)
            {
                Assert.Equal(0, counts[id]);
                continue;
            }

            chiSquare += Math.Pow(counts[id] - (Draws * expected[id]), 2) / (Draws * expected[id]);
            degrees++;
        }

        // A chi-square variable has mean d and variance 2 d; four deviations beyond is less than one in a thousand.
        Assert.InRange(chiSquare, 0, degrees + (4 * Math.Sqrt(2 * Math.Max(1, degrees))) + 1);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(150_000)]
    public void Filters_keep_exactly_what_sorting_would_keep(int vocabularySize)
    {
        float[] logits = RandomLogits(vocabularySize, spread: 3);
        logits[0] = MathF.Ceiling(logits.Max());
        for (int id = 0; id < vocabularySize; id += 3) // many ties
        {
            logits[id] = MathF.Floor(logits[id]);
        }

        var filter = new TokenFilter(vocabularySize);
        SamplingOptions[] cases =
        [
            new() { TopK = 1 }, new() { TopK = 40 }, new() { TopP = 0.3 }, new() { TopP = 0.999, Temperature = 0.5 },
            new() { TopK = 3 * vocabularySize / 4, TopP = 0.9, Temperature = 1.3 }, new() { TopP = 0.95, Temperature = 50 },
        ];
        foreach (SamplingOptions options in cases)
        {
            long[] weights = [.. logits.Select(logit => (long)Math.Round(Unit * Math.Exp((logit - logits[0]) / options.Temperature)))];
            long sum = weights.Sum();
            int[] passing = [.. filter.Passing(logits, logits[0], weights, Unit, ref sum, options)];
            double[] expected = Distribution(logits, options);
            Assert.Equal(Enumerable.Range(0, vocabularySize).Where(id => expected[id] > 0), passing);
            Assert.Equal(passing.Sum(id => weights[id]), sum);
        }
    }

    [Fact]
    public void Ties_at_the_edge_of_a_filter_go_to_the_lowest_ids()
    {
        var sampler = new TokenSampler(6);
        float[] logits = [1, 2, 2, 2, 2, float.NegativeInfinity];
        int[] drawn = [.. Enumerable.Range(0, 400).Select(draw => sampler.Draw(logits, new() { TopK = 3 }, Stream, (uint)draw).Id).Distinct().Order()];
        Assert.Equal([1, 2, 3], drawn);

        // Each of the four has probability 0.229; three of them are needed to reach 0.6.
        drawn = [.. Enumerable.Range(0, 400).Select(draw => sampler.Draw(logits, new() { TopP = 0.6 }, Stream, (uint)draw).Id).Distinct().Order()];
        Assert.Equal([1, 2, 3], drawn);
    }

    [Fact]
    public void Tiny_temperature_is_greedy_and_log_probability_stays_untempered()
    {
        float[] logits = RandomLogits(300, spread: 4);
        var sampler = new TokenSampler(300);
        DrawnToken cold = sampler.Draw(logits, new() { Temperature = 1e-6 }, Stream, 3);
        Assert.Equal(sampler.Draw(logits, new() { Temperature = 0 }, Stream, 3), cold);
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_refused()
    {
        var sampler = new TokenSampler(3);
        Assert.Throws<InvalidDataException>(() => sampler.Draw([1, float.NaN, 0], new(), Stream, 0));
        Assert.Throws<InvalidDataException>(() => sampler.Draw([1, float.PositiveInfinity, 0], new(), Stream, 0));
    }

    [Fact]
    public void Take_first_agrees_with_sorting()
    {
        RandomSequence random = RandomStream.Of(1, RandomPurpose.Problems).Sequence();
        for (int trial = 0; trial < 300; trial++)
        {
            int length = 1 + random.Below(200);
            ulong[] keys = [.. Enumerable.Range(0, length).Select(id => LogitOrder.Key(random.Below(20) - 10, id))];
            long[] weights = [.. Enumerable.Range(0, length).Select(_ => (long)random.Below(50))];
            int count = 1 + random.Below(length + 5);
            long weight = 1 + random.Below(4000);

            ulong[] sorted = [.. keys.OrderDescending()];
            int needed = 0;
            for (long sum = 0; needed < length && needed < count && sum < weight; needed++)
            {
                sum += weights[LogitOrder.IdOf(sorted[needed])];
            }

            Assert.Equal(needed, LogitOrder.TakeFirst(keys, weights, count, weight));
            Assert.Equal(sorted[..needed], keys[..needed].OrderDescending());
        }
    }

    [Fact]
    public void Order_is_by_logit_then_by_id_and_signs_of_zero_do_not_count()
    {
        float[] logits = [float.NegativeInfinity, -3, -0f, 0f, 1e-30f, 2, float.MaxValue];
        for (int id = 1; id < logits.Length; id++)
        {
            Assert.Equal(logits[id] > logits[id - 1], LogitOrder.Key(logits[id], id) > LogitOrder.Key(logits[id - 1], id - 1));
            Assert.Equal(id, LogitOrder.IdOf(LogitOrder.Key(logits[id], id)));
        }
    }

    private static float[] RandomLogits(int count, double spread)
    {
        RandomSequence random = RandomStream.Of(2, RandomPurpose.Problems).Sequence();
        return [.. Enumerable.Range(0, count).Select(_ => (float)(spread * random.Normals().First))];
    }

    /// <summary>Temperature, top-k and top-p by sorting everything, in double precision.</summary>
    private static double[] Distribution(float[] logits, SamplingOptions options)
    {
        float max = logits.Max();
        double[] weights = [.. logits.Select(logit => Math.Exp((logit - max) / options.Temperature))];
        int[] order = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).ThenBy(id => id)];
        if (options.TopK > 0)
        {
            order = [.. order.Take(options.TopK)];
        }

        double sum = order.Sum(id => weights[id]), reached = 0;
        int kept = 0;
        while (kept < order.Length && reached < options.TopP * sum)
        {
            reached += weights[order[kept++]];
        }

        double[] result = new double[logits.Length];
        foreach (int id in order.Take(kept))
        {
            result[id] = weights[id] / reached;
        }

        return result;
    }
}
