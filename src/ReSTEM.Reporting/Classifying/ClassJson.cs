using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The figures of classified sets as one JSON object.</summary>
public static class ClassJson
{
    /// <summary>The object: models with their temperatures, sets with figures, differences, confusion matrices and reliability diagrams.</summary>
    public static JsonObject Of(ClassResults results) => new()
    {
        ["models"] = new JsonArray([.. results.Models.Select((name, model) => new JsonObject
        {
            ["model"] = name,
            ["temperature"] = results.Temperatures.Count == 0 ? null : results.Temperatures[model].Hard,
            ["temperature_soft"] = results.Temperatures.Count == 0 ? null : results.Temperatures[model].Soft,
        })]),
        ["sets"] = new JsonObject([.. results.Sets.Select(set => KeyValuePair.Create(set.Name, (JsonNode?)Set(results, set)))]),
    };

    private static JsonObject Set(ClassResults results, ClassifiedSet set)
    {
        var rows = ClassTable.Of(results, set);
        return new JsonObject
        {
            ["problems"] = set.Models[0].Count,
            ["labels"] = new JsonArray([.. set.Labels.Select(label => JsonValue.Create(label))]),
            ["target_entropy"] = set.TargetEntropy,
            ["models"] = new JsonArray([.. set.Models.Select((_, model) => new JsonObject
            {
                ["figures"] = new JsonObject([.. rows.Select(row => KeyValuePair.Create(row.Name, (JsonNode?)Of(row.Models[model])))]),
                ["confusion"] = Matrix(ConfusionMatrix.Of(set.Models[model])),
                ["classes"] = Classes(set, model),
                ["reliability"] = new JsonArray([.. set.Figures(model).HardCalibration.Diagram(ReliabilityBins.EqualWidth).Select(bin => new JsonObject
                {
                    ["low"] = bin.Low, ["high"] = bin.High, ["count"] = bin.Count, ["confidence"] = bin.Confidence, ["accuracy"] = bin.Accuracy,
                })]),
            })]),
            ["agreement"] = AgreementTable.Json(results, set),
            ["differences"] = results.Models.Count == 1 ? null : new JsonObject(
                [.. rows.Select(row => KeyValuePair.Create(row.Name, (JsonNode?)Of(row.Difference!.Value)))]),
        };
    }

    private static JsonObject Classes(ClassifiedSet set, int model)
    {
        var matrix = ConfusionMatrix.Of(set.Models[model]);
        return new JsonObject([.. set.Labels.Select((name, label) => KeyValuePair.Create(name, (JsonNode?)new JsonObject
        {
            ["support"] = matrix.Of(label).Support,
            ["predicted"] = matrix.Of(label).Predicted,
            ["precision"] = matrix.Of(label).Precision,
            ["recall"] = matrix.Of(label).Recall,
            ["f1"] = matrix.Of(label).F1,
        }))]);
    }

    private static JsonArray Matrix(ConfusionMatrix matrix) => new([.. Enumerable.Range(0, matrix.LabelCount).Select(label =>
        new JsonArray([.. Enumerable.Range(0, matrix.LabelCount).Select(predicted => JsonValue.Create(matrix.Counts[label, predicted]))]))]);

    private static JsonObject Of(Estimate value) => new() { ["value"] = value.Value, ["low"] = value.Low, ["high"] = value.High };

    private static JsonObject Of(PairedDifference value) =>
        new() { ["value"] = value.Value, ["low"] = value.Low, ["high"] = value.High, ["p"] = value.PValue };
}
