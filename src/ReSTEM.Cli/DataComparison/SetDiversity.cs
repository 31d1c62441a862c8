using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>
/// How different the texts of each data set are from each other. Both measures change with the number of texts, so it is that of as many of each set, drawn at
/// random; words are weighted by their frequency in all that are drawn.
/// </summary>
internal sealed class SetDiversity
{
    /// <param name="sets">The data sets.</param>
    /// <param name="config">How many texts at most, and the seed.</param>
    /// <param name="embedder">Gives embeddings; null for none.</param>
    /// <param name="cancellationToken">Looked at between texts.</param>
    /// <exception cref="InvalidDataException">A text does not fit the embedder.</exception>
    internal SetDiversity(IReadOnlyList<LabelledTexts> sets, CompareDataConfig config, TextEmbedder? embedder, CancellationToken cancellationToken)
    {
        Texts = Math.Min(config.DiversityTexts, sets.Min(set => set.Problems.Count));
        string[][] drawn = [.. sets.Select(set => Drawn(set, (ulong)config.Seeds[0]))];
        ByWords = [.. Diversity.OfEach(drawn)];
        ByEmbeddings = [.. drawn.Select(texts => embedder is null ? null : Diversity.OfEmbeddings(embedder.Embed(texts, cancellationToken)))];
    }

    /// <summary>Texts drawn of each set.</summary>
    internal int Texts { get; }

    /// <summary>By words, for each set.</summary>
    internal IReadOnlyList<Diversity?> ByWords { get; }

    /// <summary>By embeddings, for each set; null without a model.</summary>
    internal IReadOnlyList<Diversity?> ByEmbeddings { get; }

    private string[] Drawn(LabelledTexts set, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, set.Problems.Count)];
        RandomStream.Of(seed, RandomPurpose.Problems).At(0, $"diversity/{set.Name}", 0).Sequence().Shuffle(order.AsSpan());
        return [.. order.Take(Texts).Order().Select(index => set.Problems[index].Prompt)];
    }
}
