using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The kept samples of an iteration as JSONL, for people and other programs.</summary>
internal static class KeptFile
{
    internal const string Name = "kept.jsonl";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(string path, IReadOnlyList<KeptSample> kept)
    {
        var text = new StringBuilder();
        foreach (KeptSample sample in kept)
        {
            var row = new
            {
                problem_id = sample.ProblemId,
                index = sample.Index,
                count = sample.Count,
                weight = sample.Weight,
                completion = sample.Sample.Completion.Text,
                token_ids = sample.Sample.Completion.TokenIds,
                verdict = sample.Sample.Finding.Verdict.ToString(),
                reason = sample.Sample.Finding.Reason,
                answer = sample.Sample.Finding.Answer,
            };
            text.Append(JsonSerializer.Serialize(row, Readable)).Append('\n');
        }

        AtomicFile.WriteText(path, text.ToString());
    }
}
