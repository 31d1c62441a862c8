using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What a synthesis made.</summary>
/// <param name="File">Where the texts are.</param>
/// <param name="Labels">For each label what became of its completions, and its texts.</param>
/// <param name="All">The texts of all labels.</param>
/// <param name="Real">The real texts that could be shown; null for a zero-shot synthesis.</param>
/// <param name="EmbedderSha256">Of the model that gives embeddings; null for none.</param>
internal sealed record SynthSummary(
    string File, IReadOnlyList<(string Label, TextCounts Counts, TextSet Set)> Labels, TextSet All, TextSet? Real, string? EmbedderSha256)
{
    internal static SynthSummary Of(SynthPlan plan, TextPool pool, TextEmbedder? embedder, string file, CancellationToken cancellationToken)
    {
        TextSet SetOf(IEnumerable<string> chosen)
        {
            string[] texts = [.. chosen];
            return new TextSet(texts.Length, Diversity.Of([texts]), embedder is null ? null : Diversity.OfEmbeddings(embedder.Embed(texts, cancellationToken)));
        }

        return new SynthSummary(
            file,
            [.. pool.Counts.Select(entry => (entry.Label, entry.Counts, SetOf(pool.Kept.Where(text => text.Prompt.Label == entry.Label).Select(text => text.Text))))],
            SetOf(pool.Kept.Select(text => text.Text)),
            plan.Options.Examples is { } real ? SetOf(real.Texts.Select(text => text.Text)) : null,
            embedder?.Sha256);
    }
}

/// <summary>Texts as a set.</summary>
/// <param name="Count">How many.</param>
/// <param name="ByWords">How different they are by words and pairs of words; null for fewer than two.</param>
/// <param name="ByEmbeddings">The same by embeddings; null without a model, too.</param>
internal sealed record TextSet(int Count, Diversity? ByWords, Diversity? ByEmbeddings);
