namespace ReSTEM.Numerics;

/// <summary>How the numbers of a <see cref="PackedMatrix"/> lie in its panels, and what multiplies them.</summary>
internal abstract unsafe class PanelFormat
{
    private static readonly PanelFormat Float32 = new FloatPanels();
    private static readonly Lazy<PanelFormat> Bfloat16 = new(static () => new BfloatPanels(BfloatKernel.Chosen));
    private static readonly Lazy<PanelFormat> Int8 = new(static () => new BytePanels(ByteKernel.Chosen));

    internal static PanelFormat Of(NumberFormat format) => format switch
    {
        NumberFormat.Float32 => Float32,
        NumberFormat.Bfloat16 => Bfloat16.Value,
        NumberFormat.Int8 => Int8.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    /// <summary>Most inputs of a product that are multiplied before the next panel's, for many rows; even. Chains go on from one block to the next.</summary>
    internal virtual int InputsPerBlock => 2048; // a panel's block of 384 KiB of float32 stays in the second cache for all rows of their block

    /// <summary>Words of 32 bits that a column of a panel takes.</summary>
    /// <param name="inDim">Numbers of the column.</param>
    internal abstract int Depth(int inDim);

    /// <summary>Packs rows of outputs, shape [columns, depth], into one panel; padding is left as it is.</summary>
    internal abstract void PackTransposed(float* source, nint sourceRow, int validColumns, int width, int depth, float* target);

    /// <summary>Copies one column of a panel.</summary>
    /// <param name="panel">All its words.</param>
    /// <param name="width">Columns, padding included.</param>
    /// <param name="column">Which.</param>
    /// <param name="values">Shape [inDim].</param>
    internal abstract void CopyColumn(ReadOnlySpan<float> panel, int width, int column, Span<float> values);

    /// <summary>Words that a row of A takes once it is prepared.</summary>
    internal abstract int PreparedLength(int inDim);

    /// <summary>Rows of A as the kernel reads them, valid until the next call on this thread.</summary>
    /// <param name="rows">Shape [count, inDim].</param>
    /// <param name="count">Rows.</param>
    /// <param name="inDim">Numbers of a row.</param>
    /// <param name="pool">Shares the work.</param>
    internal abstract float* Prepare(float* rows, int count, int inDim, WorkerPool pool);

    /// <summary>Multiplies rows with one panel.</summary>
    /// <param name="product">From row 0 on.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="validColumns">Columns beyond this are neither read from the starts nor written to C.</param>
    internal abstract void Run(in PanelProduct product, int rows, int validColumns);
}

/// <summary>Rows times one panel; steps are in words of 32 bits.</summary>
internal unsafe struct PanelProduct
{
    /// <summary>Prepared rows, or a strip.</summary>
    internal float* A;

    /// <summary>From one prepared row to the next; a strip has its own steps.</summary>
    internal nint ARow;

    internal float* B;

    /// <summary>From B to the panel that is multiplied next; 0 for none.</summary>
    internal nint Ahead;

    /// <summary>Numbers of a row that are multiplied.</summary>
    internal int InDim;

    internal int Vectors;

    /// <summary>Starts of the chains; row step 0 repeats one row.</summary>
    internal float* Initial;

    internal nint InitialRow;
    internal float* C;
    internal nint CRow;
}
