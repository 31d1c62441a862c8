namespace ReSTEM.Core;

/// <summary>What a classifier did on an item that several people rated.</summary>
/// <param name="Agreement">Of the raters, in (0, 1].</param>
/// <param name="Correct">1 where the prediction is right, else 0; or a mean of those over several classifiers.</param>
public readonly record struct AgreedItem(double Agreement, double Correct);

/// <summary>Accuracy on the items whose raters agree at least so far.</summary>
/// <param name="Gamma">The threshold, in (0, 1].</param>
/// <param name="Items">How many items reach it, at least 1.</param>
/// <param name="Accuracy">On those, in [0, 1], with a bootstrap interval over items.</param>
public sealed record AgreementPoint(double Gamma, int Items, Estimate Accuracy);

/// <summary>
/// Accuracy as a function of the agreement threshold gamma: where a task is subjective, synthetic data does worse on what people do not agree on.
/// </summary>
/// <param name="Points">By rising threshold: one for every agreement that an item has.</param>
/// <param name="Fit">The least-squares line of accuracy over gamma; null with fewer than two points.</param>
/// <param name="Spearman">Rank correlation of gamma and accuracy, in [-1, 1]; null with fewer than two points, or where accuracy is the same everywhere.</param>
/// <remarks>Li et al. 2023, arXiv:2310.07849, section 5.</remarks>
public sealed record AgreementCurve(IReadOnlyList<AgreementPoint> Points, LinearFit? Fit, double? Spearman)
{
    private const double Same = 1e-9; // agreements are ratios of small counts: those that differ differ by far more

    /// <summary>Of items.</summary>
    /// <param name="items">At least one.</param>
    /// <param name="random">Of the intervals; placed at the number of each point.</param>
    /// <exception cref="ArgumentException">There is no item, or a number is out of its range.</exception>
    public static AgreementCurve Of(IReadOnlyList<AgreedItem> items, RandomStream random)
    {
        if (items.Count == 0)
        {
            throw new ArgumentException("items.Count is 0, expected at least 1 item.", nameof(items));
        }

        foreach (AgreedItem item in items.Where(item => item is not { Agreement: > 0 and <= 1, Correct: >= 0 and <= 1 }))
        {
            throw new ArgumentException($"an item has agreement {item.Agreement} and correct {item.Correct}, expected them in (0, 1] and [0, 1].", nameof(items));
        }

        var points = new List<AgreementPoint>();
        foreach (double gamma in items.Select(item => item.Agreement).Order())
        {
            if (points.Count > 0 && gamma - points[^1].Gamma < Same)
            {
                continue;
            }

            double[] reached = [.. items.Where(item => item.Agreement > gamma - Same).Select(item => item.Correct)];
            points.Add(new AgreementPoint(gamma, reached.Length, Bootstrap.Mean(reached, random.At(0, "gamma", points.Count))));
        }

        double[] thresholds = [.. points.Select(point => point.Gamma)], accuracies = [.. points.Select(point => point.Accuracy.Value)];
        return new AgreementCurve(points, LinearFit.Of(thresholds, accuracies), RankCorrelation.Spearman(thresholds, accuracies));
    }
}
