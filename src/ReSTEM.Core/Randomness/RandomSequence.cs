using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>Reads a <see cref="RandomStream"/> from its start, one number after the other. Not safe for several threads.</summary>
public sealed class RandomSequence(RandomStream stream)
{
    private uint _position;

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double Uniform() => stream.Uniform(_position++);

    /// <summary>A whole number in [0, <paramref name="count"/>), without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        uint limit = uint.MaxValue - (uint)(((ulong)uint.MaxValue + 1) % (uint)count);
        while (true)
        {
            uint value = stream.Block(_position++).X0;
            if (value <= limit)
            {
                return (int)(value % (uint)count);
            }
        }
    }

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>One of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>True with the given probability in [0, 1].</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Two independent standard normal numbers (Box and Muller 1958).</summary>
    public (double First, double Second) Normals()
    {
        double radius = Math.Sqrt(-2 * Elementary.Log(1 - Uniform()));
        var (sin, cos) = Elementary.SinCos(2 * Math.PI * Uniform());
        return (radius * cos, radius * sin);
    }

    /// <summary>A number in [0, 1] of the distribution Beta(shape, shape).</summary>
    /// <param name="shape">Above 0; 1 is uniform, 1/2 the arcsine distribution.</param>
    /// <remarks>
    /// Cheng 1978, "Generating beta variates with nonintegral shape parameters", algorithm BA, for equal parameters, with its powers as logarithms so
    /// that none overflows for small ones.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shape"/> is not above 0.</exception>
    public double SymmetricBeta(double shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape);
        double rate = shape <= 1 ? shape : Math.Sqrt(shape), logTwo = Elementary.Log(2);
        while (true)
        {
            double first = Uniform(), second = Uniform();
            if (first == 0)
            {
                continue;
            }

            double v = (Elementary.Log(first) - Elementary.Log(1 - first)) / rate;
            double small = Elementary.Pow(Math.E, -Math.Abs(v));
            double logSum = Math.Max(v, 0) + Elementary.Log(1 + small); // log(1 + e^v)
            double bound = (2 * shape * (logTwo - logSum)) + ((shape + rate) * v) - (2 * logTwo);
            if (bound >= (2 * Elementary.Log(first)) + Elementary.Log(second))
            {
                return (v >= 0 ? 1 : small) / (1 + small);
            }
        }
    }

    /// <summary>Puts the items in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
