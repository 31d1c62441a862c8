using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class AttentionTests
{
    internal static readonly int[] Starts = [0, 1, 6, 6, 59, 92];

    /// <summary>Heads, key heads, head dim, window, cap, scale.</summary>
    public static TheoryData<int, int, int, int, float, float> Heads() => new()
    {
        { 1, 1, 32, 0, 0, 0 }, { 4, 2, 16, 0, 0, 0 }, { 6, 2, 24, 0, 0, 0 }, { 3, 1, 64, 0, 0, 0 }, { 2, 2, 7, 0, 0, 0 },
        { 4, 2, 16, 1, 0, 0 }, { 4, 2, 16, 5, 0, 0 }, { 2, 1, 24, 17, 0, 0.5f }, { 4, 4, 8, 33, 2, 0 }, { 2, 1, 32, 0, 3, 0.4f },
        { 5, 5, 32, 0, 0, 0 }, { 4, 2, 32, 21, 0, 0 }, { 3, 3, 20, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Forward_matches_the_definition_in_double(int heads, int kvHeads, int headDim, int window, float cap, float scale)
    {
        var shape = new AttentionShape(heads, kvHeads, headDim) { Window = window, ScoreCap = cap, ScoreScale = scale };
        float[] rows = KernelData.Random(Starts[^1] * shape.RowDim, 1, 2);
        var actual = new float[Starts[^1] * shape.QueryDim];
        using var pool = new WorkerPool(2);
        CausalAttention.Forward(rows, shape, Starts, actual, pool);
        KernelData.AssertClose(Definition([.. rows.Select(value => (double)value)], shape), actual, 2e-6);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Decoding_token_by_token_has_the_bits_of_forward(int heads, int kvHeads, int headDim, int window, float cap, float scale)
    {
        foreach (var format in new[] { NumberFormat.Float32, NumberFormat.Bfloat16 })
        {
            DecodesAsForward(new AttentionShape(heads, kvHeads, headDim) { Window = window, ScoreCap = cap, ScoreScale = scale }, format);
        }
    }

    private static void DecodesAsForward(AttentionShape shape, NumberFormat format)
    {
        const int Length = 53;
        float[] rows = KernelData.Random(Length * shape.RowDim, 2, 2), rounded = [.. rows];
        for (int t = 0; t < Length && format is NumberFormat.Bfloat16; t++)
        {
            var keysAndValues = rounded.AsSpan((t * shape.RowDim) + shape.QueryDim, shape.RowDim - shape.QueryDim);
            BfloatRounding.Round(keysAndValues, keysAndValues);
        }

        var expected = new float[Length * shape.QueryDim];
        CausalAttention.Forward(rounded, shape, [0, Length], expected, WorkerPool.Inline);

        var cache = new KvBlocks(9, shape, format);
        int[] table = [7, 2, 5, 0];
        var actual = new float[expected.Length];
        var scratch = new float[DecodeAttention.ScratchLength(shape, Length)];
        for (int t = 0; t < Length; t++)
        {
            var row = rows.AsSpan(t * shape.RowDim, shape.RowDim);
            cache.Write(row, table[t / KvBlocks.BlockLength], t % KvBlocks.BlockLength);
            DecodeAttention.Apply(row, cache, table, t + 1, scratch, actual.AsSpan(t * shape.QueryDim, shape.QueryDim));
        }

        KernelData.AssertSameBits(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Prompts_in_any_pieces_have_the_bits_of_token_by_token(int heads, int kvHeads, int headDim, int window, float cap, float scale)
    {
        var shape = new AttentionShape(heads, kvHeads, headDim) { Window = window, ScoreCap = cap, ScoreScale = scale };
        foreach (var format in new[] { NumberFormat.Float32, NumberFormat.Bfloat16 })
        {
            var cached = new CachedSequence(shape, 200, format);
            foreach (int piece in new[] { 1, 2, 3, 17, 70, 121 })
            {
                var actual = new float[cached.Expected.Length];
                for (int start = 0; start < cached.Length; start += piece)
                {
                    int count = Math.Min(piece, cached.Length - start);
                    PromptAttention.Apply(
                        cached.Rows.AsSpan(start * shape.RowDim, count * shape.RowDim), cached.Blocks, cached.Table, start,
                        actual.AsSpan(start * shape.QueryDim, count * shape.QueryDim));
                }

                KernelData.AssertSameBits(cached.Expected, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Sequences_that_share_blocks_have_the_bits_of_each_by_itself(int heads, int kvHeads, int headDim, int window, float cap, float scale)
    {
        var shape = new AttentionShape(heads, kvHeads, headDim) { Window = window, ScoreCap = cap, ScoreScale = scale };
        foreach (var format in new[] { NumberFormat.Float32, NumberFormat.Bfloat16 })
        {
            var cached = new CachedSequence(shape, 200, format);
            int[] lengths = [146, 129, 200, 160, 161, 144];
            var sequences = new AttendingRow[lengths.Length];
            float[] rows = new float[lengths.Length * shape.RowDim], expected = new float[lengths.Length * shape.QueryDim];
            for (int index = 0; index < lengths.Length; index++)
            {
                int[] table = [.. cached.Table];
                table[8] = index % 2 == 0 ? table[8] : cached.Copy(table[8]); // from here on they part
                sequences[index] = new AttendingRow(table, lengths[index]);
                int last = lengths[index] - 1;
                cached.Rows.AsSpan(last * shape.RowDim, shape.RowDim).CopyTo(rows.AsSpan(index * shape.RowDim));
                cached.Expected.AsSpan(last * shape.QueryDim, shape.QueryDim).CopyTo(expected.AsSpan(index * shape.QueryDim));
            }

            var actual = new float[expected.Length];
            SharedAttention.Apply(rows, cached.Blocks, sequences, new float[DecodeAttention.ScratchLength(shape, 200)], actual);
            KernelData.AssertSameBits(expected, actual);
        }
    }

    [Fact]
    public void A_copied_block_holds_the_same_keys_and_values()
    {
        var shape = new AttentionShape(2, 1, 8);
        var cache = new KvBlocks(4, shape);
        float[] row = KernelData.Random(shape.RowDim, 3);
        float[] scratch = new float[32], first = new float[shape.QueryDim], second = new float[shape.QueryDim];
        cache.Write(row, 1, 0);
        cache.Copy(1, 3);
        DecodeAttention.Apply(row, cache, [1], 1, scratch, first);
        DecodeAttention.Apply(row, cache, [3], 1, scratch, second);
        KernelData.AssertSameBits(first, second);
        KernelData.AssertSameBits(row.AsSpan(24, 8), first.AsSpan(0, 8)); // one position: its value with weight 1
    }

    internal static double[] Definition(double[] rows, AttentionShape shape)
    {
        var output = new double[Starts[^1] * shape.QueryDim];
        for (int sequence = 0; sequence + 1 < Starts.Length; sequence++)
        {
            for (int t = Starts[sequence]; t < Starts[sequence + 1]; t++)
            {
                for (int head = 0; head < shape.Heads; head++)
                {
                    AttendDefinition(rows, shape, Starts[sequence], t, head, output);
                }
            }
        }

        return output;
    }

    private static void AttendDefinition(double[] rows, AttentionShape shape, int start, int t, int head, double[] output)
    {
        int group = shape.Heads / shape.KvHeads, d = shape.HeadDim;
        int key = (shape.Heads + (head / group)) * d, value = key + (shape.KvHeads * d);
        start = shape.Window == 0 ? start : Math.Max(start, t - shape.Window + 1);
        double scale = shape.ScoreScale == 0 ? 1 / Math.Sqrt(d) : shape.ScoreScale;
        double[] weights = [.. Enumerable.Range(start, t - start + 1).Select(other => Math.Exp(Capped(scale *
            Enumerable.Range(0, d).Sum(i => rows[(t * shape.RowDim) + (head * d) + i] * rows[(other * shape.RowDim) + key + i]))))];
        double Capped(double score) => shape.ScoreCap == 0 ? score : shape.ScoreCap * Math.Tanh(score / shape.ScoreCap);
        for (int i = 0; i < d; i++)
        {
            output[(t * shape.QueryDim) + (head * d) + i] = weights
                .Select((weight, index) => weight / weights.Sum() * rows[((start + index) * shape.RowDim) + value + i]).Sum();
        }
    }
}
