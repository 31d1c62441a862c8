using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The main set broken down by what its problems' metadata says of them.</summary>
internal static class KindSection
{
    private const int MostKinds = 24;
    private const string Task = "task";
    private static readonly string[] Keys = [Task, "kind", "type", "subject", "level"];

    internal static void Write(HtmlWriter html, ReportData data)
    {
        if (data.View.MainSet is not { } set || data.Summary.Find(0, set.Name) is null)
        {
            return;
        }

        var groupings = Keys.Select(key => (Key: key, Kinds: Kinds(set, key))).Where(grouping => grouping.Kinds.Count is > 1 and <= MostKinds).ToList();
        Difficulty(html, data, set);
        if (groupings.Count == 0)
        {
            return;
        }

        string metric = ReportData.MainMetric(set);
        html.Open("section").Element("h2", "By kind of problem");
        html.Element("p", $"{(metric == Metric.Greedy ? "Greedy" : "Sampled")} pass@1 on {set.Name}. Fewer problems in a row make wider intervals.");
        foreach (var (key, kinds) in groupings)
        {
            Table(html, data, set, metric, key, kinds);
        }

        html.Close().Line();
    }

    private static void Difficulty(HtmlWriter html, ReportData data, EvaluationSet set)
    {
        if (data.Summary.Difficulty.Count == 0)
        {
            return;
        }

        html.Open("section").Element("h2", "By difficulty");
        html.Element("p", $"Problems of {set.Name} by how often {data.View.NameOf(0)} solved them in half of its samples; the other half measures it, so that luck is not taken for gain.");
        TableMarkup.Begin(html, $"{set.Name} by success of {data.View.NameOf(0)}: pass@1", [data.View.NameOf(0), "problems", "before", data.View.NameOf(data.Best), "difference"]);
        foreach (DifficultyBin bin in data.Summary.Difficulty)
        {
            html.Open("tr").Element("th", bin.Name, ("scope", "row"));
            TableMarkup.Cells(html, Shown.Count(bin.Problems));
            TableMarkup.Cell(html, bin.Before);
            TableMarkup.Cell(html, bin.After);
            Cell(html, bin.Difference);
            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Close().Line();
    }

    private static void Cell(HtmlWriter html, PairedDifference difference) =>
        html.Open("td", ("class", difference.Low > 0 ? "good" : difference.High < 0 ? "bad" : "none"))
            .Text(TableMarkup.Minus(Shown.Points(difference.Value))).Element("small", TableMarkup.Minus(Shown.Interval(difference))).Close();

    private static List<(string Name, int[] Problems)> Kinds(EvaluationSet set, string key) =>
    [
        .. set.Problems.Select((problem, p) => (Kind: key == Task ? problem.Task.ToString().ToLowerInvariant() : problem.Metadata.GetValueOrDefault(key, ""), p))
            .Where(problem => problem.Kind.Length > 0)
            .GroupBy(problem => problem.Kind, StringComparer.Ordinal)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => (kind.Key, kind.Select(problem => problem.p).ToArray())),
    ];

    private static void Table(HtmlWriter html, ReportData data, EvaluationSet set, string metric, string key, List<(string Name, int[] Problems)> kinds)
    {
        double[] first = data.Values(set, 0)[metric];
        double[]? second = data.Best > 0 && data.Summary.Find(data.Best, set.Name) is not null ? data.Values(set, data.Best)[metric] : null;
        TableMarkup.Begin(
            html, $"{set.Name} by {key}",
            [key, "problems", data.View.NameOf(0), .. second is null ? Array.Empty<string>() : [data.View.NameOf(data.Best), "difference"]]);
        foreach (var (name, problems) in kinds)
        {
            double[] before = [.. problems.Select(p => first[p])];
            html.Open("tr").Element("th", name, ("scope", "row"));
            TableMarkup.Cells(html, Shown.Count(problems.Length));
            TableMarkup.Cell(html, Bootstrap.Mean(before, data.Random));
            if (second is not null)
            {
                double[] after = [.. problems.Select(p => second[p])];
                TableMarkup.Cell(html, Bootstrap.Mean(after, data.Random));
                Cell(html, Bootstrap.Difference(before, after, data.Random));
            }

            html.Close().Line();
        }

        TableMarkup.End(html);
    }
}
