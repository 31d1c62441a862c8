using System.Globalization;
using System.Text;
using ReSTEM.Models;

namespace ReSTEM.GgufCheck;

/// <summary>The results as a page.</summary>
internal static class Report
{
    private const string Head =
        """
        # Exported GGUF files in llama.cpp

            dotnet run -c Release --project benchmarks/ReSTEM.GgufCheck -- ../shared/data benchmarks/results/gguf.md

        CPU: AMD EPYC, two virtual cores with AVX-512; .NET 10; llama.cpp `c0c7e14` (the binaries of LLamaSharp.Backend.Cpu 0.30.0), keys and values
        in F32, no flash attention. Each number is the largest difference of any logit from the managed engine's on the folder, over 32 positions; greedy
        are 16 tokens more, each chosen by either program from its own logits, with the F32 file.

        Limits, checked by the program: F32 within 1e-3 and greedy equal. llama.cpp takes GELU from a table in half precision: models with it are allowed
        3e-3 of the largest logit, and must hold the 1e-3 where their feed-forward layers add nothing ("without GELU"), so that all else is seen to be
        exact. The scores of the random gemma2 models reach the order of the cap, which widens their errors. Narrow types are within a fifth of the
        largest logit. Random weights suffer more from rounding than trained ones.

        """;

    internal static void Write(
        string path, IReadOnlyList<LogitRow> folders, IReadOnlyList<LogitRow> variants, IReadOnlyList<TokenRow> tokens,
        (int Count, IReadOnlyList<string> Others) stripping)
    {
        var text = new StringBuilder(Head);
        Table(text, "Model folders of others", folders);
        Table(text, "Small random models of every family", variants);
        text.Append("\n## Refused\n\n");
        foreach (var row in folders.Concat(variants).Where(row => row.Refused.Length > 0))
        {
            text.Append($"- {row.Refused.Replace(" Export it with --format hf.", "", StringComparison.Ordinal)}\n");
        }

        text.Append("\n## Tokenizers\n\nVectors made with the tokenizers' own library, with and without special tokens around the text. Texts whose ids differ are "
            + "not composed (NFC), which llama.cpp does not do; the export says so.\n\n| tokenizer | texts | equal ids | equal text back | other ids |\n|---|--:|--:|--:|---|\n");
        foreach (var row in tokens)
        {
            text.Append($"| {row.Name} | {row.Count} | {row.Equal} | {row.Back} | {string.Join("; ", row.Others.Select(other => other[..other.IndexOf(':', StringComparison.Ordinal)]))} |\n");
        }

        text.Append($"\nAdded tokens that take the white space after them, as Phi-3's: {stripping.Count - stripping.Others.Count} of {stripping.Count} texts have our ids.\n");
        File.WriteAllText(path, text.ToString());
    }

    private static void Table(StringBuilder text, string title, IEnumerable<LogitRow> rows)
    {
        text.Append($"\n## {title}\n\n| model | largest logit | F32 | F32 without GELU | F16 | BF16 | Q8 | greedy |\n|---|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var row in rows.Where(row => row.Refused.Length == 0))
        {
            text.Append($"| {row.Name} | {row.Largest:F1} | {Off(GgufType.F32)} | {Shown(row.OffWithoutGelu)} | {Off(GgufType.F16)} | {Off(GgufType.BF16)} | {Off(GgufType.Q8)} | {(row.SameGreedy ? "equal" : "different")} |\n");

            string Off(GgufType type) => Shown(row.Off[type]);
        }
    }

    private static string Shown(float? off) => off?.ToString("0.0e+0", CultureInfo.InvariantCulture) ?? "";
}
