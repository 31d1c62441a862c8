using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What a model gives the labels of the test problems, on disk, so that what is measured once is not measured again.</summary>
/// <param name="path">The file.</param>
/// <param name="key">Digest of everything that decides the predictions: weights, problems, engine, prompt.</param>
public sealed class PredictionFile(string path, string key)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The predictions that were written for these problems; null where there are none, or they are of other problems or weights, or were altered.</summary>
    /// <param name="problems">In the order of the file.</param>
    public IReadOnlyList<LabelPrediction>? Read(IReadOnlyList<Problem> problems)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string text = File.ReadAllText(path);
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || text[..end] != Head(text[(end + 1)..]))
        {
            return null;
        }

        string[] rows = text[(end + 1)..].Split('\n')[..^1];
        return [.. rows.Zip(problems, Parse)];
    }

    /// <summary>Writes predictions; the file appears when it is complete. Its first line has the key, and the digest of all others.</summary>
    public void Write(IReadOnlyList<LabelPrediction> predictions)
    {
        var rows = new StringBuilder();
        foreach (LabelPrediction one in predictions)
        {
            rows.Append(new JsonObject
            {
                ["problem_id"] = one.ProblemId,
                ["reference"] = one.Target.HardLabel,
                ["label"] = one.Target.Labels[one.Predicted],
                ["agreement"] = one.Target.Annotations.Count > 1 ? RaterAgreement.Of([.. one.Target.Annotations.Select(label => one.Target.Labels[label])]) : null,
                ["logprobs"] = new JsonObject(one.Target.Labels.Zip(one.LogProbabilities, (label, log) => KeyValuePair.Create(label, (JsonNode?)log))),
            }.ToJsonString(Readable)).Append('\n');
        }

        AtomicFile.WriteText(path, Head(rows.ToString()) + "\n" + rows);
    }

    private string Head(string rows)
    {
        using var digest = new ContentDigest();
        digest.Add(rows);
        return new JsonObject { ["of"] = key, ["sha256"] = digest.Finish() }.ToJsonString(Readable);
    }

    private static LabelPrediction Parse(string row, Problem problem)
    {
        using var json = JsonDocument.Parse(row);
        JsonElement logs = json.RootElement.GetProperty("logprobs");
        return new LabelPrediction(problem.Id, problem.Target!, [.. problem.Target!.Labels.Select(label => logs.GetProperty(label).GetDouble())]);
    }
}
