using ReSTEM.Arithmetic;

namespace ReSTEM.Core;

/// <summary>The digamma function, derivative of log Gamma.</summary>
/// <remarks>Abramowitz and Stegun 1964, 6.3.5 (recurrence) and 6.3.18 (asymptotic series).</remarks>
public static class Digamma
{
    /// <summary>psi(x) for x &gt; 0, to about 1e-13.</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is not positive.</exception>
    public static double Of(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        double result = 0;
        while (x < 10)
        {
            result -= 1 / x;
            x++;
        }

        double y = 1 / (x * x);
        double series = y * ((1.0 / 12) - (y * ((1.0 / 120) - (y * ((1.0 / 252) - (y * ((1.0 / 240) - (y / 132))))))));
        return result + Elementary.Log(x) - (0.5 / x) - series;
    }
}
