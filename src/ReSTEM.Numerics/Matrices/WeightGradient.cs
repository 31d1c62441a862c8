namespace ReSTEM.Numerics;

/// <summary>The gradient of a weight matrix.</summary>
public static unsafe class WeightGradient
{
    private const int TokensPerBlock = 512;

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
    public static void Add(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, int tokens,
        Span<float> gradient, int outDim, int inDim, WorkerPool pool)
    {
        Shape.AtLeast(outputGradient.Length, (long)tokens * outDim);
        Shape.AtLeast(input.Length, (long)tokens * inDim);
        Shape.Same(gradient.Length, (long)outDim * inDim);
        var shape = new PanelShape(inDim);
        int blockTokens = Math.Min(TokensPerBlock, tokens);
        var packed = Scratch.Get(7, shape.PaddedColumns * blockTokens);
        fixed (float* dy = outputGradient, x = input, dw = gradient, panels = packed.Span)
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
                };
                pool.For(shape.Count, panel => AddPanel(block, panel));
            }
        }
    }

    private static void AddPanel(in Block block, int panel)
    {
        int column = block.Shape.Start(panel), inDim = block.Shape.Columns;
        int vectors = block.Shape.Vectors(panel), valid = block.Shape.ValidColumns(panel);
        float* packed = block.Panels + ((nint)column * block.Tokens);
        Panel.Pack(
            block.Input + column, inDim, valid, vectors * Tile.VectorWidth, block.Tokens, packed);
        var tile = new Tile
        {
            A = block.OutputGradient,
            ARow = 1,
            AStep = block.OutDim,
            B = packed,
            Depth = block.Tokens,
            Vectors = vectors,
            Initial = block.Gradient + column,
            InitialRow = inDim,
            C = block.Gradient + column,
            CRow = inDim,
        };
        Panel.Run(tile, block.OutDim, valid);
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
    }
}
