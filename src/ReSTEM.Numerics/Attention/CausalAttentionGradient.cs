using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>The gradient of <see cref="CausalAttention"/>.</summary>
/// <remarks>
/// The probabilities P are computed again for some rows of queries at a time, so that no T x T matrix is ever held
/// (Dao et al. 2022, arXiv:2205.14135, algorithm 4): <c>dV = P^T dO</c>, <c>dS = P (dO V^T - rowsum(dO O))</c>,
/// <c>dQ = dS K / sqrt(Hd)</c>, <c>dK = dS^T Q / sqrt(Hd)</c>.
/// </remarks>
public static unsafe class CausalAttentionGradient
{
    private const int QueryRows = 64;

    /// <summary>Writes the gradient of queries, keys and values.</summary>
    /// <param name="rows">Input of the forward pass, shape [T, RowDim].</param>
    /// <param name="shape">Heads.</param>
    /// <param name="starts">First token of each sequence, ascending from 0, then T.</param>
    /// <param name="output">Output of the forward pass, shape [T, H * Hd].</param>
    /// <param name="outputGradient">Shape [T, H * Hd].</param>
    /// <param name="rowsGradient">Shape [T, RowDim]; overwritten.</param>
    /// <param name="pool">Shares the work.</param>
    public static void Backward(
        ReadOnlySpan<float> rows, AttentionShape shape, ReadOnlySpan<int> starts, ReadOnlySpan<float> output,
        ReadOnlySpan<float> outputGradient, Span<float> rowsGradient, WorkerPool pool)
    {
        int tokens = SequenceStarts.Check(starts);
        Shape.AtLeast(rows.Length, (long)tokens * shape.RowDim);
        Shape.AtLeast(output.Length, (long)tokens * shape.QueryDim);
        Shape.AtLeast(outputGradient.Length, (long)tokens * shape.QueryDim);
        Shape.AtLeast(rowsGradient.Length, (long)tokens * shape.RowDim);
        int[] offsets = starts.ToArray();
        fixed (float* row = rows, result = output, resultGradient = outputGradient, rowGradient = rowsGradient)
        {
            float* x = row, o = result, dO = resultGradient, dx = rowGradient;
            pool.For((offsets.Length - 1) * shape.KvHeads, item =>
            {
                int start = offsets[item / shape.KvHeads], length = offsets[(item / shape.KvHeads) + 1] - start;
                if (length > 0)
                {
                    nint rowStart = (nint)start * shape.RowDim, outputStart = (nint)start * shape.QueryDim;
                    new Sequence
                    {
                        Shape = shape,
                        KvHead = item % shape.KvHeads,
                        Length = length,
                        Rows = x + rowStart,
                        Output = o + outputStart,
                        OutputGradient = dO + outputStart,
                        RowsGradient = dx + rowStart,
                        Positions = new PanelShape(length),
                        Columns = new PanelShape(shape.HeadDim),
                    }.Run();
                }
            });
        }
    }

    /// <summary>One sequence and one key head, with the query heads that share it. Positions are panels over keys, columns panels over Hd.</summary>
    private struct Sequence
    {
        internal AttentionShape Shape;
        internal int KvHead;
        internal int Length;
        internal float* Rows;
        internal float* Output;
        internal float* OutputGradient;
        internal float* RowsGradient;
        internal PanelShape Positions;
        internal PanelShape Columns;
        private float* _keysAcross;
        private float* _valuesAcross;
        private float* _keys;
        private float* _probabilities;
        private float* _scoreGradients;
        private float* _queries;
        private float* _outputGradients;

        internal void Run()
        {
            int acrossLength = Positions.PaddedColumns * Shape.HeadDim, rowLength = Columns.PaddedColumns * QueryRows;
            fixed (float* across = Scratch.Get(0, 2 * acrossLength).Span)
            fixed (float* keys = Scratch.Get(1, Columns.PaddedColumns * Length).Span)
            fixed (float* scores = Scratch.Get(2, 2 * QueryRows * Positions.PaddedColumns).Span)
            fixed (float* queries = Scratch.Get(3, 2 * rowLength).Span)
            {
                _keysAcross = across;
                _valuesAcross = across + acrossLength;
                _keys = keys;
                _probabilities = scores;
                _scoreGradients = scores + (QueryRows * (nint)Positions.PaddedColumns);
                _queries = queries;
                _outputGradients = queries + rowLength;
                float* key = Rows + Shape.KeyStart(KvHead), value = Rows + Shape.ValueStart(KvHead);
                Panel.PackTransposed(key, Shape.RowDim, Positions, Shape.HeadDim, _keysAcross);
                Panel.PackTransposed(value, Shape.RowDim, Positions, Shape.HeadDim, _valuesAcross);
                Panel.Pack(key, Shape.RowDim, Columns, Length, _keys);
                ClearKeyAndValueGradients();
                for (int head = KvHead * Shape.GroupSize; head < (KvHead + 1) * Shape.GroupSize; head++)
                {
                    for (int row = 0; row < Length; row += QueryRows)
                    {
                        RunRows(head, row, Math.Min(QueryRows, Length - row));
                    }
                }
            }
        }

