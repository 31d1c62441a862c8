using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Samples as rows of the ledger. Token ids are 32-bit little-endian integers.</summary>
internal static class SampleRow
{
    /// <summary>What is the same for the same seed.</summary>
    internal const string ReproducibleColumns =
        "problem, sample, token_ids, completion, finish_reason, log_probability, verdict, reason, answer, answer_key, evidence, verifier";

    internal const string Columns = ReproducibleColumns + ", measurements";

    internal static Sample Read(SqliteDataReader row, int first)
    {
        var completion = new Completion
        {
            ProblemId = row.GetString(first),
            Index = row.GetInt32(first + 1),
            TokenIds = MemoryMarshal.Cast<byte, int>((byte[])row.GetValue(first + 2)).ToArray(),
            Text = row.GetString(first + 3),
            FinishReason = Enum.Parse<FinishReason>(row.GetString(first + 4)),
            LogProbability = row.GetDouble(first + 5),
        };
        var finding = new Finding
        {
            Verdict = Enum.Parse<Verdict>(row.GetString(first + 6)),
            Reason = row.GetString(first + 7),
            Answer = row.GetString(first + 8),
            AnswerKey = row.IsDBNull(first + 9) ? null : row.GetString(first + 9),
            Evidence = Details(row.GetString(first + 10)),
            Verifier = row.GetString(first + 11),
            Measurements = Details(row.GetString(first + 12)),
        };
        return new Sample(completion, finding);
    }

    internal static void Write(SqliteConnection connection, DrawId draw, IReadOnlyList<Sample> samples)
    {
        using var command = connection.Command(
            $"INSERT OR REPLACE INTO main.samples (iteration, draw, {Columns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            new object?[15]);
        foreach (var (completion, finding) in samples)
        {
            command.Execute(
                draw.Iteration, draw.Name, completion.ProblemId, completion.Index,
                MemoryMarshal.AsBytes<int>(completion.TokenIds.ToArray()).ToArray(), completion.Text,
                completion.FinishReason.ToString(), completion.LogProbability, finding.Verdict.ToString(), finding.Reason,
                finding.Answer, finding.AnswerKey, Text(finding.Evidence), finding.Verifier,
                Text(finding.Measurements));
        }
    }

    private static SortedDictionary<string, string> Details(string json) => JsonSerializer.Deserialize<SortedDictionary<string, string>>(json)!;

    private static string Text(IReadOnlyDictionary<string, string> details) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(details.ToDictionary(), StringComparer.Ordinal));
}
