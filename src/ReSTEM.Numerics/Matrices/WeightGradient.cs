namespace ReSTEM.Numerics;

/// <summary>The gradient of a weight matrix.</summary>
public static unsafe class WeightGradient
{
    private const int TokensPerBlock = 512; // even, so that only the last block may lack the second token of a pair
    private const int OutputsPerItem = 64;
    private const int ItemsPerThread = 4;

    /// <summary>
    /// <c>gradient[n, k] += sum_t outputGradient[t, n] * input[t, k]</c>. The chain of each element goes on from what is there,
    /// in token order, so tokens given in several calls have the bits of one call with all of them.
    /// </summary>
    /// <param name="outputGradient">dY, shape [tokens, outDim].</param>
    /// <param name="input">X, shape [tokens, inDim].</param>
    /// <param name="tokens">Any count from 0.</param>
    /// <param name="gradient">dW, shape [outDim, inDim]; overlaps neither.</param>
    /// <param name="outDim">Outputs of the layer.</param>
    /// <param name="inDim">Inputs of the layer.</param>
    /// <param name="pool">Shares the work.</param>
    /// <param name="format">What dY and X are rounded to; the gradient is float32.</param>
    public static void Add(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, int tokens,
        Span<float> gradient, int outDim, int inDim, WorkerPool pool, NumberFormat format = NumberFormat.Float32) =>
        Add(outputGradient, input, tokens, gradient, outDim, inDim, pool, GradientFormat.Of(format));

    internal static void Add(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, int tokens,
        Span<float> gradient, int outDim, int inDim, WorkerPool pool, GradientFormat format)
    {
        Shape.AtLeast(outputGradient.Length, (long)tokens * outDim);
        Shape.AtLeast(input.Length, (long)tokens * inDim);
        Shape.Same(gradient.Length, (long)outDim * inDim);
        var shape = new PanelShape(inDim);
        fixed (float* dy = outputGradient, x = input, dw = gradient)
        fixed (float* panels = Scratch.Get(7, shape.PaddedColumns * format.Depth(Math.Min(TokensPerBlock, tokens))).Span)
        {
            for (int start = 0; start < tokens; start += TokensPerBlock)
            {
                var block = new Block
                {
                    Tokens = Math.Min(TokensPerBlock, tokens - start),
                    OutputGradient = dy + ((nint)start * outDim),
                    Input = x + ((nint)start * inDim),
                    Gradient = dw,
                    Panels = panels,
                    OutDim = outDim,
                    Shape = shape,
                    Format = format,
                };
                AddBlock(block, pool);
            }
        }
    }

    private static void AddBlock(Block block, WorkerPool pool)
    {
        int panels = block.Shape.Count;
        pool.For(panels, panel => PackInput(block, panel));
        int strips = (block.OutDim + OutputsPerItem - 1) / OutputsPerItem;
        int groups = pool.ThreadCount == 1 ? 1 : Math.Clamp(pool.ThreadCount * ItemsPerThread / strips, 1, panels);
        pool.For(strips * groups, item =>
        {
            int group = item % groups;
            AddStrip(block, item / groups * OutputsPerItem, panels * group / groups, panels * (group + 1) / groups);
        });
    }

    private static void PackInput(in Block block, int panel)
    {
        int column = block.Shape.Start(panel);
        block.Format.Pack(
            block.Input + column, block.Shape.Columns, block.Shape.ValidColumns(panel),
            block.Shape.Vectors(panel) * Tile.VectorWidth, block.Tokens, block.Panels + ((nint)column * block.Depth));
    }

    /// <summary>Some rows of the gradient, over a range of panels.</summary>
    private static void AddStrip(in Block block, int firstOutput, int firstPanel, int lastPanel)
    {
        int outputs = Math.Min(OutputsPerItem, block.OutDim - firstOutput), inDim = block.Shape.Columns;
        fixed (float* packed = Scratch.Get(6, block.Format.StripLength(OutputsPerItem, block.Tokens)).Span)
        {
            block.Format.PackStrip(block.OutputGradient + firstOutput, block.OutDim, outputs, OutputsPerItem, block.Tokens, packed);
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                int column = block.Shape.Start(panel);
                float* gradient = block.Gradient + ((nint)firstOutput * inDim) + column;
                var product = new PanelProduct
                {
                    A = packed,
                    B = block.Panels + ((nint)column * block.Depth),
                    Ahead = panel + 1 < lastPanel ? block.Shape.Vectors(panel) * Tile.VectorWidth * (nint)block.Depth : 0,
                    InDim = block.Tokens,
                    Vectors = block.Shape.Vectors(panel),
                    Initial = gradient,
                    InitialRow = inDim,
                    C = gradient,
                    CRow = inDim,
                };
                block.Format.RunStrip(product, OutputsPerItem, outputs, block.Shape.ValidColumns(panel));
            }
        }
    }

    private struct Block
    {
        internal float* OutputGradient;
        internal float* Input;
        internal float* Gradient;
        internal float* Panels;
        internal int Tokens;
        internal int OutDim;
        internal PanelShape Shape;
        internal GradientFormat Format;

        internal readonly int Depth => Format.Depth(Tokens);
    }
}
