using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Texts with labels as rows that the task classify reads: what a classifier was trained on, to look at and to train on again.</summary>
internal static class LabelledFile
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file, unless it says so already: <c>{id, text, labels, ...}</c> with the target in the form that says all of it.</summary>
    /// <param name="path">The file; it appears when it is complete.</param>
    /// <param name="problems">All of task classify.</param>
    internal static void Write(string path, IReadOnlyList<Problem> problems)
    {
        var content = new StringBuilder();
        foreach (Problem problem in problems)
        {
            content.Append(Row(problem).ToJsonString(Readable)).Append('\n');
        }

        if (!File.Exists(path) || File.ReadAllText(path) != content.ToString())
        {
            AtomicFile.WriteText(path, content.ToString());
        }
    }

    private static JsonObject Row(Problem problem)
    {
        LabelTarget target = problem.Target!;
        var row = new JsonObject { ["id"] = problem.Id, ["text"] = problem.Prompt, ["labels"] = Names(target.Labels) };
        if (target.Annotations.Count == 0 && target.IsOneHot)
        {
            row["target"] = target.HardLabel;
            return row;
        }

        row["label"] = target.HardLabel;
        if (target.Annotations.Count > 0)
        {
            row["annotations"] = Names(target.Annotations.Select(label => target.Labels[label]));
        }
        else
        {
            row["soft_label"] = new JsonObject(target.Labels.Zip(target.Distribution, (label, share) => KeyValuePair.Create(label, (JsonNode?)share)));
        }

        return row;
    }

    private static JsonArray Names(IEnumerable<string> labels) => new([.. labels.Select(label => JsonValue.Create(label))]);
}