        private readonly void ClearKeyAndValueGradients()
        {
            for (int t = 0; t < Length; t++)
            {
                float* row = RowsGradient + ((nint)t * Shape.RowDim);
                new Span<float>(row + Shape.KeyStart(KvHead), Shape.HeadDim).Clear();
                new Span<float>(row + Shape.ValueStart(KvHead), Shape.HeadDim).Clear();
            }
        }

        private readonly void RunRows(int head, int row, int count)
        {
            int end = row + count, scoreRow = Positions.PaddedColumns;
            nint queryStart = ((nint)row * Shape.RowDim) + (head * Shape.HeadDim);
            nint outputStart = ((nint)row * Shape.QueryDim) + (head * Shape.HeadDim);
            AgainstPositions(Rows + queryStart, Shape.RowDim, _keysAcross, count, end, _probabilities);
            AgainstPositions(OutputGradient + outputStart, Shape.QueryDim, _valuesAcross, count, end, _scoreGradients);
            for (int r = 0; r < count; r++)
            {
                nint at = outputStart + (r * (nint)Shape.QueryDim);
                float rowSum = Reduction.Dot(
                    new ReadOnlySpan<float>(OutputGradient + at, Shape.HeadDim), new ReadOnlySpan<float>(Output + at, Shape.HeadDim));
                SoftmaxBackward(r, Shape.FirstVisible(row + r), row + r + 1, end, rowSum);
            }

            Panel.Pack(Rows + queryStart, Shape.RowDim, Columns, count, _queries);
            Panel.Pack(OutputGradient + outputStart, Shape.QueryDim, Columns, count, _outputGradients);
            Mix(_scoreGradients, scoreRow, 1, _keys, Length, end, count, RowsGradient + queryStart, add: false);
            Mix(_scoreGradients, 1, scoreRow, _queries, count, count, end, RowsGradient + Shape.KeyStart(KvHead), add: true);
            Mix(_probabilities, 1, scoreRow, _outputGradients, count, count, end, RowsGradient + Shape.ValueStart(KvHead), add: true);
        }

        /// <summary><c>scores[r, t] = a[r] . b[t]</c> for t up to the end, rounded up to a panel.</summary>
        private readonly void AgainstPositions(float* a, nint aRow, float* across, int count, int end, float* scores)
        {
            for (int panel = 0; panel < Positions.Count && Positions.Start(panel) < end; panel++)
            {
                var tile = new Tile
                {
                    A = a,
                    ARow = aRow,
                    AStep = 1,
                    B = across + ((nint)Positions.Start(panel) * Shape.HeadDim),
                    Depth = Shape.HeadDim,
                    BRow = Positions.Vectors(panel) * Tile.VectorWidth,
                    Vectors = Positions.Vectors(panel),
                    Initial = Panel.Zeros,
                    C = scores + Positions.Start(panel),
                    CRow = Positions.PaddedColumns,
                };
                Panel.Run(tile, count, Positions.Vectors(panel) * Tile.VectorWidth);
            }
        }

        /// <summary>Raw scores become P, and dO V^T becomes dS with the factor of the scores in it; both are 0 where the row does not see.</summary>
        private readonly void SoftmaxBackward(int r, int first, int visible, int end, float rowSum)
        {
            var probabilities = new Span<float>(_probabilities + (r * (nint)Positions.PaddedColumns), end);
            var gradients = new Span<float>(_scoreGradients + (r * (nint)Positions.PaddedColumns), end);
            Span<float> seen = probabilities[first..visible], seenGradients = gradients[first..visible];
            if (Shape.ScoreCap != 0)
            {
                SoftCap.MultiplyBySlope(seen, Shape.Scale, Shape.ScoreCap, seenGradients, rowSum);
                rowSum = 0;
            }

            float factor = 1 / AttentionSoftmax.Exponentials(_probabilities + (r * (nint)Positions.PaddedColumns) + first, seen.Length, Positions.PaddedColumns - first, Shape);
            for (int index = 0; index < seen.Length; index += Lanes.Count)
            {
                var p = Lanes.Load(seen, index) * factor;
                var gradient = (Lanes.Load(seenGradients, index) - Vector512.Create(rowSum)) * p * Shape.Scale;
                Lanes.Store(p, seen, index);
                Lanes.Store(gradient, seenGradients, index);
            }

            probabilities[..first].Clear();
            gradients[..first].Clear();
            probabilities[visible..].Clear();
            gradients[visible..].Clear();
        }

        /// <summary><c>c[r] (+)= sum_k a[r, k] b[k]</c> over the columns of a head.</summary>
        private readonly void Mix(
            float* a, nint aRow, nint aStep, float* b, int packedDepth, int depth, int rows, float* c, bool add)
        {
            for (int panel = 0; panel < Columns.Count; panel++)
            {
                float* target = c + Columns.Start(panel);
                var tile = new Tile
                {
                    A = a,
                    ARow = aRow,
                    AStep = aStep,
                    B = b + ((nint)Columns.Start(panel) * packedDepth),
                    Depth = depth,
                    BRow = Columns.Vectors(panel) * Tile.VectorWidth,
                    Vectors = Columns.Vectors(panel),
                    Initial = add ? target : Panel.Zeros,
                    InitialRow = add ? Shape.RowDim : 0,
                    C = target,
                    CRow = Shape.RowDim,
                };
                Panel.Run(tile, rows, Columns.ValidColumns(panel));
            }
        }
    }
}
