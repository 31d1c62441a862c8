using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class PairKernelTests
{
    private const float Least = 1.17549435e-38f; // 2^-126

    [Fact]
    public void A_pair_is_added_first_number_first_with_two_roundings()
    {
        // 2^24 + 1 is halfway and stays 2^24; + 2 is a float again. The other order gives 2^24 + 2, then + 1 halfway to 2^24 + 4.
        uint ones = Pair(1, 1);
        Assert.Equal(16777218f, PairSum.Add(16777216f, Pair(1, 2), ones));
        Assert.Equal(16777220f, PairSum.Add(16777216f, Pair(2, 1), ones));
    }

    [Theory]
    [InlineData(1e-40f, 1f, 1f, 1f)] // a denormal sum is a zero
    [InlineData(-1e-40f, 0f, 1f, 0f)] // of its sign, and -0 + 0 is 0
    [InlineData(Least, -0.5f, Least, 0f)] // half of 2^-126
    [InlineData(-Least, 0.5f, Least, -0f)]
    [InlineData(0f, Least, 1f, Least)]
    public void Denormals_are_zeros_of_their_sign(float sum, float a, float b, float expected) =>
        Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(PairSum.Add(sum, Pair(a, -0f), Pair(b, 0)))); // -0 leaves the sum as it is

    [Theory]
    [InlineData(-0.5, Least)] // 2^-126 - 2^-151 ... halfway in 24 bits, to the even 2^-126
    [InlineData(-0.49609375, Least)]
    [InlineData(-0.50390625, 0)] // rounds to 2^-126 - 2^-150, which is denormal
    [InlineData(-1.0, 0)]
    [InlineData(0.5, Least)]
    public void A_result_is_denormal_if_its_24_bits_are(double halfUnits, double expected)
    {
        float a = (float)Math.ScaleB(halfUnits, -75), b = (float)Math.ScaleB(1, -75); // the product in units of 2^-150
        Assert.Equal((float)expected, PairSum.Add(Least, Pair(a, 0), Pair(b, 0)));
        Assert.Equal(-(float)expected, PairSum.Add(-Least, Pair(-a, 0), Pair(b, 0)));
    }

    [Fact]
    public void The_portable_kernel_has_the_bits_of_the_definition() => Assert.Null(KernelCheck.Difference(new PortableKernel()));

    /// <summary>On processors that have it: the control word does what the definition says.</summary>
    [Fact]
    public void The_assembled_multiply_adds_have_the_bits_of_the_definition() => AssertSame(FusedKernel.IsSupported, static () => new FusedKernel());

    /// <summary>The same in registers of 512 bits.</summary>
    [Fact]
    public void So_have_those_of_wide_registers() => AssertSame(WideKernel.IsSupported, static () => new WideKernel());

    /// <summary>On processors that have it; its routines are tested on every processor below.</summary>
    [Fact]
    public void The_processor_s_own_instruction_is_used_where_it_has_the_bits_of_the_definition_and_nowhere_else()
    {
        bool isSame = false;
        if (DotKernel.IsSupported && ExecutableMemory.IsSupported)
        {
            var kernel = new DotKernel();
            Assert.True(kernel.TryPlace());
            isSame = KernelCheck.Difference(kernel) is null;
        }

        // Where multiply-adds are faster it says so.
        Assert.Equal(isSame, BfloatKernel.Description is "VDPBF16PS" or "512-bit multiply-adds (VDPBF16PS is slower here)");
    }

    [Fact]
    public void The_routines_around_that_instruction_are_right_on_any_processor()
    {
        var reader = new InstructionReader();
        Assert.Null(KernelCheck.Difference(reader));
        Assert.True(reader.Count > 1000, $"{reader.Count}");
    }

    [Fact]
    public void The_check_finds_each_way_to_compute_otherwise()
    {
        Assert.Contains("expected", KernelCheck.Difference(new WrongKernel(static (sum, a, b) => PairSum.Add(sum, Swapped(a), Swapped(b)))), StringComparison.Ordinal);
        Assert.Contains("expected", KernelCheck.Difference(new WrongKernel(static (sum, a, b) => MathF.FusedMultiplyAdd(
            PairSum.Second(a), PairSum.Second(b), MathF.FusedMultiplyAdd(PairSum.First(a), PairSum.First(b), sum)))), StringComparison.Ordinal);
        Assert.Contains("expected", KernelCheck.Difference(new WrongKernel(static (sum, a, b) => (float)(
            ((double)PairSum.First(a) * PairSum.First(b)) + ((double)PairSum.Second(a) * PairSum.Second(b)) + sum))), StringComparison.Ordinal);
        Assert.Contains("expected", KernelCheck.Difference(new WrongKernel(static (sum, a, b) => FlushedAfterRounding(sum, a, b))), StringComparison.Ordinal);
        Assert.Null(KernelCheck.Difference(new WrongKernel(PairSum.Add)));
    }

    [Fact]
    public void Instructions_are_never_writable_once_they_may_run()
    {
        if (!FusedKernel.IsSupported || !ExecutableMemory.IsSupported)
        {
            return;
        }

        byte[] instructions = [0xC3];
        long address = ExecutableMemory.Place(instructions);
        string map = File.ReadLines("/proc/self/maps").Single(line => Within(line.Split(' ')[0].Split('-'))); // neighbours with the same rights share a line
        Assert.Contains(" r-xp ", map, StringComparison.Ordinal);

        bool Within(string[] ends) => Parsed(ends[0]) <= address && address < Parsed(ends[1]);

        static long Parsed(string end) => long.Parse(end, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void AssertSame(bool isSupported, Func<AssembledPairKernel> make)
    {
        if (isSupported && ExecutableMemory.IsSupported)
        {
            var kernel = make();
            Assert.True(kernel.TryPlace());
            Assert.Null(KernelCheck.Difference(kernel));
        }
    }

    private static float FlushedAfterRounding(float sum, uint a, uint b)
    {
        float first = PairSum.Flush(MathF.FusedMultiplyAdd(PairSum.First(a), PairSum.First(b), PairSum.Flush(sum)));
        return PairSum.Flush(MathF.FusedMultiplyAdd(PairSum.Second(a), PairSum.Second(b), first));
    }

    private static uint Swapped(uint pair) => (pair << 16) | (pair >> 16);

    private static uint Pair(float first, float second) =>
        (BitConverter.SingleToUInt32Bits(first) & 0xFFFF0000) | (BitConverter.SingleToUInt32Bits(second) >> 16);

    /// <summary>Computes as it is told.</summary>
    private sealed unsafe class WrongKernel(Func<float, uint, uint, float> add) : IPairKernel
    {
        public string Name => "told";

        public bool WidensRows => false;

        public void Run(in PairTile tile)
        {
            for (int index = 0; index < tile.Rows * tile.Vectors * Tile.VectorWidth; index++)
            {
                int row = index % tile.Rows, column = index / tile.Rows;
                float sum = ((float*)(tile.Initial + (row * tile.InitialRow)))[column];
                for (nint pair = 0; pair < tile.Pairs; pair++)
                {
                    sum = add(
                        sum, *(uint*)(tile.A + (row * tile.ARow) + (pair * tile.AStep)), ((uint*)((byte*)tile.B + (pair * tile.BStep)))[column]);
                }

                ((float*)(tile.C + (row * tile.CRow)))[column] = sum;
            }
        }
    }
}
