using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Several runs side by side: the first and the best policy of each, on every set that any of them measured.</summary>
internal static class RunsSection
{
    private const int MostCurves = 8;

    internal static void Write(HtmlWriter html, IReadOnlyList<ReportData> runs)
    {
        html.Open("header").Element("p", "ReSTEM runs", ("class", "kicker")).Element("h1", $"{runs.Count} runs side by side").Close();
        html.Open("section").Element("h2", "First and best policy of each run");
        html.Element("p", "Per cent of problems with a 95 % interval below each value. Runs are comparable where they measured the same problems " +
            "in the same way: sets of one name and one digest of problems stand in one table.");
        foreach (var set in runs.SelectMany(run => run.View.Evaluations.Select(set => (set.Name, Digest: ContentDigest.Of(set.Problems)))).Distinct())
        {
            ReportData[] measured = [.. runs.Where(run => Find(run, set.Name, set.Digest) is not null)];
            Table(html, set.Name, measured);
            Curves(html, measured.Select(run => (run, Find(run, set.Name, set.Digest)!)).ToList());
        }

        html.Close().Line();
    }

    /// <summary>The main metric of each run by iteration, where all are measured by the same one.</summary>
    private static void Curves(HtmlWriter html, List<(ReportData Data, EvaluationSet Set)> runs)
    {
        string[] metrics = [.. runs.Select(run => ReportData.MainMetric(run.Set)).Distinct()];
        int last = runs.Max(run => run.Data.Summary.Iterations.Select(entry => entry.Iteration).DefaultIfEmpty(0).Max());
        if (metrics.Length != 1 || runs.Count > MostCurves || last == 0)
        {
            return;
        }

        MetricLine[] lines = [.. runs.Select((run, r) => new MetricLine(
            run.Data.View.Name, ChartFrame.Style(r),
            [.. Enumerable.Range(0, last + 1).Select(iteration => run.Data.Summary.Find(iteration, run.Set.Name)?.Find(metrics[0]))]))];
        string title = $"{runs[0].Set.Name}: {metrics[0]} by iteration";
        html.Open("div", ("class", "figures")).Open("figure").Element("h3", title);
        MetricChart.Write(html, $"{title}, one line per run; the first and the best of each are in the table above", [.. Enumerable.Range(0, last + 1).Select(iteration => iteration == 0 ? "base" : $"{iteration}")], lines);
        html.Element("figcaption", "Bars are 95 % intervals over problems.").Close().Close().Line();
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
