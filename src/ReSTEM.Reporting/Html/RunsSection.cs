using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Several runs side by side: the first and the best policy of each, on every set that any of them measured.</summary>
internal static class RunsSection
{
    internal static void Write(HtmlWriter html, IReadOnlyList<ReportData> runs)
    {
        html.Open("header").Element("p", "ReSTEM runs", ("class", "kicker")).Element("h1", $"{runs.Count} runs side by side").Close();
        html.Open("section").Element("h2", "First and best policy of each run");
        html.Element("p", "Per cent of problems with a 95 % interval below each value. Runs are comparable where they measured the same problems " +
            "in the same way: sets of one name and one digest of problems stand in one table.");
        foreach (var set in runs.SelectMany(run => run.View.Evaluations.Select(set => (set.Name, Digest: ContentDigest.Of(set.Problems)))).Distinct())
        {
            Table(html, set.Name, [.. runs.Where(run => Find(run, set.Name, set.Digest) is not null)]);
        }

        html.Close().Line();
    }

    private static EvaluationSet? Find(ReportData run, string name, string digest) =>
        run.View.Evaluations.FirstOrDefault(set => set.Name == name && ContentDigest.Of(set.Problems) == digest);

    private static void Table(HtmlWriter html, string set, IReadOnlyList<ReportData> runs)
    {
        string[] metrics = [.. SummaryReader.InOrder(runs
            .SelectMany(run => run.Summary.Iterations).SelectMany(entry => entry.Evaluations).Where(entry => entry.Set == set)
            .SelectMany(entry => entry.Metrics).Select(metric => metric.Key).Distinct())];
        if (metrics.Length == 0)
        {
            return;
        }

        TableMarkup.Begin(html, $"{set}: {Shown.Count(runs[0].View.Evaluations.First(entry => entry.Name == set).Problems.Count)} problems", ["run, policy", .. metrics]);
        foreach (ReportData run in runs)
        {
            foreach (int iteration in new[] { 0, run.Best }.Distinct())
            {
                html.Open("tr", ("class", iteration > 0 ? "best" : "")).Element("th", $"{run.View.Name}, {run.View.NameOf(iteration)}", ("scope", "row"));
                foreach (string metric in metrics)
                {
                    TableMarkup.Cell(html, run.Summary.Find(iteration, set)?.Find(metric));
                }

                html.Close().Line();
            }
        }

        TableMarkup.End(html);
    }
}
