using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>Student's t distribution, for any positive degrees of freedom.</summary>
/// <remarks>
/// Abramowitz and Stegun 1964, 26.7.1 and 26.5.27: the tail is an incomplete beta function, here by its continued fraction (26.5.8) as Lentz 1976
/// evaluates them; log Gamma by 6.1.41.
/// </remarks>
public static class StudentT
{
    private const double Precision = 1e-14;
    private const int MostTerms = 10_000;

    /// <summary>Probability of a value at least as far from 0 as t, on either side; in [0, 1], to about 1e-11.</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degrees">Degrees of freedom, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">degrees is not positive.</exception>
    public static double TwoSided(double t, double degrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);
        return t == 0 ? 1 : double.IsInfinity(t) ? 0 : Beta(degrees / 2, degrees / (degrees + (t * t)));
    }

    /// <summary>The value that is exceeded on either side with a probability.</summary>
    /// <param name="probability">In (0, 1); 0.05 for 95 % intervals.</param>
    /// <param name="degrees">Degrees of freedom, positive.</param>
    public static double Quantile(double probability, double degrees)
    {
        double low = 0, high = 1;
        while (TwoSided(high, degrees) > probability)
        {
            (low, high) = (high, 2 * high);
        }

        while (high - low > Precision * high)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                break;
            }

            (low, high) = TwoSided(middle, degrees) > probability ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>The regularised incomplete beta function I_x(a, 1/2).</summary>
    private static double Beta(double a, double x)
    {
        const double B = 0.5;
        double front = Elementary.Pow(Math.E, LogGamma(a + B) - LogGamma(a) - LogGamma(B) + (a * Elementary.Log(x)) + (B * Elementary.Log(1 - x)));
        return x < (a + 1) / (a + B + 2) ? front * Fraction(a, B, x) / a : 1 - (front * Fraction(B, a, 1 - x) / B);
    }

    private static double Fraction(double a, double b, double x)
    {
        double c = 1, d = 1 / (1 - ((a + b) * x / (a + 1)));
        double value = d;
        for (int m = 1; m < MostTerms; m++)
        {
            foreach (double term in (ReadOnlySpan<double>)[
                m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))),
                -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1))])
            {
                d = 1 / (1 + (term * d));
                c = 1 + (term / c);
                value *= c * d;
            }

            if (Math.Abs((c * d) - 1) < Precision)
            {
                break;
            }
        }

        return value;
    }

    private static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 10)
        {
            shift += Elementary.Log(x);
            x++;
        }

        double y = 1 / (x * x);
        double series = ((1.0 / 12) - (y * ((1.0 / 360) - (y * ((1.0 / 1260) - (y * ((1.0 / 1680) - (y / 1188)))))))) / x;
        return ((x - 0.5) * Elementary.Log(x)) - x + (0.5 * Elementary.Log(2 * Math.PI)) + series - shift;
    }
}
