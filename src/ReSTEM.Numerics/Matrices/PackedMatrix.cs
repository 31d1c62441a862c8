namespace ReSTEM.Numerics;

/// <summary>Reads rows of a matrix.</summary>
/// <param name="firstRow">The first row.</param>
/// <param name="rows">Shape [count, InDim].</param>
public delegate void RowReader(int firstRow, Span<float> rows);

/// <summary>
/// A weight matrix laid out for the matrix kernels, and its product with rows of activations. Each result is one chain of
/// fused multiply-adds over the inner dimension in ascending order (in bfloat16 denormals are zeros; in int8 it is one over groups of
/// inputs), so its bits do not depend on the count of rows, on the threads or on the width of the registers.
/// </summary>
/// <remarks>Panels of 48 (at the end 32) outputs, each <c>[in][outputs]</c>; after Goto and van de Geijn 2008, section 4.</remarks>
public sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Rows of a product for which the weights are read once.</summary>
    public const int RowsPerBlock = 128;

    private const long MultiplyAddsPerItem = 1 << 18;
    private const int ItemsPerThread = 2; // of each block of rows
    private const long FilledNumbers = 1 << 20;

    private readonly PanelShape _shape;
    private readonly PanelFormat _format;
    private readonly int _depth; // words of a column
    private readonly FloatBuffer _panels;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="outDim">Outputs.</param>
    /// <param name="inDim">Inputs.</param>
    /// <param name="format">What weights are rounded to when they are set, and rows when they are multiplied.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is not positive.</exception>
    public PackedMatrix(int outDim, int inDim, NumberFormat format = NumberFormat.Float32)
        : this(outDim, inDim, PanelFormat.Of(format))
    {
    }

    internal PackedMatrix(int outDim, int inDim, PanelFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outDim);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inDim);
        OutDim = outDim;
        InDim = inDim;
        _format = format;
        _shape = new PanelShape(outDim);
        _depth = format.Depth(inDim);
        _panels = new FloatBuffer(checked(_shape.PaddedColumns * _depth));
    }

    /// <summary>Count of 32-bit words that a matrix takes, padding included.</summary>
    public static long Size(int outDim, int inDim, NumberFormat format = NumberFormat.Float32) =>
        (long)new PanelShape(outDim).PaddedColumns * PanelFormat.Of(format).Depth(inDim);

    /// <summary>Outputs of a row.</summary>
    public int OutDim { get; }

    /// <summary>Inputs of a row.</summary>
    public int InDim { get; }

    /// <summary>The matrix W of the product x W^T.</summary>
    /// <param name="weights">Shape [outDim, inDim]. Several matrices with the same input may be packed as one, stacked.</param>
    /// <param name="outDim">Outputs.</param>
    /// <param name="inDim">Inputs.</param>
    /// <param name="format">What weights and rows are rounded to.</param>
    public static PackedMatrix Pack(
        ReadOnlySpan<float> weights, int outDim, int inDim, NumberFormat format = NumberFormat.Float32)
    {
        var packed = new PackedMatrix(outDim, inDim, format);
        packed.Set(weights, WorkerPool.Inline);
        return packed;
    }

    /// <summary>Gives the memory back; the matrix can multiply nothing any more.</summary>
    public void Dispose() => _panels.GiveBack();

    /// <summary>Replaces the values, from weights of shape [OutDim, InDim].</summary>
    public void Set(ReadOnlySpan<float> weights, WorkerPool pool)
    {
        Shape.Same(weights.Length, (long)OutDim * InDim);
        fixed (float* source = weights, panels = _panels.Span)
        {
            float* from = source, to = panels;
            pool.For(_shape.Count, panel =>
            {
                int column = _shape.Start(panel), width = _shape.Vectors(panel) * Tile.VectorWidth;
                _format.PackTransposed(
                    from + ((nint)column * InDim), InDim, _shape.ValidColumns(panel), width, InDim,
                    to + ((nint)column * _depth));
            });
        }
    }

    /// <summary>Replaces the values by rows that are read some at a time, so that the matrix never exists twice.</summary>
    /// <param name="read">Gives the rows from a number on, shape [count, InDim].</param>
    public void Fill(RowReader read)
    {
        int panelsAtOnce = (int)Math.Clamp(FilledNumbers / ((long)Tile.MaxWidth * InDim), 1, _shape.Count);
        var rows = Scratch.Get(6, checked(panelsAtOnce * Tile.MaxWidth * InDim));
        for (int first = 0; first < _shape.Count; first += panelsAtOnce)
        {
            int last = Math.Min(_shape.Count, first + panelsAtOnce), start = _shape.Start(first);
            int count = Math.Min(OutDim, last == _shape.Count ? OutDim : _shape.Start(last)) - start;
            read(start, rows.Slice(0, count * InDim));
            fixed (float* source = rows.Span, panels = _panels.Span)
            {
                for (int panel = first; panel < last; panel++)
                {
                    int column = _shape.Start(panel), width = _shape.Vectors(panel) * Tile.VectorWidth;
                    _format.PackTransposed(
                        source + ((nint)(column - start) * InDim), InDim, _shape.ValidColumns(panel), width, InDim,
                        panels + ((nint)column * _depth));
                }
            }
        }
    }

    /// <summary>Copies one row of the weights, as the format holds them.</summary>
    /// <param name="row">Below <see cref="OutDim"/>.</param>
    /// <param name="values">Shape [InDim].</param>
    public void CopyRow(int row, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)OutDim);
        Shape.Same(values.Length, InDim);
        var (panel, column) = _shape.Place(row);
        int width = _shape.Vectors(panel) * Tile.VectorWidth;
        _format.CopyColumn(_panels.Slice(_shape.Start(panel) * _depth, width * _depth), width, column, values);
    }

    /// <summary>
    /// Replaces the values by a transpose, from weights of shape [InDim, OutDim]: with the weights of a forward layer, the
    /// product is the gradient dX = dY W.
    /// </summary>
    public void SetTransposed(ReadOnlySpan<float> weights, WorkerPool pool)
    {
        Shape.Same(weights.Length, (long)OutDim * InDim);
        var format = GradientFormat.Of(_format);
        fixed (float* source = weights, panels = _panels.Span)
        {
            float* from = source, to = panels;
            pool.For(_shape.Count, panel =>
            {
                int column = _shape.Start(panel), width = _shape.Vectors(panel) * Tile.VectorWidth;
                format.Pack(
                    from + column, OutDim, _shape.ValidColumns(panel), width, InDim, to + ((nint)column * _depth));
            });
        }
    }

    /// <summary>Replaces the values by a transpose that is read some rows at a time.</summary>
    /// <param name="read">Gives rows of the weights, shape [InDim, OutDim], from a number on.</param>
    public void FillTransposed(RowReader read)
    {
        var format = GradientFormat.Of(_format);
        int rowsAtOnce = Math.Min(InDim, (int)Math.Clamp(FilledNumbers / OutDim / 2 * 2, 2, int.MaxValue)); // whole pairs
        var rows = Scratch.Get(6, checked(rowsAtOnce * OutDim));
        for (int first = 0; first < InDim; first += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, InDim - first);
            read(first, rows.Slice(0, count * OutDim));
            fixed (float* source = rows.Span, panels = _panels.Span)
            {
                for (int panel = 0; panel < _shape.Count; panel++)
                {
                    int column = _shape.Start(panel), width = _shape.Vectors(panel) * Tile.VectorWidth;
                    format.Pack(
                        source + column, OutDim, _shape.ValidColumns(panel), width, count,
                        panels + ((nint)column * _depth) + ((nint)format.Depth(first) * width));
                }
            }
        }
    }

    /// <summary><c>output[m, n] = bias[n] + sum_k input[m, k] * W[n, k]</c>.</summary>
    /// <param name="input">Shape [rows, InDim].</param>
    /// <param name="rows">Any count from 0.</param>
    /// <param name="output">Shape [rows, OutDim]; must not overlap the input.</param>
    /// <param name="pool">Shares the work.</param>
    /// <param name="bias">Shape [OutDim], or empty for none. The chain of each result starts with it.</param>
    public void Multiply(
        ReadOnlySpan<float> input, int rows, Span<float> output, WorkerPool pool, ReadOnlySpan<float> bias = default)
    {
        if (bias.Length != 0)
        {
            Shape.Same(bias.Length, OutDim);
        }

        fixed (float* biasStart = bias)
        {
            Multiply(input, rows, output, pool, bias.Length == 0 ? null : biasStart, accumulate: false);
        }
    }

    /// <summary><c>output[m, n] += sum_k input[m, k] * W[n, k]</c>; the chain of each result goes on from what is there.</summary>
    /// <param name="input">Shape [rows, InDim].</param>
    /// <param name="rows">Any count from 0.</param>
    /// <param name="output">Shape [rows, OutDim]; must not overlap the input.</param>
    /// <param name="pool">Shares the work.</param>
    public void MultiplyAdd(ReadOnlySpan<float> input, int rows, Span<float> output, WorkerPool pool) =>
        Multiply(input, rows, output, pool, null, accumulate: true);

    private void Multiply(
        ReadOnlySpan<float> input, int rows, Span<float> output, WorkerPool pool, float* bias, bool accumulate)
    {
        Shape.AtLeast(input.Length, (long)rows * InDim);
        Shape.AtLeast(output.Length, (long)rows * OutDim);
        fixed (float* a = input, c = output, panels = _panels.Span)
        {
            float* from = _format.Prepare(a, rows, InDim, pool), to = c, packed = panels;
            int rowBlocks = (rows + RowsPerBlock - 1) / RowsPerBlock;
            int panelsPerItem = PanelsPerItem(rows, pool);
            int itemsPerBlock = (_shape.Count + panelsPerItem - 1) / panelsPerItem;
            pool.For(rowBlocks * itemsPerBlock, item =>
            {
                int row = item / itemsPerBlock * RowsPerBlock;
                int first = item % itemsPerBlock * panelsPerItem;
                int last = Math.Min(_shape.Count, first + panelsPerItem);
                int rowCount = Math.Min(RowsPerBlock, rows - row);
                int inputs = rowCount > Tile.MaxRows ? _format.InputsPerBlock : InDim; // one tile reads a panel once, however long it is
                for (int input = 0; input < InDim; input += inputs)
                {
                    for (int panel = first; panel < last; panel++)
                    {
                        RunPanel(panel, input, Math.Min(inputs, InDim - input), packed, from, to, row, rowCount, bias, accumulate);
                    }
                }
            });
        }
    }

    private int PanelsPerItem(int rows, WorkerPool pool)
    {
        if (pool.ThreadCount == 1)
        {
            return _shape.Count;
        }

        // neighbours on one thread, as each fetches the next; but enough items for threads of unequal speed
        long perPanel = (long)Math.Min(Math.Max(rows, Tile.MaxRows), RowsPerBlock) * Tile.MaxWidth * InDim;
        return (int)Math.Clamp(Math.Max(MultiplyAddsPerItem / perPanel, _shape.Count / (pool.ThreadCount * ItemsPerThread)), 1, _shape.Count);
    }

    /// <summary>Adds the products of some inputs; their chains go on from what is there, but for those that begin.</summary>
    private void RunPanel(
        int panel, int firstInput, int inputs, float* packed, float* input, float* output, int row, int rows, float* bias, bool accumulate)
    {
        int column = _shape.Start(panel), width = _shape.Vectors(panel) * Tile.VectorWidth, rowLength = _format.PreparedLength(InDim);
        bool goesOn = accumulate || firstInput > 0;
        float* c = output + ((nint)row * OutDim) + column;
        var product = new PanelProduct
        {
            A = input + ((nint)row * rowLength) + _format.PreparedLength(firstInput),
            ARow = rowLength,
            B = packed + ((nint)column * _depth) + ((nint)_format.Depth(firstInput) * width),
            Ahead = panel + 1 < _shape.Count ? width * (nint)_depth : 0,
            InDim = inputs,
            Vectors = _shape.Vectors(panel),
            Initial = goesOn ? c : bias == null ? Panel.Zeros : bias + column,
            InitialRow = goesOn ? OutDim : 0,
            C = c,
            CRow = OutDim,
        };
        _format.Run(product, rows, _shape.ValidColumns(panel));
    }
}
