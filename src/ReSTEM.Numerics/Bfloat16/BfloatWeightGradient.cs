using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary><see cref="WeightGradient"/> with dY and X in bfloat16: tokens are taken in pairs, the sums are float32.</summary>
internal static unsafe class BfloatWeightGradient
{
    private const int TokensPerBlock = 512; // even, so that only the last block may lack the second token of a pair
    private const int OutputsPerItem = 64;
    private const int ItemsPerThread = 4;

    /// <summary>As <see cref="WeightGradient.Add"/>: one chain in token order, whatever calls the tokens are given in.</summary>
    internal static void Add(
        ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> input, int tokens,
        Span<float> gradient, int outDim, int inDim, WorkerPool pool, PairKernel kernel)
    {
        Shape.AtLeast(outputGradient.Length, (long)tokens * outDim);
        Shape.AtLeast(input.Length, (long)tokens * inDim);
        Shape.Same(gradient.Length, (long)outDim * inDim);
        var panels = new BfloatPanels(kernel);
        var shape = new PanelShape(inDim);
        fixed (float* dy = outputGradient, x = input, dw = gradient)
        fixed (float* packed = Scratch.Get(7, shape.PaddedColumns * panels.Depth(Math.Min(TokensPerBlock, tokens))).Span)
        {
            for (int start = 0; start < tokens; start += TokensPerBlock)
            {
                var block = new Block
                {
                    Tokens = Math.Min(TokensPerBlock, tokens - start),
                    OutputGradient = dy + ((nint)start * outDim),
                    Input = x + ((nint)start * inDim),
                    Gradient = dw,
                    Panels = packed,
                    OutDim = outDim,
                    Shape = shape,
                    Format = panels,
                    Kernel = kernel,
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
            block.Shape.Vectors(panel) * Tile.VectorWidth, block.Tokens, block.Panels + ((nint)column * block.Pairs));
    }

    /// <summary>Some rows of the gradient, over a range of panels.</summary>
    private static void AddStrip(in Block block, int firstOutput, int firstPanel, int lastPanel)
    {
        int outputs = Math.Min(OutputsPerItem, block.OutDim - firstOutput), inDim = block.Shape.Columns, words = block.Kernel.RowWords;
        fixed (float* packed = Scratch.Get(6, block.Pairs * OutputsPerItem * words).Span)
        {
            PackOutputs(block, firstOutput, outputs, (uint*)packed);
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                int column = block.Shape.Start(panel);
                byte* gradient = (byte*)(block.Gradient + ((nint)firstOutput * inDim) + column);
                var tile = new PairTile
                {
                    A = (byte*)packed,
                    ARow = words * sizeof(float),
                    AStep = OutputsPerItem * words * sizeof(float),
                    B = (uint*)(block.Panels + ((nint)column * block.Pairs)),
                    BStep = block.Shape.Vectors(panel) * Tile.VectorWidth * sizeof(uint),
                    Pairs = block.Pairs,
                    Vectors = block.Shape.Vectors(panel),
                    Initial = gradient,
                    InitialRow = (nint)inDim * sizeof(float),
                    C = gradient,
                    CRow = (nint)inDim * sizeof(float),
                };
                PairPanel.Run(block.Kernel, tile, outputs, block.Shape.ValidColumns(panel));
            }
        }
    }

    /// <summary>Lays pairs of tokens out as <c>[pair][output]</c>, as the kernel reads them. A token that lacks is -0.</summary>
    private static void PackOutputs(in Block block, int firstOutput, int outputs, uint* target)
    {
        int words = block.Kernel.RowWords, whole = outputs / Lanes.Count * Lanes.Count;
        for (int token = 0; token < block.Tokens; token += 2, target += OutputsPerItem * words)
        {
            float* first = block.OutputGradient + ((nint)token * block.OutDim) + firstOutput;
            float* second = token + 1 < block.Tokens ? first + block.OutDim : null;
            int n = 0;
            for (; words == 1 && n < whole; n += Lanes.Count)
            {
                var pairs = BfloatRounding.Bits(second == null ? Vector512.Create(-0f) : Vector512.Load(second + n)) >> 16;
                Vector512.Store(pairs | BfloatRounding.Bits(Vector512.Load(first + n)), target + n);
            }

            for (; n < outputs; n++)
            {
                uint one = Rounded(first[n]), other = second == null ? 0x80000000 : Rounded(second[n]);
                target[n * words] = words == 1 ? one | (other >> 16) : one;
                target[(n * words) + words - 1] = words == 1 ? one | (other >> 16) : other;
            }
        }
    }

    private static uint Rounded(float value) => BitConverter.SingleToUInt32Bits(BfloatRounding.Round(value));

    private struct Block
    {
        internal float* OutputGradient;
        internal float* Input;
        internal float* Gradient;
        internal float* Panels;
        internal int Tokens;
        internal int OutDim;
        internal PanelShape Shape;
        internal BfloatPanels Format;
        internal PairKernel Kernel;

        internal readonly int Pairs => Format.Depth(Tokens);
    }
}
