namespace ReSTEM.Core;

/// <summary>One classifier trained on several data sets with several seeds, and measured on one test set.</summary>
/// <param name="Name">Of the comparison.</param>
/// <param name="Seeds">Of the trainings.</param>
/// <param name="Base">SHA-256 of the weights that every training starts from.</param>
/// <param name="Embedder">SHA-256 of the model that gives embeddings; null for none.</param>
/// <param name="Sets">The data sets; the others are compared with the first, which is the real one.</param>
public sealed record DataComparison(
    string Name, IReadOnlyList<int> Seeds, string Base, string? Embedder, IReadOnlyList<ComparedSet> Sets)
{
    /// <summary>The test problems, as the first model sees them.</summary>
    public IReadOnlyList<LabelPrediction> Test => Sets[0].Figures.Seeds[0];

    /// <summary>Names of the labels.</summary>
    public IReadOnlyList<string> Labels => Test[0].Target.Labels;

    /// <summary>Where resamples of the test problems are drawn from: the same for all data sets, so that they are paired.</summary>
    public RandomStream Random => RandomStream.Of((ulong)Seeds[0], RandomPurpose.Bootstrap).At(0, "test", 0);

    /// <summary>How far those who annotated the test set agree, and accuracy of each data set, mean over seeds, where they do; null where no problem has two annotators.</summary>
    public SetAgreement? Agreement => SetAgreement.Of([.. Sets.Select(set => set.Figures.Seeds)], Random);
}

/// <summary>A data set, and what was trained on it.</summary>
/// <param name="Texts">What it holds.</param>
/// <param name="ByWords">How different a sample of its texts is by words, the weights being those of the samples of all sets; null for fewer than two.</param>
/// <param name="ByEmbeddings">The same by embeddings; null without a model, too.</param>
/// <param name="DiversityTexts">How many texts that sample has: as many in every set.</param>
/// <param name="Models">SHA-256 of the weights that were trained, by seed.</param>
/// <param name="Figures">What they predict.</param>
public sealed record ComparedSet(
    LabelledTexts Texts, Diversity? ByWords, Diversity? ByEmbeddings, int DiversityTexts, IReadOnlyList<string> Models, SeededFigures Figures);

/// <summary>Texts with labels that a classifier is trained on.</summary>
/// <param name="Name">In the configuration.</param>
/// <param name="Origin">Where they are from, in a word or two: real, zero-shot, few-shot, or the sets that are mixed.</param>
/// <param name="Problems">The texts as problems of task classify.</param>
/// <param name="InTest">Texts left out since they are in the test set.</param>
/// <param name="Repeated">Texts of a mixture left out since an earlier part has them.</param>
public sealed record LabelledTexts(string Name, string Origin, IReadOnlyList<Problem> Problems, int InTest, int Repeated)
{
    /// <summary>Texts of each label by its hard label, in the order of the labels.</summary>
    public IReadOnlyList<(string Label, int Count)> Counts =>
        [.. Problems[0].Target!.Labels.Select((label, number) => (label, Problems.Count(problem => problem.Target!.Hard == number)))];

    /// <summary>Of the texts that several people rated: how many, how far they agree, Krippendorff's alpha with its interval; null where there are none.</summary>
    /// <param name="random">Of the interval.</param>
    public (int Items, double Mean, Estimate? Alpha)? Agreement(RandomStream random)
    {
        string[][] ratings = [.. Problems.Where(problem => problem.Target!.Annotations.Count > 1)
            .Select(problem => problem.Target!.Annotations.Select(label => problem.Target.Labels[label]).ToArray())];
        return ratings.Length == 0 ? null
            : (ratings.Length, ratings.Sum(RaterAgreement.Of) / ratings.Length, KrippendorffAlpha.NominalWithInterval(ratings, random));
    }
}
