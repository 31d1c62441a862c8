using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Numbers to run kernels on, and lengths at which their loops change.</summary>
internal static class KernelData
{
    /// <summary>0, 1, around the narrower registers and the lanes, and a prime.</summary>
    internal static readonly int[] Lengths = [0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 1009];

    /// <summary>Reproducible numbers in [-scale, scale).</summary>
    internal static float[] Random(int length, int sample, float scale = 1)
    {
        var stream = RandomStream.Of(7, RandomPurpose.Problems).At(0, "kernels", sample);
        return [.. Enumerable.Range(0, length).Select(index => (float)(((2 * stream.Uniform((uint)index)) - 1) * scale))];
    }

    internal static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int index = 0; index < expected.Length; index++)
        {
            if (BitConverter.SingleToInt32Bits(expected[index]) != BitConverter.SingleToInt32Bits(actual[index]))
            {
                Assert.Fail($"element {index} is {actual[index]:R}, expected {expected[index]:R}");
            }
        }
    }

    internal static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], actual[index], tolerance);
        }
    }
}
