using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The first screen: what was found, in a sentence and a few numbers, and what kind of gain it is.</summary>
internal static class HeadlineSection
{
    internal static void Write(HtmlWriter html, ReportData data)
    {
        html.Open("header");
        html.Element("p", data.IsRun ? "ReSTEM run" : "ReSTEM evaluation", ("class", "kicker")).Element("h1", data.View.Name);
        html.Element("p", Together(Sentence(data)), ("class", "lead"));
        if (data.Summary.Status != RunSummary.Complete)
        {
            html.Element("p", "This run is not finished: what follows is what is known so far.", ("class", "callout"));
        }

        html.Close().Line();
        Tiles(html, data);
        Reading(html, data.Summary.Reading);
    }

    private static void Reading(HtmlWriter html, IReadOnlyList<string> sentences)
    {
        if (sentences.Count == 0)
        {
            return;
        }

        html.Open("section", ("class", "reading"), ("aria-label", "What kind of gain it is"));
        foreach (string sentence in sentences)
        {
            html.Element("p", Together(sentence));
        }

        html.Close().Line();
    }

    private static string Sentence(ReportData data)
    {
        if (data.View.MainSet is not { } set || data.Summary.Find(0, set.Name) is not { } first)
        {
            return "Nothing has been measured yet.";
        }

        string metric = ReportData.MainMetric(set);
        string what = $"{(metric == Metric.Greedy ? "Greedy" : "Sampled")} pass@1 on {Shown.Count(set.Problems.Count)} {set.Name} problems";
        var difference = data.Summary.Differences.FirstOrDefault(entry => entry.Set == set.Name)?.Find(metric);
        if (difference is not { } found || data.Summary.Find(data.Best, set.Name)?.Find(metric) is not { } after || first.Find(metric) is not { } before)
        {
            return first.Find(metric) is { } alone ? $"{what} is {Shown.Percent(alone.Value)} % for {Of(data, 0)}." : $"{what} was not measured.";
        }

        string verb = found.Low > 0 ? "rose:" : found.High < 0 ? "fell:" : "shows no change:";
        return $"{what} {verb} {Shown.Percent(before.Value)} % for {Of(data, 0)}, {Shown.Percent(after.Value)} % for {Of(data, data.Best)}: " +
            TableMarkup.Minus($"{Shown.Points(found.Value)} points, 95 % interval {Shown.Interval(found)}.");
    }

    /// <summary>Keeps a number and its per cent sign on one line.</summary>
    private static string Together(string text) => text.Replace(" %", "\u00a0%", StringComparison.Ordinal);

    private static string Of(ReportData data, int iteration) => data.IsRun && iteration == 0 ? "the base model" : data.View.NameOf(iteration);

    private static void Tiles(HtmlWriter html, ReportData data)
    {
        if (data.View.MainSet is not { } set || data.Summary.Differences.FirstOrDefault(entry => entry.Set == set.Name) is not { } differences)
        {
            return;
        }

        html.Open("dl", ("class", "tiles"));
        foreach (var (metric, difference) in differences.Metrics)
        {
            if (data.Summary.Find(0, set.Name)?.Find(metric) is { } before && data.Summary.Find(data.Best, set.Name)?.Find(metric) is { } after)
            {
                html.Open("div").Element("dt", metric).Open("dd");
                html.Element("span", Shown.Percent(before.Value), ("class", "from")).Element("span", " \u2192 ", ("class", "arrow"));
                html.Element("span", Shown.Percent(after.Value), ("class", "to")).Element("span", " %", ("class", "unit"));
                html.Element(
                    "span", TableMarkup.Minus($"{Shown.Points(difference.Value)} points"),
                    ("class", "change " + (difference.Low > 0 ? "good" : difference.High < 0 ? "bad" : "none")));
                html.Element("span", TableMarkup.Minus(Shown.Interval(difference)), ("class", "ends"));
                html.Close().Close();
            }
        }

        html.Close().Line();
    }
}
