using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>A comparison as tables in Markdown, one for each set.</summary>
public static class ComparisonTable
{
    /// <summary>The tables, and what to know of them.</summary>
    public static string Write(RunComparison comparison)
    {
        var text = new StringBuilder();
        foreach (var set in comparison.Metrics.GroupBy(metric => metric.Set))
        {
            ComparedMetric[] metrics = [.. set];
            text.Append(text.Length > 0 ? "\n" : "").Append(set.Key).Append(": ").Append(Shown.Count(metrics[0].Problems)).Append(" problems, ")
                .Append(Seeds(comparison)).Append("; %, difference from ").Append(comparison.Rows[0].Name).Append(" in points, 95 % interval; ** where it excludes 0\n\n");
            Line(text, ["", "iteration", .. metrics.Select(metric => metric.Metric)]);
            Line(text, ["---", "---", .. metrics.Select(_ => "--:")]);
            for (int row = 0; row < comparison.Rows.Count; row++)
            {
                Line(text, [comparison.Rows[row].Name, Iterations(comparison.Rows[row]), .. metrics.Select(metric => Cell(metric.Values[row]))]);
            }
        }

        text.Append('\n');
        foreach (string note in comparison.Notes)
        {
            text.Append(note).Append('\n');
        }

        return text.ToString();
    }

    private static string Seeds(RunComparison comparison)
    {
        ulong[] seeds = [.. comparison.Rows[0].Runs.Select(run => run.Seed)];
        return $"{(seeds.Length == 1 ? "seed" : "seeds")} {string.Join(", ", seeds)}";
    }

    private static string Iterations(ComparedRow row) => string.Join(", ", row.Runs.Select(run => run.Iteration));

    private static string Cell(ComparedValue? value) => value switch
    {
        null => "-",
        { Difference: null } => Shown.Percent(value.Value),
        { Difference: { Low: > 0 } or { High: < 0 } } => $"{Shown.Percent(value.Value)} **{Difference(value.Difference.Value)}**",
        _ => $"{Shown.Percent(value.Value)} {Difference(value.Difference.Value)}",
    };

    private static string Difference(PairedDifference difference) => $"{Shown.Points(difference.Value)} ({Shown.Interval(difference)})";

    private static void Line(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
