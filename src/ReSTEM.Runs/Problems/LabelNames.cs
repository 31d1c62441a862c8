using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The labels of a row, and targets over them.</summary>
internal sealed class LabelNames
{
    /// <summary>How far published figures, which have at least two decimals, may be from what they round.</summary>
    private const double Rounding = 0.005;

    private const double Exact = 1e-9;

    private readonly DataRow _row;
    private readonly string[] _labels;
    private readonly string[] _verbalisers;

    /// <param name="row">The row.</param>
    /// <param name="field">Its field with a list of labels.</param>
    /// <param name="given">Labels, and what the model says for each, where the configuration has them; null where it does not.</param>
    /// <exception cref="InvalidDataException">There are no labels, fewer than two, or two that are one.</exception>
    internal LabelNames(DataRow row, string field, IReadOnlyDictionary<string, string>? given)
    {
        _row = row;
        IReadOnlyList<string> listed = row.Choices(field);
        _labels = given is not null ? [.. given.Keys] : listed.Count > 0 ? [.. listed] : FromDistribution();
        _verbalisers = given is not null ? [.. given.Values] : _labels;
        if (given is not null && listed.Count > 0 && !listed.ToHashSet().SetEquals(_labels))
        {
            throw row.Bad(field, DataRow.Shorten(string.Join(", ", listed)), $"the labels of the configuration ({Shown()})");
        }

        if (_labels.Length < 2)
        {
            throw row.Bad(field, _labels.Length == 0 ? "missing" : $"'{DataRow.Shorten(_labels[0])}' alone",
                "at least 2 labels; list them in the row, or give labels beside the files in the configuration: {LABEL: what the model says, ...}");
        }

        if (_labels.FirstOrDefault(string.IsNullOrWhiteSpace) is not null)
        {
            throw row.Bad(field, "with a label that is empty", "names");
        }

        string? twice = _labels.GroupBy(label => label.Trim(), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw row.Bad(field, $"with '{DataRow.Shorten(twice)}' twice", "each label once");
        }
    }

    /// <summary>The target that a row says.</summary>
    /// <param name="field">Of the distribution, for messages.</param>
    /// <param name="annotations">What annotators said; null for nobody.</param>
    /// <param name="distribution">A probability for each label, those that are missing 0; null for none.</param>
    /// <param name="hard">The label; null for the most probable one.</param>
    /// <remarks>Where annotations are there, the distribution is their shares, and a published one is only compared with them: it may be rounded.</remarks>
    internal LabelTarget Of(string field, JsonElement? annotations, JsonElement? distribution, string? hard)
    {
        int[] said = annotations is { } list ? Annotations(list) : [];
        double[]? published = distribution is { } shares ? Distribution(field, shares) : null;
        double[] target = said.Length > 0 ? [.. Enumerable.Range(0, _labels.Length).Select(label => said.Count(one => one == label) / (double)said.Length)]
            : published ?? OneHot(IndexOf("label", hard!));
        for (int label = 0; published is not null && label < target.Length; label++)
        {
            if (Math.Abs(published[label] - target[label]) > Rounding + Exact)
            {
                throw _row.Bad(field, FormattableString.Invariant($"{published[label]} for '{_labels[label]}'"),
                    FormattableString.Invariant($"the share of the annotations, {target[label]:0.####}"));
            }
        }

        return new LabelTarget
        {
            Labels = _labels,
            Verbalisers = _verbalisers,
            Distribution = target,
            Hard = hard is null ? Array.IndexOf(target, target.Max()) : IndexOf("label", hard),
            Annotations = said,
        };
    }

    private string[] FromDistribution()
    {
        foreach (string field in (string[])["soft_label", "target"])
        {
            if (_row.Structure(field) is { ValueKind: JsonValueKind.Object } shares && !shares.TryGetProperty("annotations", out _))
            {
                return [.. shares.EnumerateObject().Select(_row.Name)];
            }
        }

        return [];
    }

    private double[] Distribution(string field, JsonElement shares)
    {
        if (shares.ValueKind != JsonValueKind.Object)
        {
            throw _row.Bad(field, DataRow.Shorten(shares.GetRawText()), "an object with a probability for each label");
        }

        double[] distribution = new double[_labels.Length];
        foreach (JsonProperty share in shares.EnumerateObject())
        {
            string name = _row.Name(share);
            distribution[IndexOf(field, name)] = share.Value.ValueKind == JsonValueKind.Number && share.Value.GetDouble() is >= 0 and <= 1 and var value
                ? value
                : throw _row.Bad($"{field}.{DataRow.Shorten(name)}", DataRow.Shorten(share.Value.GetRawText()), "a probability in [0, 1]");
        }

        double sum = distribution.Sum();
        if (Math.Abs(sum - 1) > (Rounding * _labels.Length) + Exact)
        {
            throw _row.Bad(field, FormattableString.Invariant($"{DataRow.Shorten(shares.GetRawText())}, {sum:0.######} together"), "probabilities that add up to 1");
        }

        return sum == 1 ? distribution : [.. distribution.Select(share => share / sum)];
    }

    /// <summary>Numbers of labels; entries are names, or all are numbers from 0. Entries that are null are of annotators who were not asked.</summary>
    private int[] Annotations(JsonElement list)
    {
        const string Field = "annotations";
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw _row.Bad(Field, DataRow.Shorten(list.GetRawText()), "a list with a label of each annotator");
        }

        string[] entries = [.. list.EnumerateArray().Where(entry => entry.ValueKind != JsonValueKind.Null).Select(entry => _row.TextOf(Field, entry))];
        if (entries.Length == 0)
        {
            throw _row.Bad(Field, "empty", "a label of at least one annotator");
        }

        bool named = entries.Any(entry => Array.IndexOf(_labels, entry) >= 0);
        return [.. entries.Select(entry => named ? IndexOf(Field, entry)
            : int.TryParse(entry, out int number) && number >= 0 && number < _labels.Length ? number
            : throw _row.Bad(Field, $"'{DataRow.Shorten(entry)}'", $"a label ({Shown()}), or numbers from 0 to {_labels.Length - 1} alone"))];
    }

    private double[] OneHot(int label)
    {
        double[] target = new double[_labels.Length];
        target[label] = 1;
        return target;
    }

    private int IndexOf(string field, string label) => Array.IndexOf(_labels, label) is >= 0 and var index
        ? index
        : throw _row.Bad(field, $"'{DataRow.Shorten(label)}'", $"one of the labels ({Shown()})");

    private string Shown() => DataRow.Shorten(string.Join(", ", _labels));
}
