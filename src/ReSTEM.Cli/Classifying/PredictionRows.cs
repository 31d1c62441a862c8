using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Predictions as rows: set, problem, model, label, target and probabilities.</summary>
internal static class PredictionRows
{
    /// <summary>Writes a row for each problem and model.</summary>
    internal static void Write(Stream output, ClassResults results)
    {
        foreach (ClassifiedSet set in results.Sets)
        {
            for (int problem = 0; problem < set.Models[0].Count; problem++)
            {
                for (int model = 0; model < set.Models.Count; model++)
                {
                    JsonSerializer.Serialize(output, Row(set, set.Models[model][problem], model));
                    output.WriteByte((byte)'\n');
                }
            }
        }
    }

    private static Dictionary<string, object> Row(ClassifiedSet set, LabelPrediction prediction, int model) => new()
    {
        ["set"] = set.Name,
        ["problem_id"] = prediction.ProblemId,
        ["model"] = model + 1,
        ["label"] = set.Labels[prediction.Predicted],
        ["reference"] = prediction.Target.HardLabel,
        ["probabilities"] = ByLabel(set, prediction.Probabilities()),
        ["target"] = ByLabel(set, prediction.Target.Distribution),
        ["logprobs"] = ByLabel(set, prediction.LogProbabilities),
    };

    private static Dictionary<string, double> ByLabel(ClassifiedSet set, IReadOnlyList<double> values) =>
        set.Labels.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
}
