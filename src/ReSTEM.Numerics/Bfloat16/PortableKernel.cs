using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTEM.Numerics;

/// <summary>Tiles without any instruction that not every processor has: four columns in a register, denormals flushed by comparison.</summary>
internal sealed unsafe class PortableKernel : IPairKernel
{
    private const int Columns = 16;

    public string Name => "plain loops";

    public bool WidensRows => true;

    public void Run(in PairTile tile)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int column = 0; column < tile.Vectors * Tile.VectorWidth; column += Columns)
            {
                if (FusedMultiplyAdd.IsHardwareAccelerated)
                {
                    RunRow(tile, row, column);
                }
                else
                {
                    RunNumbers(tile, row, column);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunRow(in PairTile tile, int row, int column)
    {
        float* start = (float*)(tile.Initial + (row * tile.InitialRow)) + column;
        Vector128<float> c0 = Flush(Vector128.Load(start)), c1 = Flush(Vector128.Load(start + 4));
        Vector128<float> c2 = Flush(Vector128.Load(start + 8)), c3 = Flush(Vector128.Load(start + 12));
        byte* a = tile.A + (row * tile.ARow), b = (byte*)(tile.B + column);
        for (nint pair = 0; pair < tile.Pairs; pair++, a += tile.AStep, b += tile.BStep)
        {
            Vector128<float> first = Vector128.Create(((float*)a)[0]), second = Vector128.Create(((float*)a)[1]);
            c0 = Add(c0, first, second, Vector128.Load((uint*)b));
            c1 = Add(c1, first, second, Vector128.Load((uint*)b + 4));
            c2 = Add(c2, first, second, Vector128.Load((uint*)b + 8));
            c3 = Add(c3, first, second, Vector128.Load((uint*)b + 12));
        }

        float* c = (float*)(tile.C + (row * tile.CRow)) + column;
        Vector128.Store(c0, c);
        Vector128.Store(c1, c + 4);
        Vector128.Store(c2, c + 8);
        Vector128.Store(c3, c + 12);
    }

    /// <summary>Number by number, where a multiply-add is a call: see <see cref="ScalarTile"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunNumbers(in PairTile tile, int row, int firstColumn)
    {
        for (int column = firstColumn; column < firstColumn + Columns; column++)
        {
            float sum = PairSum.Flush(((float*)(tile.Initial + (row * tile.InitialRow)))[column]);
            byte* a = tile.A + (row * tile.ARow), b = (byte*)(tile.B + column);
            for (nint pair = 0; pair < tile.Pairs; pair++, a += tile.AStep, b += tile.BStep)
            {
                sum = PairSum.MultiplyAdd(((float*)a)[0], PairSum.First(*(uint*)b), sum);
                sum = PairSum.MultiplyAdd(((float*)a)[1], PairSum.Second(*(uint*)b), sum);
            }

            ((float*)(tile.C + (row * tile.CRow)))[column] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Add(Vector128<float> sum, Vector128<float> first, Vector128<float> second, Vector128<uint> pairs) =>
        MultiplyAdd(
            second, (pairs << 16).AsSingle(),
            MultiplyAdd(first, (pairs & Vector128.Create(0xFFFF0000)).AsSingle(), sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> sum)
    {
        var result = Vector128.FusedMultiplyAdd(a, b, sum);
        return Vector128.EqualsAny(Vector128.Abs(result), Vector128.Create(PairSum.LeastNormal))
            ? OneByOne(a, b, sum)
            : Flush(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Flush(Vector128<float> values)
    {
        var isTiny = Vector128.LessThan(Vector128.Abs(values), Vector128.Create(PairSum.LeastNormal));
        return Vector128.ConditionalSelect(isTiny, values & Vector128.Create(-0f), values);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // almost never needed
    private static Vector128<float> OneByOne(Vector128<float> a, Vector128<float> b, Vector128<float> sum) => Vector128.Create(
        PairSum.MultiplyAdd(a[0], b[0], sum[0]), PairSum.MultiplyAdd(a[1], b[1], sum[1]),
        PairSum.MultiplyAdd(a[2], b[2], sum[2]), PairSum.MultiplyAdd(a[3], b[3], sum[3]));
}
