namespace ReSTEM.Numerics;

/// <summary>
/// Attention of one new token of each of several sequences that begin with the same blocks, as samples of one prompt do: what they
/// share is read once for all of them, as products of blocks; what is their own as by <see cref="DecodeAttention"/>, whose bits this has.
/// </summary>
/// <remarks>Juravsky et al. 2024, arXiv:2402.05099, section 3, but with one softmax over all positions, so that no bit depends on what is shared.</remarks>
public static unsafe class SharedAttention
{
    private const int FewestRows = 4; // fewer do not fill a tile
    private const int FewestBlocks = 8; // fewer gain nothing (benchmarks/results/attention.md)
    private const int MostTokens = 64; // at once
    private const int ScoreNumbers = 1 << 19; // held at once

    /// <summary>Each query head of each token attends to the positions of its sequence, or to those in the window.</summary>
    /// <param name="rows">The tokens' rows, of which the query heads are read, shape [T, RowDim].</param>
    /// <param name="cache">The layer's keys and values; those of the tokens are already there.</param>
    /// <param name="sequences">Of each token; T of them.</param>
    /// <param name="scratch">At least <see cref="DecodeAttention.ScratchLength"/> of the longest.</param>
    /// <param name="output">Shape [T, H * Hd].</param>
    public static void Apply(
        ReadOnlySpan<float> rows, KvBlocks cache, ReadOnlySpan<AttendingRow> sequences, Span<float> scratch, Span<float> output)
    {
        var shape = cache.Shape;
        int shared = SharedBlocks(sequences), longest = LongestOf(sequences, cache);
        Shape.AtLeast(rows.Length, sequences.Length * shape.RowDim);
        Shape.Same(output.Length, sequences.Length * shape.QueryDim);
        int atOnce = Math.Clamp(ScoreNumbers / (shape.Heads * BlocksOf(longest) * KvBlocks.BlockLength), 1, MostTokens);
        if (Math.Min(atOnce, sequences.Length) < FewestRows || shared < FewestBlocks || !FusedMultiplyAdd.IsHardwareAccelerated)
        {
            atOnce = 0;
        }

        for (int token = 0, count; token < sequences.Length; token += count)
        {
            count = Math.Clamp(atOnce, 1, sequences.Length - token);
            var part = sequences.Slice(token, count);
            var own = rows.Slice(token * shape.RowDim, ((count - 1) * shape.RowDim) + shape.QueryDim);
            var result = output.Slice(token * shape.QueryDim, count * shape.QueryDim);
            if (count == 1)
            {
                DecodeAttention.Apply(own, cache, part[0].Blocks.Span, part[0].Length, scratch, result);
            }
            else
            {
                Attend(own, cache, part, shared, longest, result);
            }
        }
    }

    private static void Attend(
        ReadOnlySpan<float> rows, KvBlocks cache, ReadOnlySpan<AttendingRow> sequences, int shared, int longest, Span<float> output)
    {
        var shape = cache.Shape;
        int count = sequences.Length * shape.Heads, scoreRow = BlocksOf(longest) * KvBlocks.BlockLength;
        int begin = FirstBlock(sequences, shape) * KvBlocks.BlockLength;
        Span<float> factors = stackalloc float[count];
        fixed (float* row = rows, result = output, factor = factors)
        fixed (float* scores = Scratch.Get(0, count * scoreRow).Span)
        fixed (float* queries = Scratch.Get(1, sequences.Length * shape.GroupSize * shape.HeadDim).Span)
        fixed (float* sums = Scratch.Get(2, count * cache.ValueDim).Span)
        fixed (int* table = sequences[0].Blocks.Span)
        {
            new Span<float>(sums, count * cache.ValueDim).Clear();
            for (int kvHead = 0; kvHead < shape.KvHeads; kvHead++)
            {
                int first = kvHead * sequences.Length * shape.GroupSize; // rows of a key head lie together
                var block = new BlockRows
                {
                    Queries = queries,
                    Scores = scores + ((nint)first * scoreRow),
                    ScoreRow = scoreRow,
                    Sums = sums + ((nint)first * cache.ValueDim),
                    Count = sequences.Length * shape.GroupSize,
                    GroupSize = shape.GroupSize,
                };
                for (int token = 0; token < sequences.Length; token++)
                {
                    block.SetQueries(token, row + ((nint)token * shape.RowDim) + (kvHead * shape.GroupSize * shape.HeadDim), shape.HeadDim);
                }

                BlockAttention.Score(block, cache, kvHead, table, begin / KvBlocks.BlockLength, shared);
                for (int token = 0; token < sequences.Length; token++)
                {
                    Weigh(block, row, cache, kvHead, sequences[token], token, shared, begin, factor + first);
                }

                BlockAttention.Mix(block, cache, kvHead, table, begin, shared * KvBlocks.BlockLength);
            }

            MixOwn(scores, scoreRow, sums, factors, cache, sequences, Math.Max(begin, shared * KvBlocks.BlockLength), result);
        }

        GC.KeepAlive(cache);
    }

