using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What a comparison of data leaves beside its trainings, and prints.</summary>
internal static class CompareDataOutput
{
    /// <summary>All figures as one JSON object.</summary>
    internal const string JsonName = "comparison.json";

    /// <summary>The page.</summary>
    internal const string PageName = "comparison.html";

    internal static void Write(CompareDataPlan plan, DataComparison comparison, bool json)
    {
        string page = Path.Combine(plan.Folder, PageName), row = DataComparisonJson.Of(comparison).ToJsonString();
        AtomicFile.WriteText(Path.Combine(plan.Folder, JsonName), row + "\n");
        AtomicFile.WriteText(page, DataComparisonPage.Text(comparison));
        Console.Write(json ? row + "\n" : DataComparisonTable.Text(comparison) + $"page: {page}\n");
    }
}
