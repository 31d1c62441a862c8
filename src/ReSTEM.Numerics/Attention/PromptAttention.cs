namespace ReSTEM.Numerics;

/// <summary>Attention of consecutive new tokens of one sequence over its cached keys and values, as products of blocks.</summary>
/// <remarks>Vaswani et al. 2017, arXiv:1706.03762, equation 1. Has the bits of <see cref="DecodeAttention"/> token by token.</remarks>
public static unsafe class PromptAttention
{
    private const int FewestRows = 4; // fewer do not fill a tile
    private const int FewestGathered = 32; // rows of a key head; for fewer their blocks are read where they lie
    private const int FewestBlocks = 4;
    private const int MostTokens = 64; // at once
    private const int ScoreNumbers = 1 << 17; // held at once, so that they stay in the second cache

    /// <summary>Each query head of each token attends to the positions up to the token's own, or to those in the window.</summary>
    /// <param name="rows">The tokens' rows, of which the query heads are read, shape [T, RowDim].</param>
    /// <param name="cache">The layer's keys and values; those of the tokens are already there.</param>
    /// <param name="blockTable">Block numbers of the sequence in order of position.</param>
    /// <param name="firstPosition">Position of the first token.</param>
    /// <param name="output">Shape [T, H * Hd].</param>
    public static void Apply(
        ReadOnlySpan<float> rows, KvBlocks cache, ReadOnlySpan<int> blockTable, int firstPosition, Span<float> output)
    {
        var shape = cache.Shape;
        int tokens = output.Length / shape.QueryDim, length = firstPosition + tokens;
        Shape.Same(output.Length, tokens * shape.QueryDim);
        Shape.AtLeast(rows.Length, ((tokens - 1) * shape.RowDim) + shape.QueryDim);
        Shape.AtLeast(blockTable.Length, BlocksOf(length));
        cache.CheckBlocks(blockTable[..BlocksOf(length)]);
        int group = shape.GroupSize, firstBlock = shape.FirstVisible(firstPosition) / KvBlocks.BlockLength;
        int scoreRow = ScoreRow(length);
        bool gathers = tokens * group >= FewestGathered && BlocksOf(length) - firstBlock >= FewestBlocks;
        int atOnce = Math.Clamp(ScoreNumbers / (scoreRow * group), (FewestRows + group - 1) / group, Math.Min(MostTokens, Math.Max(tokens, FewestRows)));
        fixed (float* row = rows, result = output)
        fixed (float* scores = Scratch.Get(0, atOnce * group * scoreRow).Span)
        fixed (float* queries = Scratch.Get(1, atOnce * group * shape.HeadDim).Span)
        fixed (float* sums = Scratch.Get(2, atOnce * group * cache.ValueDim).Span)
        fixed (int* table = blockTable)
        {
            var block = new BlockRows { Queries = queries, Scores = scores, ScoreRow = scoreRow, Sums = sums, GroupSize = group };
            for (int kvHead = 0; kvHead < shape.KvHeads; kvHead++)
            {
                HeadPanels? panels = gathers ? HeadPanels.Gather(cache, kvHead, table, firstBlock, BlocksOf(length)) : null;
                for (int token = 0; token < tokens; token += atOnce)
                {
                    block.Count = Math.Min(atOnce, tokens - token) * group;
                    block.FirstPosition = firstPosition + token;
                    Attend(
                        block, row + ((nint)token * shape.RowDim), cache, panels, kvHead, table, result + ((nint)token * shape.QueryDim));
                }
            }
        }

        GC.KeepAlive(cache);
    }

    private static void Attend(BlockRows block, float* rows, KvBlocks cache, HeadPanels? panels, int kvHead, int* table, float* output)
    {
        var shape = cache.Shape;
        int group = block.GroupSize, tokens = block.Count / group, position = block.FirstPosition!.Value, end = position + tokens;
        int firstBlock = shape.FirstVisible(position) / KvBlocks.BlockLength, begin = firstBlock * KvBlocks.BlockLength;
        nint head = (nint)kvHead * group * shape.HeadDim;
        for (int token = 0; token < tokens; token++)
        {
            block.SetQueries(token, rows + ((nint)token * shape.RowDim) + head, shape.HeadDim);
        }

        if (panels is { } gathered)
        {
            gathered.Score(block, end);
        }
        else
        {
            BlockAttention.Score(block, cache, kvHead, table, firstBlock, BlocksOf(end));
        }

        Span<float> factors = stackalloc float[block.Count];
        for (int row = 0; row < block.Count; row++)
        {
            int own = position + (row / group), first = shape.FirstVisible(own);
            var scores = new Span<float>(block.Scores + (row * block.ScoreRow), Math.Min(end, AfterMixing(own)));
            factors[row] = 1 / AttentionSoftmax.Exponentials(
                block.Scores + (row * block.ScoreRow) + first, own + 1 - first, (int)block.ScoreRow - first, shape);
            scores[begin..first].Clear();
            scores[(own + 1)..].Clear();
        }

        new Span<float>(block.Sums, block.Count * cache.ValueDim).Clear();
        if (panels is { } mixed)
        {
            mixed.Mix(block, begin, end);
        }
        else
        {
            BlockAttention.Mix(block, cache, kvHead, table, begin, end);
        }

        for (int row = 0; row < block.Count; row++)
        {
            var sum = new Span<float>(block.Sums + ((nint)row * cache.ValueDim), shape.HeadDim);
            Elementwise.Scale(sum, factors[row]);
            sum.CopyTo(new Span<float>(
                output + ((nint)(row / group) * shape.QueryDim) + head + (row % group * shape.HeadDim), shape.HeadDim));
        }
    }

    /// <summary>Where the positions end that are mixed at once with a row's own: until there its weights are read.</summary>
    private static int AfterMixing(int own) => ((own / HeadPanels.MixedAtOnce) + 1) * HeadPanels.MixedAtOnce;

    /// <summary>Room for the scores of a row; rows lie an odd number of lines apart, so that those of a tile do not share places in the first cache.</summary>
    private static int ScoreRow(int length) => (BlocksOf(length) | 1) * KvBlocks.BlockLength;

    private static int BlocksOf(int length) => (length + KvBlocks.BlockLength - 1) / KvBlocks.BlockLength;
}
