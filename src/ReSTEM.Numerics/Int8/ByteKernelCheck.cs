namespace ReSTEM.Numerics;

/// <summary>Compares a kernel with <see cref="ByteSum"/>, so that a processor that computes otherwise is found before it computes anything.</summary>
internal static unsafe class ByteKernelCheck
{
    private const int Length = ByteSum.GroupLength + 9, Width = Tile.MaxWidth; // a group, and a part of one that is no whole count of words

    /// <summary>Null if all bits agree; else where they do not, for people.</summary>
    internal static string? Difference(IByteKernel kernel)
    {
        var trial = new TrialNumbers();
        for (int vectors = 2; vectors <= Tile.MaxVectors; vectors++)
        {
            for (int rows = 1; rows <= Tile.MaxRows; rows++)
            {
                if (Difference(kernel, rows, vectors, trial) is { } difference)
                {
                    return difference;
                }
            }
        }

        return null;
    }

    private static string? Difference(IByteKernel kernel, int rows, int vectors, TrialNumbers trial)
    {
        int width = vectors * Tile.VectorWidth, words = ByteRounding.Words(Length), rowWords = ByteRounding.RowWords(Length);
        var a = new sbyte[rows * Length];
        var b = new sbyte[width * Length];
        var groupScales = new float[rows * 2];
        var numbers = new FloatBuffer((rows * rowWords) + (width * (words + 1)) + (2 * rows * width) + (rows * width));
        float* panel = numbers.Pointer, row = panel + (width * (words + 1)), starts = row + (rows * rowWords), results = starts + (rows * width);
        Fill(a, trial);
        Fill(b, trial);
        Fill(new Span<float>(starts, rows * width), trial);
        Fill(new Span<float>(panel + (width * words), width), trial);
        Fill(groupScales, trial);
        PackColumns(b, width, (uint*)panel);
        PackRows(a, groupScales, (uint*)row);
        kernel.Run(new ByteTile
        {
            A = (byte*)row,
            ARow = rowWords * sizeof(uint),
            B = (uint*)panel,
            Words = words,
            Scales = panel + (width * words),
            Sums = results + (rows * width),
            Initial = (byte*)starts,
            InitialRow = width * sizeof(float),
            C = (byte*)results,
            CRow = width * sizeof(float),
            Rows = rows,
            Vectors = vectors,
        });
        string? difference = null;
        for (int index = 0; index < rows * width && difference is null; index++)
        {
            float chain = 0;
            for (int group = 0; group < 2; group++)
            {
                int start = group * ByteSum.GroupLength, products = 0;
                for (int k = start; k < Math.Min(Length, start + ByteSum.GroupLength); k++)
                {
                    products += a[(index / width * Length) + k] * b[(index % width * Length) + k];
                }

                chain = ByteSum.Add(chain, products, groupScales[(index / width * 2) + group]);
            }

            float expected = ByteSum.End(chain, panel[(width * words) + (index % width)], starts[index]);
            difference = BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(results[index])
                ? null
                : $"row {index / width}, column {index % width} of {rows} x {width} is {results[index]:R}, expected {expected:R}";
        }

        GC.KeepAlive(numbers);
        return difference;
    }

    private static void PackColumns(sbyte[] columns, int width, uint* panel)
    {
        for (int k = 0; k < ByteRounding.Words(Length) * 4; k++)
        {
            for (int n = 0; n < width; n++)
            {
                uint number = (uint)((k < Length ? columns[(n * Length) + k] : 0) + ByteRounding.Offset);
                panel[(k / 4 * width) + n] |= number << (8 * (k % 4));
            }
        }
    }

    private static void PackRows(sbyte[] rows, float[] scales, uint* packed)
    {
        for (int row = 0, group = 0; row < rows.Length; row += Length)
        {
            for (int start = 0; start < Length; start += ByteSum.GroupLength, group++)
            {
                int end = Math.Min(Length, start + ByteSum.GroupLength), sum = 0;
                uint* words = packed + 1;
                for (int k = start; k < end; k++)
                {
                    sum += rows[row + k];
                    words[(k - start) / 4] |= (uint)(byte)rows[row + k] << (8 * (k % 4));
                }

                *packed = (uint)(-ByteRounding.Offset * sum);
                packed = words + ByteRounding.Words(end - start);
                *packed++ = BitConverter.SingleToUInt32Bits(scales[group]);
            }
        }
    }

    /// <summary>All integers, the ends more often than the others.</summary>
    private static void Fill(Span<sbyte> integers, TrialNumbers trial)
    {
        foreach (ref sbyte integer in integers)
        {
            ulong bits = trial.Next();
            integer = (bits % 8) switch { 0 => ByteSum.Largest, 1 => -ByteSum.Largest, _ => (sbyte)((int)(bits / 8 % 255) - ByteSum.Largest) };
        }
    }

    /// <summary>Of many magnitudes and both signs.</summary>
    private static void Fill(Span<float> numbers, TrialNumbers trial)
    {
        foreach (ref float number in numbers)
        {
            uint bits = (uint)trial.Next();
            number = BitConverter.UInt32BitsToSingle((bits & 0x807FFFFF) | ((115 + (bits >> 24 & 15)) << 23));
        }
    }
}
