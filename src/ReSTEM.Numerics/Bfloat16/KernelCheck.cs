using System.Diagnostics;

namespace ReSTEM.Numerics;

/// <summary>Compares a kernel with <see cref="PairSum"/>, so that a processor that computes otherwise is found before it computes anything.</summary>
internal static unsafe class KernelCheck
{
    private const int Pairs = 7, Width = Tile.MaxWidth, TimedPairs = 256, TimedTiles = 50;
    private const uint LeastNormal = 0x00800000;

    // of bfloat16: zeros, ones, the largest and the least, infinities, a power whose products lie around 2^-126
    private static readonly uint[] EdgeHalves = [0, 0x8000, 0x3F80, 0xBF80, 0x3F81, 0x7F7F, 0xFF7F, 0x0080, 0x8080, 0x7F80, 0x2040, 0x1FC0, 0xA03F, 0x1AC1, 0x9AC0];

    // of float32: zeros, denormals, 2^-126 and its neighbours, the largest, infinities, one and its neighbour
    private static readonly uint[] EdgeSums =
    [
        0, 0x80000000, 1, 0x007FFFFF, 0x807FFFFF, 0x00800000, 0x80800000, 0x00800001, 0x01000000, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x3F800000, 0x3F800001,
    ];

    /// <summary>Null if all bits agree; else where they do not, for people.</summary>
    internal static string? Difference(IPairKernel kernel)
    {
        var trial = new TrialNumbers();
        for (int vectors = 2; vectors <= Tile.MaxVectors; vectors++)
        {
            for (int rows = 1; rows <= Tile.MaxRows; rows++)
            {
                if ((Difference(kernel, rows, vectors, atBorder: false, trial) ?? Difference(kernel, rows, vectors, atBorder: true, trial)) is { } difference)
                {
                    return difference;
                }
            }
        }

        return null;
    }

    /// <summary>The least time of a whole tile of many pairs, of some tries. It decides speed alone, so that a disturbed one does no harm.</summary>
    internal static double Seconds(IPairKernel kernel)
    {
        FloatBuffer a = new(Tile.MaxRows * TimedPairs * kernel.RowWords), b = new(TimedPairs * Width), sums = new(Tile.MaxRows * Width);
        var tile = new PairTile
        {
            A = (byte*)a.Pointer,
            ARow = TimedPairs * kernel.RowWords * sizeof(float),
            AStep = kernel.RowWords * sizeof(float),
            B = (uint*)b.Pointer,
            BStep = Width * sizeof(float),
            Pairs = TimedPairs,
            Initial = (byte*)sums.Pointer,
            InitialRow = Width * sizeof(float),
            C = (byte*)sums.Pointer,
            CRow = Width * sizeof(float),
            Rows = Tile.MaxRows,
            Vectors = Tile.MaxVectors,
        };
        var least = TimeSpan.MaxValue;
        for (int run = 0; run < TimedTiles; run++)
        {
            long begun = Stopwatch.GetTimestamp();
            kernel.Run(tile);
            TimeSpan time = Stopwatch.GetElapsedTime(begun);
            least = time < least ? time : least;
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(sums);
        return least.TotalSeconds;
    }

    private static string? Difference(IPairKernel kernel, int rows, int vectors, bool atBorder, TrialNumbers trial)
    {
        uint[] a = Draw(rows * Pairs, atBorder, trial), b = Draw(Pairs * Width, atBorder, trial);
        uint[] starts = Starts(rows * Width, atBorder, trial), words = kernel.WidensRows ? Widened(a) : a;
        var results = new float[rows * Width];
        var weights = FloatBuffer.Copy(System.Runtime.InteropServices.MemoryMarshal.Cast<uint, float>(b));
        fixed (uint* row = words, start = starts)
        fixed (float* result = results)
        {
            kernel.Run(new PairTile
            {
                A = (byte*)row,
                ARow = Pairs * kernel.RowWords * sizeof(float),
                AStep = kernel.RowWords * sizeof(float),
                B = (uint*)weights.Pointer,
                BStep = Width * sizeof(float),
                Pairs = Pairs,
                Initial = (byte*)start,
                InitialRow = Width * sizeof(float),
                C = (byte*)result,
                CRow = Width * sizeof(float),
                Rows = rows,
                Vectors = vectors,
            });
        }

        GC.KeepAlive(weights);
        for (int index = 0; index < results.Length; index++)
        {
            int row = index / Width, column = index % Width;
            float expected = column < vectors * Tile.VectorWidth ? Expected(a, b, starts[index], row, column) : 0;
            if (BitConverter.SingleToInt32Bits(expected) != BitConverter.SingleToInt32Bits(results[index])
                && !(float.IsNaN(expected) && float.IsNaN(results[index])))
            {
                return $"row {row}, column {column} of {rows} x {vectors * Tile.VectorWidth} is {results[index]:R}, expected {expected:R}";
            }
        }

        return null;
    }

    private static float Expected(uint[] a, uint[] b, uint start, int row, int column)
    {
        float sum = BitConverter.UInt32BitsToSingle(start);
        for (int pair = 0; pair < Pairs; pair++)
        {
            sum = PairSum.Add(sum, a[(row * Pairs) + pair], b[(pair * Width) + column]);
        }

        return sum;
    }

    private static uint[] Widened(uint[] pairs) => [.. pairs.SelectMany(static pair => new[] { pair & 0xFFFF0000, pair << 16 })];

    private static uint[] Draw(int count, bool atBorder, TrialNumbers trial)
    {
        var pairs = new uint[count];
        for (int index = 0; index < count; index++)
        {
            pairs[index] = Half(atBorder, trial) | (Half(atBorder, trial) << 16);
        }

        return pairs;
    }

    private static uint[] Starts(int count, bool atBorder, TrialNumbers trial)
    {
        var starts = new uint[count];
        for (int index = 0; index < count; index++)
        {
            uint bits = (uint)trial.Next(), kind = (uint)trial.Next() % 4;
            starts[index] = atBorder ? LeastNormal | (bits & 0x80000001)
                : kind == 0 ? EdgeSums[bits % EdgeSums.Length]
                : Exponent(bits, 23, kind == 1 ? 127u : 1u);
        }

        return starts;
    }

    /// <summary>An edge, a number over one, or one whose products with its like lie near 2^-126 or far below; at the border, near 2^-151.</summary>
    private static uint Half(bool atBorder, TrialNumbers trial)
    {
        uint bits = (uint)trial.Next(), kind = (uint)trial.Next() % 8;
        if (atBorder)
        {
            return kind < 4 ? 0 : (bits & 0x80FF) | 0x1980; // 2^-76 to 2^-75
        }

        return kind == 0 ? EdgeHalves[bits % EdgeHalves.Length] : Exponent(bits, 7, kind < 4 ? 127u : kind < 6 ? 64u : 44u);
    }

    /// <summary>The bits with an exponent near this one and a sign.</summary>
    private static uint Exponent(uint bits, int fraction, uint near)
    {
        uint exponent = near + ((bits >> 24) % 16), sign = bits >> 31;
        return (sign << (fraction + 8)) | (exponent << fraction) | (bits & ((1u << fraction) - 1));
    }
}
