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
    public static SetAgreement? Of(ClassResults results, ClassifiedSet set)
    {
        var rated = set.Models.Select(model => model.Where(one => one.Target.Annotations.Count > 1).ToArray()).ToArray();
        if (rated[0].Length == 0)
        {
            return null;
        }

        string[][] ratings = [.. rated[0].Select(one => one.Target.Annotations.Select(label => one.Target.Labels[label]).ToArray())];
        double[] agreements = [.. ratings.Select(RaterAgreement.Of)];
        RandomStream random = results.RandomOf(set);
        return new SetAgreement(
            ratings.Length, agreements.Sum() / ratings.Length, KrippendorffAlpha.NominalWithInterval(ratings, random),
            [.. rated.Select(model => AgreementCurve.Of(
                [.. model.Select((one, i) => new AgreedItem(agreements[i], one.Predicted == one.Target.Hard ? 1 : 0))], random))]);
    }
}
