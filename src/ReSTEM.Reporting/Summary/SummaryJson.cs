using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The summary as the one JSON object that <c>--json</c> prints. Shares are in [0, 1]; what was not measured is absent or null.</summary>
public static class SummaryJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line of JSON, without a line break at its end.</summary>
    public static string Write(RunSummary summary)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("run", summary.View.Name);
            json.WriteString("status", summary.Status);
            json.WriteNumber("best_iteration", summary.BestIteration);
            json.WriteStartArray("iterations");
            foreach (IterationSummary iteration in summary.Iterations)
            {
                WriteIteration(json, summary.View, iteration);
            }

            json.WriteEndArray();
            WriteDifferences(json, summary.Differences);
            WriteDifficulty(json, summary.Difficulty);
            json.WriteStartArray("reading");
            foreach (string sentence in summary.Reading)
            {
                json.WriteStringValue(sentence);
            }

            json.WriteEndArray();
            json.WriteString("digest", summary.Digest);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteDecision(Utf8JsonWriter json, ValidationDecision? decision)
    {
        if (decision is null)
        {
            return;
        }

        json.WriteStartObject("decision");
        json.WriteNumber("compared_with", decision.Against);
        json.WriteNumber("difference", decision.Difference.Value);
        json.WriteNumber("p", decision.Difference.PValue);
        json.WriteNumber("goes_on_from", decision.GoesOnFrom);
        json.WriteBoolean("stops", decision.Stops);
        json.WriteEndObject();
    }

    private static void WriteIteration(Utf8JsonWriter json, RunView view, IterationSummary iteration)
    {
        json.WriteStartObject();
        json.WriteNumber("iteration", iteration.Iteration);
        if (iteration.Iteration < view.Models.Count)
        {
            json.WriteString("model", view.Models[iteration.Iteration]);
        }

        json.WriteStartObject("evaluations");
        foreach (SetSummary set in iteration.Evaluations)
        {
            json.WriteStartObject(set.Set);
            json.WriteNumber("problems", set.Problems);
            json.WriteNumber("samples", set.Samples);
            foreach (var (name, value) in set.Metrics)
            {
                WriteEstimate(json, name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteCount(json, "kept", iteration.Kept);
        WriteCount(json, "problems_solved", iteration.ProblemsSolved);
        WriteCount(json, "trained_on", iteration.TrainedOn);
        WriteEstimate(json, "train", iteration.Train);
        WriteEstimate(json, "validation", iteration.Validation);
        WriteDecision(json, iteration.Decision);
        WriteMap(json, "diagnostics", iteration.Diagnostics.ToDictionary(entry => entry.Key.ShortName, entry => entry.Value), value => WriteNumber(json, value));
        WriteMap(json, "seconds", iteration.Costs, cost => WriteNumber(json, Math.Round(cost.Seconds, 3)));
        WriteMap(json, "tokens", iteration.Costs, cost => json.WriteNumberValue(cost.Tokens));
        json.WriteEndObject();
    }

    private static void WriteDifferences(Utf8JsonWriter json, IReadOnlyList<SetDifferences> sets)
    {
        json.WriteStartObject("differences");
        foreach (SetDifferences set in sets)
        {
            json.WriteStartObject(set.Set);
            foreach (var (name, difference) in set.Metrics)
            {
                json.WriteStartObject(name);
                WriteEnds(json, difference.Value, difference.Low, difference.High);
                json.WriteNumber("p", difference.PValue);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDifficulty(Utf8JsonWriter json, IReadOnlyList<DifficultyBin> bins)
    {
        json.WriteStartArray("difficulty");
        foreach (DifficultyBin bin in bins)
        {
            json.WriteStartObject();
            json.WriteString("base_solved", bin.Name);
            json.WriteNumber("problems", bin.Problems);
            WriteEstimate(json, "before", bin.Before);
            WriteEstimate(json, "after", bin.After);
            json.WriteStartObject("difference");
            WriteEnds(json, bin.Difference.Value, bin.Difference.Low, bin.Difference.High);
            json.WriteNumber("p", bin.Difference.PValue);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter json, string name, int? count)
    {
        if (count is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        if (estimate is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        WriteEnds(json, value.Value, value.Low, value.High);
        json.WriteEndObject();
    }

    private static void WriteEnds(Utf8JsonWriter json, double value, double low, double high)
    {
        json.WriteNumber("value", value);
        json.WriteNumber("low", low);
        json.WriteNumber("high", high);
    }

    private static void WriteMap<T>(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, T> map, Action<T> write)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(key);
            write(value);
        }

        json.WriteEndObject();
    }

    /// <summary>JSON has no infinities; a diagnostic that is not finite is null.</summary>
    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
