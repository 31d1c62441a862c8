using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A kept sample as a line of JSON, for people and other programs.</summary>
internal static class KeptRow
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(KeptSample sample) => JsonSerializer.Serialize(
        new
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
        },
        Readable);
}