    /// <summary>Scores of a token's own positions, and the softmax over all.</summary>
    private static void Weigh(
        BlockRows block, float* rows, KvBlocks cache, int kvHead, AttendingRow sequence, int token, int shared, int begin, float* factors)
    {
        var shape = cache.Shape;
        int first = shape.FirstVisible(sequence.Length - 1), blocks = BlocksOf(sequence.Length);
        fixed (int* table = sequence.Blocks.Span)
        {
            for (int head = 0; head < shape.GroupSize; head++)
            {
                int index = (token * shape.GroupSize) + head;
                float* scores = block.Scores + (index * block.ScoreRow);
                DecodeAttention.Score(
                    rows + ((nint)token * shape.RowDim), (kvHead * shape.GroupSize) + head, cache, table,
                    Math.Max(shared, begin / KvBlocks.BlockLength), blocks, scores);
                factors[index] = 1 / AttentionSoftmax.Exponentials(scores + first, sequence.Length - first, (int)block.ScoreRow - first, shape);
                new Span<float>(scores + begin, first - begin).Clear();
            }
        }
    }

    /// <summary>Goes on with the sums over a token's own positions.</summary>
    private static void MixOwn(
        float* scores, int scoreRow, float* sums, ReadOnlySpan<float> factors, KvBlocks cache, ReadOnlySpan<AttendingRow> sequences, int begin,
        float* output)
    {
        var shape = cache.Shape;
        float** weights = stackalloc float*[shape.Heads], starts = stackalloc float*[shape.Heads];
        Span<float> own = stackalloc float[shape.Heads];
        for (int token = 0; token < sequences.Length; token++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                int kvHead = head / shape.GroupSize;
                nint index = (((kvHead * sequences.Length) + token) * shape.GroupSize) + (head % shape.GroupSize);
                weights[head] = scores + (index * scoreRow);
                starts[head] = sums + (index * cache.ValueDim);
                own[head] = factors[(int)index];
            }

            fixed (int* table = sequences[token].Blocks.Span)
            {
                DecodeAttention.Mix(
                    weights, own, cache, table, begin, sequences[token].Length, starts, output + ((nint)token * shape.QueryDim));
            }
        }
    }

    /// <summary>Whole blocks with which all sequences begin and beyond which each has positions.</summary>
    private static int SharedBlocks(ReadOnlySpan<AttendingRow> sequences)
    {
        int shared = int.MaxValue;
        foreach (var sequence in sequences)
        {
            int common = sequences[0].Blocks.Span.CommonPrefixLength(sequence.Blocks.Span);
            shared = Math.Min(shared, Math.Min(common, (sequence.Length - 1) / KvBlocks.BlockLength));
        }

        return shared;
    }

    /// <summary>The first block that any of them sees.</summary>
    private static int FirstBlock(ReadOnlySpan<AttendingRow> sequences, AttentionShape shape)
    {
        int first = int.MaxValue;
        foreach (var sequence in sequences)
        {
            first = Math.Min(first, shape.FirstVisible(sequence.Length - 1));
        }

        return first / KvBlocks.BlockLength;
    }

    private static int LongestOf(ReadOnlySpan<AttendingRow> sequences, KvBlocks cache)
    {
        int longest = 0;
        foreach (var sequence in sequences)
        {
            Shape.AtLeast(sequence.Length, 1);
            Shape.AtLeast(sequence.Blocks.Length, BlocksOf(sequence.Length));
            cache.CheckBlocks(sequence.Blocks.Span[..BlocksOf(sequence.Length)]);
            longest = Math.Max(longest, sequence.Length);
        }

        return longest;
    }

    private static int BlocksOf(int length) => (length + KvBlocks.BlockLength - 1) / KvBlocks.BlockLength;
}
