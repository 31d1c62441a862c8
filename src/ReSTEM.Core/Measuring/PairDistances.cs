namespace ReSTEM.Core;

/// <summary>The two measures of how far the items of a set are from each other, of any distance.</summary>
/// <remarks>Li et al. 2023, arXiv:2310.07849: Remote Clique and Chamfer. Sums run over items in their order, whoever computes.</remarks>
internal static class PairDistances
{
    /// <summary>Mean over items of the mean distance to the others, and mean over items of the distance to the nearest other.</summary>
    /// <param name="count">Items, at least 2.</param>
    /// <param name="from">For an item, the distances to every item by number; that to itself is not asked for. Asked for item after item.</param>
    internal static (double RemoteClique, double Chamfer) Of(int count, Func<int, Func<int, double>> from)
    {
        var sums = new double[count];
        var nearest = new double[count];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int other = 0; other < count; other++)
        {
            Func<int, double> distance = from(other);
            for (int one = 0; one < count; one++)
            {
                if (one != other)
                {
                    double apart = distance(one);
                    sums[one] += apart;
                    nearest[one] = Math.Min(nearest[one], apart);
                }
            }
        }

        return (sums.Average(sum => sum / (count - 1)), nearest.Average());
    }
}
