using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What a sweep leaves beside its runs, and prints.</summary>
internal static class SweepOutput
{
    /// <summary>The tables, in Markdown.</summary>
    internal const string TableName = "sweep.md";

    /// <summary>The same as one JSON object.</summary>
    internal const string JsonName = "sweep.json";

    internal static void Write(SweepPlan plan, RunComparison comparison, bool json)
    {
        string table = Path.Combine(plan.Folder, TableName);
        string text = ComparisonTable.Write(comparison), row = ComparisonJson.Write(plan.Config.Name, comparison);
        AtomicFile.WriteText(table, $"# {plan.Config.Name}\n\n{text}");
        AtomicFile.WriteText(Path.Combine(plan.Folder, JsonName), row + "\n");
        if (json)
        {
            Console.WriteLine(row);
            return;
        }

        Console.Write(text);
        Console.WriteLine($"table: {table}");
    }
}
