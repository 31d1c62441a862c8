namespace ReSTEM.Arithmetic;

/// <summary>A power series cut off where its terms no longer count, summed by Horner's rule.</summary>
internal sealed class PowerSeries
{
    private readonly DoubleDouble[] _first;
    private readonly double[] _last;

    /// <summary>A series of so many terms.</summary>
    /// <param name="termCount">From the first that is left out on, terms are below 2^-112 of the sum for all arguments in use.</param>
    /// <param name="fullCount">From this term on they are below 2^-53 of the sum, so that a double is enough for them.</param>
    /// <param name="coefficient">The coefficient of a power.</param>
    internal PowerSeries(int termCount, int fullCount, Func<int, DoubleDouble> coefficient)
    {
        _first = [.. Enumerable.Range(0, fullCount).Select(coefficient)];
        _last = [.. Enumerable.Range(fullCount, termCount - fullCount).Select(power => coefficient(power).High)];
    }

    /// <summary>Its value.</summary>
    internal DoubleDouble At(DoubleDouble x)
    {
        double last = 0;
        for (int i = _last.Length - 1; i >= 0; i--)
        {
            last = Math.FusedMultiplyAdd(last, x.High, _last[i]);
        }

        DoubleDouble sum = last;
        for (int i = _first.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + _first[i];
        }

        return sum;
    }

    /// <summary>1 / n!; a factorial up to 22! is a double.</summary>
    internal static DoubleDouble InverseFactorial(int n)
    {
        double factorial = 1;
        for (int factor = 2; factor <= n; factor++)
        {
            factorial *= factor;
        }

        return (DoubleDouble)1 / factorial;
    }
}
