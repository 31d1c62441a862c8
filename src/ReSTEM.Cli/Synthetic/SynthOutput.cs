using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What a synthesis made, on standard output and beside its texts.</summary>
internal static class SynthOutput
{
    /// <summary>The counts and measures as one JSON object.</summary>
    internal const string JsonName = "synthetic.json";

    /// <summary>Puts counts and measures beside the texts.</summary>
    internal static void WriteFile(SynthPlan plan, SynthSummary summary) => AtomicFile.WriteText(Path.Combine(plan.Folder, JsonName), Row(plan, summary) + "\n");

    /// <summary>Prints them.</summary>
    internal static void Print(SynthPlan plan, SynthSummary summary, bool json) =>
        Console.Write(json ? Row(plan, summary) + "\n" : Table(summary) + $"texts: {summary.File}\n");

    private static string Row(SynthPlan plan, SynthSummary summary) => RowWriter.Text(new
    {
        run = plan.Config.Name,
        status = "complete",
        file = summary.File,
        sha256 = ContentDigest.OfFile(summary.File),
        embedder = summary.EmbedderSha256,
        all = Of(summary.All),
        real = summary.Real is { } real ? Of(real) : null,
        labels = summary.Labels.ToDictionary(label => label.Label, label => new { counts = label.Counts, texts = Of(label.Set) }),
    });

    private static string Table(SynthSummary summary)
    {
        bool embeds = summary.EmbedderSha256 is not null;
        var table = new StringBuilder("| label | texts | drawn | empty | unfinished | leaks | copies | duplicates | surplus | Remote Clique | Chamfer |");
        table.Append(embeds ? " Remote Clique, embeddings | Chamfer, embeddings |\n" : "\n");
        table.Append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|").Append(embeds ? "--:|--:|\n" : "\n");
        foreach (var (label, counts, set) in summary.Labels)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {label} | {counts.Kept} | {counts.Drawn} | {counts.Empty} | {counts.Unfinished} | {counts.Leaks} | {counts.Copies} | {counts.Duplicates} | {counts.Surplus} |{Shown(set, embeds)}\n");
        }

        table.Append(CultureInfo.InvariantCulture, $"| all | {summary.All.Count} | {summary.Labels.Sum(label => label.Counts.Drawn)} | | | | | | |{Shown(summary.All, embeds)}\n");
        return summary.Real is { } real
            ? table.Append(CultureInfo.InvariantCulture, $"| real | {real.Count} | | | | | | | |{Shown(real, embeds)}\n").ToString()
            : table.ToString();
    }

    private static object Of(TextSet set) => new { set.Count, by_words = Of(set.ByWords), by_embeddings = Of(set.ByEmbeddings) };

    private static object? Of(Diversity? diversity) => diversity is null ? null : new { diversity.RemoteClique, diversity.Chamfer };

    private static string Shown(TextSet set, bool embeds) => Shown(set.ByWords) + (embeds ? Shown(set.ByEmbeddings) : "");

    private static string Shown(Diversity? diversity) => diversity is null ? " - | - |"
        : string.Create(CultureInfo.InvariantCulture, $" {diversity.RemoteClique:F3} | {diversity.Chamfer:F3} |");
}
