using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A text with labels: <c>text</c>, <c>labels</c>, and as <c>target</c> a label, a probability for each label, or what annotators said; or, as data sets of
/// annotators' disagreement are published, <c>label</c>, <c>soft_label</c> and <c>annotations</c>. Other fields become metadata.
/// </summary>
/// <remarks>Leonardelli et al. 2023, arXiv:2304.14803 (Le-Wi-Di) for the published form.</remarks>
internal static class LabelRowReader
{
    private const string Target = "target";
    private const string Label = "label";
    private const string SoftLabel = "soft_label";
    private const string Annotations = "annotations";
    private const string Text = "text";

    /// <summary>Whether the fields of a row are these.</summary>
    internal static bool Recognises(DataRow row) =>
        !row.Has("task") ? row.Has(Text) && (row.Has(Target) || row.Has(Label) || row.Has(SoftLabel)) : IsTask(row, "task");

    /// <summary>Whether a row says that it is one.</summary>
    internal static bool IsTask(DataRow row, string field) => row.Has(field) && row.Optional(field) == "classify";

    /// <param name="row">The row.</param>
    /// <param name="options">What the fields are called, and the labels where the row does not say them.</param>
    internal static Problem Read(DataRow row, ProblemReadOptions options)
    {
        var fields = new OwnFields(options.Fields);
        string text = options.Fields?.Prompt ?? (row.Has(Text) ? Text : row.Has("prompt") || row.Has("question") ? fields.PromptOf(row) : Text);
        string answer = options.Fields?.Answer ?? (row.Has(Target) ? Target : Label);
        string labels = options.Fields?.Choices ?? "labels";
        LabelTarget target = ReadTarget(row, answer, new LabelNames(row, labels, options.Labels));
        string[] known = [text, answer, SoftLabel, Annotations, labels, fields.Id, fields.Task];
        return new Problem
        {
            Id = row.Has(fields.Id) ? row.NonBlank(fields.Id) : $"{DataNames.Stem(row.File)}/{row.Index}",
            Task = TaskKind.Classify,
            Prompt = row.NonBlank(text),
            Reference = target.HardLabel,
            Solution = target.Verbalisers[target.Hard],
            Target = target,
            Metadata = row.Element.EnumerateObject().Select(property => (Name: row.Name(property), property.Value))
                .Where(property => !known.Contains(property.Name) && property.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(property => property.Name, property => row.AsMetadata(property.Name, property.Value)),
        };
    }

    private static LabelTarget ReadTarget(DataRow row, string answer, LabelNames names)
    {
        if (row.Structure(answer) is { ValueKind: JsonValueKind.Object } target)
        {
            if (target.TryGetProperty(Annotations, out JsonElement said))
            {
                return target.EnumerateObject().Count() == 1
                    ? names.Of(answer, said, null, null)
                    : throw row.Bad(answer, DataRow.Shorten(target.GetRawText()), "annotations alone, or a probability for each label");
            }

            return names.Of(answer, row.Structure(Annotations), target, row.Has(Label) && answer != Label ? row.Text(Label) : null);
        }

        string? hard = row.Has(answer) ? row.Text(answer) : null;
        return hard is null && !row.Has(SoftLabel) && !row.Has(Annotations)
            ? throw row.Bad(answer, "missing", "a label, a probability for each label, or annotations")
            : names.Of(SoftLabel, row.Structure(Annotations), row.Structure(SoftLabel), hard);
    }
}
