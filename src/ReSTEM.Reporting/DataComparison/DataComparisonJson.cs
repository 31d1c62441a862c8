using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>A comparison of data as one JSON object. Shares are in [0, 1]; what was not measured is null.</summary>
public static class DataComparisonJson
{
    /// <summary>The object: test set with agreement, and of each data set its texts, diversity, figures with differences from the first, and models.</summary>
    public static JsonObject Of(DataComparison comparison)
    {
        SetAgreement? agreement = comparison.Agreement;
        return new JsonObject
        {
            ["comparison"] = comparison.Name,
            ["status"] = "complete",
            ["seeds"] = new JsonArray([.. comparison.Seeds.Select(seed => JsonValue.Create(seed))]),
            ["base"] = comparison.Base,
            ["embedder"] = comparison.Embedder,
            ["test"] = new JsonObject
            {
                ["problems"] = comparison.Test.Count,
                ["labels"] = new JsonObject(comparison.Labels.Select((label, number) => KeyValuePair.Create(label, (JsonNode?)comparison.Test.Count(one => one.Target.Hard == number)))),
                ["agreement"] = agreement is null ? null : Agreement(agreement.Items, agreement.Mean, agreement.Alpha),
            },
            ["data"] = new JsonArray([.. comparison.Sets.Select((set, number) => Set(comparison, set, agreement?.Curves[number]))]),
        };
    }

    private static JsonObject Set(DataComparison comparison, ComparedSet set, AgreementCurve? curve)
    {
        var texts = set.Texts;
        var json = new JsonObject
        {
            ["name"] = texts.Name,
            ["origin"] = texts.Origin,
            ["texts"] = texts.Problems.Count,
            ["labels"] = new JsonObject(texts.Counts.Select(count => KeyValuePair.Create(count.Label, (JsonNode?)count.Count))),
            ["left_out"] = new JsonObject { ["in_test"] = texts.InTest, ["repeated"] = texts.Repeated },
            ["agreement"] = texts.Agreement(comparison.Random) is { } rated ? Agreement(rated.Items, rated.Mean, rated.Alpha) : null,
            ["diversity"] = new JsonObject { ["texts"] = set.DiversityTexts, ["by_words"] = Of(set.ByWords), ["by_embeddings"] = Of(set.ByEmbeddings) },
            ["models"] = new JsonArray([.. set.Models.Select(sha256 => JsonValue.Create(sha256))]),
        };
        foreach (string name in SeededFigures.Names)
        {
            JsonObject figure = Of(set.Figures.Of(name, comparison.Random));
            figure["seeds"] = new JsonArray([.. set.Figures.BySeed(name).Select(value => JsonValue.Create(value))]);
            figure["difference"] = DataComparisonTable.Difference(comparison, set, name) is { } difference
                ? new JsonObject { ["value"] = difference.Value, ["low"] = difference.Low, ["high"] = difference.High, ["p"] = difference.PValue }
                : null;
            json[name] = figure;
        }

        json["confusion"] = new JsonArray([.. set.Figures.Seeds.Select(seed => Matrix(ConfusionMatrix.Of(seed)))]);
        json["curve"] = curve is null ? null : AgreementTable.Json(curve);
        return json;
    }

    private static JsonArray Matrix(ConfusionMatrix matrix) => new([.. Enumerable.Range(0, matrix.LabelCount).Select(label =>
        new JsonArray([.. Enumerable.Range(0, matrix.LabelCount).Select(predicted => JsonValue.Create(matrix.Counts[label, predicted]))]))]);

    private static JsonObject Agreement(int items, double mean, Estimate? alpha) =>
        new() { ["texts"] = items, ["mean"] = mean, ["alpha"] = alpha is { } value ? Of(value) : null };

    private static JsonObject? Of(Diversity? diversity) => diversity is null ? null
        : new JsonObject { ["remote_clique"] = diversity.RemoteClique, ["chamfer"] = diversity.Chamfer };

    private static JsonObject Of(Estimate value) => new() { ["value"] = value.Value, ["low"] = value.Low, ["high"] = value.High };
}
