namespace ReSTEM.Numerics;

/// <summary>A format of panels that gradients are computed in too: it packs inputs that lie across.</summary>
internal abstract unsafe class GradientFormat : PanelFormat
{
    /// <exception cref="NotSupportedException">No gradient is computed in the format.</exception>
    internal static new GradientFormat Of(NumberFormat format) => Of(PanelFormat.Of(format));

    /// <exception cref="NotSupportedException">No gradient is computed in the format.</exception>
    internal static GradientFormat Of(PanelFormat format) => format as GradientFormat
        ?? throw new NotSupportedException($"{format.GetType().Name} hold what is sampled from; gradients are computed in float32 or bfloat16.");

    /// <summary>Packs rows of inputs, shape [depth, columns], into one panel; padding is left as it is.</summary>
    internal abstract void Pack(float* source, nint sourceRow, int validColumns, int width, int depth, float* target);

    /// <summary>Words of a strip.</summary>
    /// <param name="width">Columns that it has room for.</param>
    /// <param name="depth">Numbers of a column.</param>
    internal abstract int StripLength(int width, int depth);

    /// <summary>Packs columns as the kernel reads rows of A, though they lie across: shape [depth, columns].</summary>
    internal abstract void PackStrip(float* source, nint sourceRow, int columns, int width, int depth, float* target);

    /// <summary>Multiplies the columns of a strip with one panel.</summary>
    /// <param name="product">A is the strip; from its column 0 on.</param>
    /// <param name="width">Columns that the strip has room for.</param>
    /// <param name="rows">Columns of the strip, rows of C.</param>
    /// <param name="validColumns">Columns beyond this are neither read from the starts nor written to C.</param>
    internal abstract void RunStrip(in PanelProduct product, int width, int rows, int validColumns);
}
