using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads real texts with their labels.</summary>
internal static class RealTexts
{
    /// <summary>Rows <c>{"text", "target" or "label"}</c> of a data file.</summary>
    /// <param name="path">JSONL, JSON, CSV or Parquet, gzip or not.</param>
    /// <param name="labels">What a label may be.</param>
    /// <exception cref="InvalidDataException">A row has no text or no label, or another label; file and line are named.</exception>
    internal static IReadOnlyList<RealText> Read(string path, IReadOnlyCollection<string> labels) =>
        [.. DataFile.Read(path).Rows().Select(row => Read(row, labels)).OfType<RealText>()];

    /// <summary>Null for a text whose annotators give no label more often than all others: it shows none.</summary>
    private static RealText? Read(DataRow row, IReadOnlyCollection<string> labels)
    {
        string field = row.Has("target") ? "target" : "label";
        string id = row.Has("id") ? row.Text("id") : FormattableString.Invariant($"{row.Stem}/{row.Index}");
        string? label = row.Find(field) is not { ValueKind: JsonValueKind.Object } target ? row.NonBlank(field)
            : target.TryGetProperty("annotations", out JsonElement annotations) ? Majority(row, annotations)
            : MostProbable(row, target);
        return label is null ? null
            : labels.Contains(label) ? new RealText(id, row.NonBlank("text"), label)
            : throw row.Bad(field, $"'{DataRow.Shorten(label)}'", string.Join(" or ", labels));
    }

    private static string? Majority(DataRow row, JsonElement annotations) =>
        annotations.ValueKind is JsonValueKind.Array && annotations.GetArrayLength() > 0
            ? RaterAgreement.Majority([.. annotations.EnumerateArray().Select(item => row.TextOf("target.annotations", item))])
            : throw row.Bad("target.annotations", DataRow.Shorten(annotations.GetRawText()), "a list of at least one label");

    private static string? MostProbable(DataRow row, JsonElement target)
    {
        (string Label, double Probability)[] given = [.. target.EnumerateObject().Select(entry =>
            entry.Value.ValueKind is JsonValueKind.Number && entry.Value.GetDouble() is >= 0 and <= 1 and var probability
                ? (row.Name(entry), probability)
                : throw row.Bad($"target.{row.Name(entry)}", DataRow.Shorten(entry.Value.GetRawText()), "a probability in [0, 1]"))];
        if (given.Length == 0)
        {
            throw row.Bad("target", "empty", "labels with their probabilities");
        }

        double most = given.Max(entry => entry.Probability);
        return given.Count(entry => entry.Probability == most) == 1 ? given.First(entry => entry.Probability == most).Label : null;
    }
}
