namespace ReSTEM.Core;

/// <summary>A least-squares line y = intercept + slope * x.</summary>
/// <param name="Intercept">At x = 0.</param>
/// <param name="Slope">Per unit of x.</param>
/// <param name="RSquared">Share of the variance of y that the line explains, in [0, 1]; null where y does not vary.</param>
public sealed record LinearFit(double Intercept, double Slope, double? RSquared)
{
    /// <summary>The line through points; null with fewer than two, or where x does not vary.</summary>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static LinearFit? Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"y.Count is {y.Count}, expected {x.Count} (x.Count).", nameof(y));
        }

        if (x.Count < 2)
        {
            return null;
        }

        double meanX = x.Sum() / x.Count, meanY = y.Sum() / y.Count, xx = 0, xy = 0, yy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }

        return xx == 0 ? null : new LinearFit(meanY - (xy / xx * meanX), xy / xx, yy == 0 ? null : Math.Min(1, xy * xy / (xx * yy)));
    }
}
