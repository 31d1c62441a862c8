using System.IO.Compression;
using System.Text.Json;

namespace ReSTEM.Tests;

/// <summary>Rows of the published GSM8K and MATH files: problem text, reference, reference solution.</summary>
internal sealed record MathRow(string Id, string Prompt, string Reference, string Solution)
{
    internal static IEnumerable<MathRow> Math(string split) => Lines($"math/{split}.jsonl.gz").Select(static row => new MathRow(
        row.GetProperty("id").GetString() ?? "", row.GetProperty("problem").GetString()!, row.GetProperty("answer").GetString()!,
        row.GetProperty("solution").GetString()!));

    internal static IEnumerable<MathRow> Gsm8k(string split) => Lines($"gsm8k/{split}.jsonl.gz").Select(static (row, index) =>
    {
        string answer = row.GetProperty("answer").GetString()!;
        return new MathRow(
            $"gsm8k/{index}", row.GetProperty("question").GetString()!, answer[(answer.LastIndexOf("####", StringComparison.Ordinal) + 4)..].Trim(), answer);
    });

    private static IEnumerable<JsonElement> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.PathOf(path)), CompressionMode.Decompress));
        foreach (string line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }
}
