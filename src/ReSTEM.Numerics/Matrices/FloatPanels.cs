namespace ReSTEM.Numerics;

/// <summary>Panels of float32, <c>[in][outputs]</c>; rows are read where they lie.</summary>
internal sealed unsafe class FloatPanels : GradientFormat
{
    internal override int Depth(int inDim) => inDim;

    internal override void Pack(float* source, nint sourceRow, int validColumns, int width, int depth, float* target) =>
        Panel.Pack(source, sourceRow, validColumns, width, depth, target);

    internal override void PackTransposed(float* source, nint sourceRow, int validColumns, int width, int depth, float* target) =>
        Panel.PackTransposed(source, sourceRow, validColumns, width, depth, target);

    internal override void CopyColumn(ReadOnlySpan<float> panel, int width, int column, Span<float> values)
    {
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = panel[(k * width) + column];
        }
    }

    internal override int PreparedLength(int inDim) => inDim;

    internal override float* Prepare(float* rows, int count, int inDim, WorkerPool pool) => rows;

    internal override void Run(in PanelProduct product, int rows, int validColumns) =>
        Run(product, product.ARow, 1, rows, validColumns);

    internal override int StripLength(int width, int depth) => width * depth;

    internal override void PackStrip(float* source, nint sourceRow, int columns, int width, int depth, float* target) =>
        Panel.Pack(source, sourceRow, columns, width, depth, target);

    internal override void RunStrip(in PanelProduct product, int width, int rows, int validColumns) =>
        Run(product, 1, width, rows, validColumns);

    private static void Run(in PanelProduct product, nint aRow, nint aStep, int rows, int validColumns) => Panel.Run(
        new Tile
        {
            A = product.A,
            ARow = aRow,
            AStep = aStep,
            B = product.B,
            BRow = product.Vectors * Tile.VectorWidth,
            Ahead = product.Ahead,
            Depth = product.InDim,
            Vectors = product.Vectors,
            Initial = product.Initial,
            InitialRow = product.InitialRow,
            C = product.C,
            CRow = product.CRow,
        },
        rows, validColumns);
}
