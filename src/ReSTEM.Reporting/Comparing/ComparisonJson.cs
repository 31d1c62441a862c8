using System.Text.Json;

namespace ReSTEM.Reporting;

/// <summary>A comparison as one JSON object. Shares are in [0, 1]; what was not measured is null.</summary>
public static class ComparisonJson
{
    /// <summary>One line of JSON, without a line break at its end.</summary>
    /// <param name="name">What is compared.</param>
    /// <param name="comparison">The comparison.</param>
    public static string Write(string name, RunComparison comparison) => JsonSerializer.Serialize(new
    {
        comparison = name,
        rows = comparison.Rows.Select(row => new
        {
            name = row.Name,
            runs = row.Runs.Select(run => new { run = run.Name, seed = run.Seed, iteration = run.Iteration }),
        }),
        metrics = comparison.Metrics.Select(metric => new
        {
            set = metric.Set,
            problems = metric.Problems,
            metric = metric.Metric,
            values = metric.Values.Select((value, row) => value is null ? null : new
            {
                row = comparison.Rows[row].Name,
                value = value.Value,
                difference = value.Difference is { } found ? new { value = found.Value, low = found.Low, high = found.High, p = found.PValue } : null,
            }),
        }),
        notes = comparison.Notes,
    });
}
