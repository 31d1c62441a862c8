using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Every measurement, as tables.</summary>
internal static class TableSection
{
    internal static void Write(HtmlWriter html, ReportData data)
    {
        html.Open("section").Element("h2", data.IsRun ? "Every iteration" : "Every model");
        html.Element("p", "Per cent of problems with a 95 % interval (bootstrap over problems) below each value. pass@k: at least one of k samples is correct; " +
            "maj@k: the most frequent answer of k samples is correct; greedy: the one completion at temperature 0." +
            (data.View.Evaluations.Any(set => set.Problems.Any(problem => problem.Target is not null))
                ? " Of labels, greedy is the accuracy and macro_f1 the mean of F1 over the labels, both of that completion; agreement: the share of annotators who agree with a sample." : ""));
        foreach (EvaluationSet set in data.View.Evaluations.OrderBy(set => set == data.View.MainSet ? 0 : 1))
        {
            SetTable(html, data, set);
        }

        html.Close().Line();
        if (data.Summary.Differences.Count > 0)
        {
            Differences(html, data);
        }
    }

    private static void SetTable(HtmlWriter html, ReportData data, EvaluationSet set)
    {
        bool loop = data.IsRun && set == data.View.MainSet;
        var rows = data.Summary.Iterations.Where(entry => loop || data.Summary.Find(entry.Iteration, set.Name) is not null).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        string[] metrics = [.. SummaryReader.InOrder(rows.SelectMany(entry => data.Summary.Find(entry.Iteration, set.Name)?.Metrics ?? []).Select(metric => metric.Key).Distinct())];
        string[] columns = loop ? ["kept", "solved", "train pass@1", "validation", .. metrics, "time"] : metrics;
        TableMarkup.Begin(html, $"{set.Name}: {Shown.Count(set.Problems.Count)} problems, {set.Options.Samples} samples each", [data.IsRun ? "policy" : "model", .. columns]);
        foreach (IterationSummary entry in rows)
        {
            bool best = data.IsRun && entry.Iteration == data.Best;
            html.Open("tr", ("class", best ? "best" : "")).Open("th", ("scope", "row")).Text(data.View.NameOf(entry.Iteration));
            if (data.Summary.RankOf(entry.Iteration) is { Length: > 0 } rank)
            {
                html.Text(" ").Element("span", rank, ("class", "badge"));
            }

            html.Close();
            if (loop)
            {
                TableMarkup.Cells(html, Count(entry.Kept), Count(entry.ProblemsSolved));
                TableMarkup.Cell(html, entry.Train);
                TableMarkup.Cell(html, entry.Validation);
            }

            foreach (string metric in metrics)
            {
                TableMarkup.Cell(html, data.Summary.Find(entry.Iteration, set.Name)?.Find(metric));
            }

            if (loop)
            {
                TableMarkup.Cells(html, ProgressText.Seconds(entry.Seconds));
            }

            html.Close().Line();
        }

        TableMarkup.End(html);
    }

    private static void Differences(HtmlWriter html, ReportData data)
    {
        html.Open("section").Element("h2", "Paired differences");
        html.Element("p", $"From {data.View.NameOf(0)} to {data.View.NameOf(data.Best)}, on the same problems, in percentage points. " +
            "An interval that includes 0 shows no change; p is the two-sided bootstrap probability of a difference this large if there were none." +
            (data.View.PromptsDiffer(0, data.Best) ? " The two were given different prompts: differences are those of policies and prompts together." : ""));
        TableMarkup.Begin(html, "Paired differences by set and metric", ["set, metric", "difference", "95 % interval", "p"]);
        foreach (SetDifferences set in data.Summary.Differences)
        {
            foreach (var (metric, difference) in set.Metrics)
            {
                html.Open("tr").Element("th", $"{set.Set}, {metric}", ("scope", "row"));
                html.Element("td", TableMarkup.Minus(Shown.Points(difference.Value)), ("class", difference.Low > 0 ? "good" : difference.High < 0 ? "bad" : "none"));
                TableMarkup.Cells(html, TableMarkup.Minus(Shown.Interval(difference)), Shown.PValue(difference.PValue));
                html.Close().Line();
            }
        }

        TableMarkup.End(html);
        html.Close().Line();
    }

    private static string Count(int? count) => count is { } value ? Shown.Count(value) : TableMarkup.Missing;
}
