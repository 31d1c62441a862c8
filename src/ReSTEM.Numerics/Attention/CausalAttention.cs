namespace ReSTEM.Numerics;

/// <summary>Causal attention inside each sequence of a packed batch, for prefill and training.</summary>
/// <remarks>Vaswani et al. 2017, arXiv:1706.03762, equation 1, with the mask of section 3.2.3.</remarks>
public static unsafe class CausalAttention
{
    /// <summary>Each token attends to itself and the tokens before it in its sequence.</summary>
    /// <param name="rows">Queries, keys and values after rotation, shape [T, RowDim].</param>
    /// <param name="shape">Heads.</param>
    /// <param name="starts">First token of each sequence, ascending from 0, then T.</param>
    /// <param name="output">Shape [T, H * Hd].</param>
    /// <param name="pool">Shares the work.</param>
    public static void Forward(
        ReadOnlySpan<float> rows, AttentionShape shape, ReadOnlySpan<int> starts, Span<float> output, WorkerPool pool)
    {
        int tokens = SequenceStarts.Check(starts);
        Shape.AtLeast(rows.Length, (long)tokens * shape.RowDim);
        Shape.AtLeast(output.Length, (long)tokens * shape.QueryDim);
        int[] offsets = starts.ToArray();
        fixed (float* row = rows, result = output)
        {
            float* from = row, to = result;
            pool.For((offsets.Length - 1) * shape.KvHeads, item =>
            {
                int sequence = item / shape.KvHeads, start = offsets[sequence], length = offsets[sequence + 1] - start;
                float* first = from + ((nint)start * shape.RowDim);
                if (length > 0)
                {
                    Group(first, shape, item % shape.KvHeads, length, to + ((nint)start * shape.QueryDim));
                }
            });
        }
    }

    /// <summary>The query heads that share one key head, over one sequence.</summary>
    private static void Group(float* rows, AttentionShape shape, int kvHead, int length, float* output)
    {
        var keyPanels = new PanelShape(length);
        var valuePanels = new PanelShape(shape.HeadDim);
        int scoreRow = keyPanels.PaddedColumns;
        fixed (float* keys = Scratch.Get(0, scoreRow * shape.HeadDim).Span)
        fixed (float* values = Scratch.Get(1, valuePanels.PaddedColumns * length).Span)
        fixed (float* scores = Scratch.Get(2, Tile.MaxRows * scoreRow).Span)
        {
            Panel.PackTransposed(rows + shape.KeyStart(kvHead), shape.RowDim, keyPanels, shape.HeadDim, keys);
            Panel.Pack(rows + shape.ValueStart(kvHead), shape.RowDim, valuePanels, length, values);
            for (int head = kvHead * shape.GroupSize; head < (kvHead + 1) * shape.GroupSize; head++)
            {
                for (int row = 0; row < length; row += Tile.MaxRows)
                {
                    int count = Math.Min(Tile.MaxRows, length - row);
                    float* query = rows + ((nint)row * shape.RowDim) + (head * shape.HeadDim);
                    Score(query, shape, keyPanels, keys, row, count, scores);
                    float* target = output + ((nint)row * shape.QueryDim) + (head * shape.HeadDim);
                    Mix(scores, scoreRow, shape, valuePanels, values, length, row, count, target);
                }
            }
        }
    }

    /// <summary>Raw scores of a few rows of queries against all positions up to the last of them.</summary>
    private static void Score(
        float* query, AttentionShape shape, PanelShape panels, float* keys, int row, int count, float* scores)
    {
        int first = shape.FirstVisible(row);
        for (int panel = 0; panel < panels.Count && panels.Start(panel) < row + count; panel++)
        {
            if (panels.Start(panel) + (panels.Vectors(panel) * Tile.VectorWidth) <= first)
            {
                continue; // before the window of every row
            }

            var tile = new Tile
            {
                A = query,
                ARow = shape.RowDim,
                AStep = 1,
                B = keys + ((nint)panels.Start(panel) * shape.HeadDim),
                Depth = shape.HeadDim,
                BRow = panels.Vectors(panel) * Tile.VectorWidth,
                Vectors = panels.Vectors(panel),
                Initial = Panel.Zeros,
                C = scores + panels.Start(panel),
                CRow = panels.PaddedColumns,
                Rows = count,
            };
            tile.Run();
        }
    }

    /// <summary>Softmax of each row, then the weighted sum of the values.</summary>
    private static void Mix(
        float* scores, int scoreRow, AttentionShape shape, PanelShape panels, float* values, int length,
        int row, int count, float* output)
    {
        Span<float> factors = stackalloc float[Tile.MaxRows];
        int end = row + count, begin = shape.FirstVisible(row);
        for (int r = 0; r < count; r++)
        {
            var all = new Span<float>(scores + (r * (nint)scoreRow), end);
            int first = shape.FirstVisible(row + r);
            factors[r] = 1 / AttentionSoftmax.Exponentials(scores + (r * (nint)scoreRow) + first, row + r + 1 - first, scoreRow - first, shape);
            all[begin..first].Clear();
            all[(row + r + 1)..].Clear();
        }

        for (int panel = 0; panel < panels.Count; panel++)
        {
            var tile = new Tile
            {
                A = scores + begin,
                ARow = scoreRow,
                AStep = 1,
                B = values + ((nint)panels.Start(panel) * length) + ((nint)begin * panels.Vectors(panel) * Tile.VectorWidth),
                Depth = end - begin,
                BRow = panels.Vectors(panel) * Tile.VectorWidth,
                Vectors = panels.Vectors(panel),
                Initial = Panel.Zeros,
                C = output + panels.Start(panel),
                CRow = shape.QueryDim,
            };
            Panel.Run(tile, count, panels.ValidColumns(panel));
        }

        for (int r = 0; r < count; r++)
        {
            Elementwise.Scale(new Span<float>(output + (r * (nint)shape.QueryDim), shape.HeadDim), factors[r]);
        }
    }
}
