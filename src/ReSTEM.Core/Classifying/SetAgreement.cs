namespace ReSTEM.Core;

/// <summary>How far annotators agree on a problem set, and how models do where they agree.</summary>
/// <param name="Items">Problems that at least two annotators rated.</param>
/// <param name="Mean">Mean over them of the share of annotators who say what most say, in (0, 1].</param>
/// <param name="Alpha">Krippendorff's alpha with its interval over problems; null where all say the same label.</param>
/// <param name="Curves">Of each model: accuracy against the hard labels on problems that reach an agreement.</param>
/// <remarks>Li et al. 2023, arXiv:2310.07849, section 5.</remarks>
public sealed record SetAgreement(int Items, double Mean, Estimate? Alpha, IReadOnlyList<AgreementCurve> Curves)
{
    /// <summary>Of a set; null where no problem has two annotators.</summary>
    public static SetAgreement? Of(ClassResults results, ClassifiedSet set) => Of([.. set.Models.Select(model => new[] { model })], results.RandomOf(set));

    /// <summary>Of models that were trained with several seeds: accuracy is the mean over these. Null where no problem has two annotators.</summary>
    /// <param name="models">For each model and seed what it predicts, all of the same problems.</param>
    /// <param name="random">Of the intervals.</param>
    public static SetAgreement? Of(IReadOnlyList<IReadOnlyList<IReadOnlyList<LabelPrediction>>> models, RandomStream random)
    {
        IReadOnlyList<LabelPrediction> first = models[0][0];
        int[] rated = [.. Enumerable.Range(0, first.Count).Where(index => first[index].Target.Annotations.Count > 1)];
        if (rated.Length == 0)
        {
            return null;
        }

        string[][] ratings = [.. rated.Select(index => first[index].Target.Annotations.Select(label => first[index].Target.Labels[label]).ToArray())];
        double[] agreements = [.. ratings.Select(RaterAgreement.Of)];
        return new SetAgreement(
            ratings.Length, agreements.Sum() / ratings.Length, KrippendorffAlpha.NominalWithInterval(ratings, random),
            [.. models.Select(seeds => AgreementCurve.Of([.. rated.Select((index, i) => new AgreedItem(agreements[i], Correct(seeds, index)))], random))]);
    }

    private static double Correct(IReadOnlyList<IReadOnlyList<LabelPrediction>> seeds, int index) =>
        seeds.Count(one => one[index].Predicted == one[index].Target.Hard) / (double)seeds.Count;
}
