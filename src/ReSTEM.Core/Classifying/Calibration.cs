namespace ReSTEM.Core;

/// <summary>How the bins of a reliability diagram are cut.</summary>
public enum ReliabilityBins
{
    /// <summary>Of the same width: bin m of M holds confidences in ((m - 1) / M, m / M].</summary>
    EqualWidth,

    /// <summary>Of the same count, in the order of confidence; of a count that M does not divide the first bins have one more.</summary>
    EqualCount,
}

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Low">Lower end of its confidences: of the bin itself, or the least in it where bins have the same count.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Predictions in it.</param>
/// <param name="Confidence">Mean confidence; 0 of none.</param>
/// <param name="Accuracy">Mean of what was right; 0 of none.</param>
public sealed record ReliabilityBin(double Low, double High, int Count, double Confidence, double Accuracy);

/// <summary>Whether confidences, the probabilities of the predicted labels, are those of being right.</summary>
/// <remarks>Guo et al. 2017, arXiv:1706.04599, section 2; bins of equal count after Nguyen and O'Connor 2015, arXiv:1508.05154.</remarks>
public sealed class Calibration
{
    /// <summary>Bins, as in the literature.</summary>
    public const int BinCount = 15;

    private readonly double[] _confidences;
    private readonly double[] _right;
    private readonly int[] _order; // by confidence, of equals the first

    /// <param name="confidences">Each in [0, 1]; not empty.</param>
    /// <param name="right">Of each: 1 for a right prediction and 0 for a wrong one, or the share of annotators who agree with it.</param>
    /// <exception cref="ArgumentException">There are none, or the lists differ in length.</exception>
    public Calibration(IReadOnlyList<double> confidences, IReadOnlyList<double> right)
    {
        if (confidences.Count == 0 || confidences.Count != right.Count)
        {
            throw new ArgumentException($"right.Count is {right.Count}, expected {confidences.Count} (confidences.Count), and at least 1.", nameof(right));
        }

        (_confidences, _right) = ([.. confidences], [.. right]);
        _order = [.. Enumerable.Range(0, _confidences.Length).OrderBy(index => _confidences[index])]; // stable
    }

    /// <summary>Expected calibration error <c>sum_m |B_m| / n |acc(B_m) - conf(B_m)|</c>, in [0, 1].</summary>
    /// <param name="bins">How bins are cut.</param>
    /// <param name="times">How often each prediction counts; null for once.</param>
    /// <param name="count">M, at least 1.</param>
    public double Error(ReliabilityBins bins, int[]? times = null, int count = BinCount)
    {
        var diagram = Diagram(bins, times, count);
        double total = diagram.Sum(bin => bin.Count);
        return diagram.Sum(bin => bin.Count / total * Math.Abs(bin.Accuracy - bin.Confidence));
    }

    /// <summary>The bins of a reliability diagram, in order; those without a prediction are there with a count of 0, but for bins of the same count.</summary>
    /// <param name="bins">How bins are cut.</param>
    /// <param name="times">How often each prediction counts; null for once.</param>
    /// <param name="count">M, at least 1.</param>
    public IReadOnlyList<ReliabilityBin> Diagram(ReliabilityBins bins, int[]? times = null, int count = BinCount) =>
        bins is ReliabilityBins.EqualWidth ? EqualWidth(times, count) : EqualCount(times, count);

    private List<ReliabilityBin> EqualWidth(int[]? times, int count)
    {
        var sums = new (int Count, double Confidence, double Right)[count];
        for (int index = 0; index < _confidences.Length; index++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(_confidences[index] * count) - 1, 0, count - 1);
            int weight = times?[index] ?? 1;
            sums[bin] = (sums[bin].Count + weight, sums[bin].Confidence + (weight * _confidences[index]), sums[bin].Right + (weight * _right[index]));
        }

        return [.. sums.Select((sum, bin) => Bin(bin / (double)count, (bin + 1) / (double)count, sum.Count, sum.Confidence, sum.Right))];
    }

    private List<ReliabilityBin> EqualCount(int[]? times, int count)
    {
        int total = times?.Sum() ?? _confidences.Length, place = 0, left = 0;
        var bins = new List<ReliabilityBin>();
        for (int bin = 0; bin < count; bin++)
        {
            int size = (total / count) + (bin < total % count ? 1 : 0), missing = size;
            double confidence = 0, right = 0, low = double.NaN, high = double.NaN;
            while (missing > 0)
            {
                left = left > 0 ? left : times?[_order[place]] ?? 1;
                int taken = Math.Min(left, missing), index = _order[place];
                if (taken > 0)
                {
                    (low, high) = (double.IsNaN(low) ? _confidences[index] : low, _confidences[index]);
                    confidence += taken * _confidences[index];
                    right += taken * _right[index];
                }

                (missing, left) = (missing - taken, left - taken);
                place += left == 0 ? 1 : 0;
            }

            if (size > 0)
            {
                bins.Add(Bin(low, high, size, confidence, right));
            }
        }

        return bins;
    }

    private static ReliabilityBin Bin(double low, double high, int count, double confidence, double right) =>
        new(low, high, count, count == 0 ? 0 : confidence / count, count == 0 ? 0 : right / count);
}
