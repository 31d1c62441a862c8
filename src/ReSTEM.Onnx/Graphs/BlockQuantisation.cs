namespace ReSTEM.Onnx;

/// <summary>Rows of a matrix as whole numbers of 8 or 4 bits in blocks with a scale each, as <c>MatMulNBits</c> takes them.</summary>
/// <remarks>
/// The scale of a block is such that its largest number by magnitude becomes the end of the range on its side: symmetric around the middle of the
/// unsigned range, which is the operator's default zero point (Dettmers et al. 2022, arXiv:2110.02861, section 2.1).
/// </remarks>
internal static class BlockQuantisation
{
    /// <summary>Numbers of a block, along a row.</summary>
    internal const int BlockLength = 32;

    /// <summary>Blocks of a row.</summary>
    internal static int Blocks(int rowLength) => (rowLength + BlockLength - 1) / BlockLength;

    /// <summary>Bytes of a block.</summary>
    internal static int BlockBytes(int bits) => BlockLength * bits / 8;

    /// <summary>Turns one row into blocks.</summary>
    /// <param name="row">[in].</param>
    /// <param name="bits">8 or 4.</param>
    /// <param name="numbers">[blocks, BlockBytes]; two numbers of 4 bits to a byte, the first in the low half.</param>
    /// <param name="scales">[blocks].</param>
    internal static void Row(ReadOnlySpan<float> row, int bits, Span<byte> numbers, Span<float> scales)
    {
        int middle = 1 << (bits - 1), size = BlockBytes(bits);
        numbers.Clear();
        for (int block = 0; block < scales.Length; block++)
        {
            var values = row[(block * BlockLength)..Math.Min(row.Length, (block + 1) * BlockLength)];
            float extreme = 0;
            foreach (float value in values)
            {
                extreme = MathF.Abs(value) > MathF.Abs(extreme) ? value : extreme;
            }

            float scale = extreme / -middle;
            scales[block] = scale;
            var bytes = numbers.Slice(block * size, size);
            for (int index = 0; index < BlockLength; index++)
            {
                float value = index < values.Length && scale != 0 ? values[index] / scale : 0;
                int number = Math.Clamp((int)MathF.Round(value) + middle, 0, (2 * middle) - 1);
                if (bits == 8)
                {
                    bytes[index] = (byte)number;
                }
                else
                {
                    bytes[index / 2] |= (byte)(number << (4 * (index % 2)));
                }
            }
        }
    }
}
