using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The page of all runs: what each is doing and how good it is, a row each.</summary>
public static class OverviewPage
{
    /// <summary>The page.</summary>
    /// <param name="runs">In the order to show.</param>
    /// <param name="places">Where runs were looked for, in words.</param>
    /// <param name="live">Where the page is served.</param>
    public static string Text(IReadOnlyList<RunGlance> runs, string places, LivePage live)
    {
        ArgumentNullException.ThrowIfNull(live);
        var html = new HtmlWriter();
        PageFrame.Begin(html, "Runs - ReSTEM", LivePage.Style, [LivePage.Program], live);
        html.Open("form", ("action", "compare"), ("method", "get"), ("class", "runs")).Open("div", ("data-live", "runs"));
        html.Open("header").Element("p", places, ("class", "kicker")).Element("h1", Title(runs)).Close();
        if (runs.Count == 0)
        {
            html.Element("p", "A run appears here when its folder has a ledger (run.db): start one with restem run.", ("class", "none"));
        }
        else
        {
            Table(html, runs);
        }

        html.Close();
        html.Open("p", ("class", "beside")).Element("button", "Side by side", ("type", "submit")).Text("puts the ticked runs into one report.").Close();
        html.Close().Script(LivePage.Program).Close().Close().Close();
        return html.Document();
    }

    /// <summary>A page that says in one line why there is nothing to see, in place of one that was asked for.</summary>
    /// <param name="title">What was asked for.</param>
    /// <param name="fault">Why.</param>
    /// <param name="live">Where the page is served: it looks again when something changes.</param>
    public static string OfFault(string title, string fault, LivePage live)
    {
        ArgumentNullException.ThrowIfNull(live);
        var html = new HtmlWriter();
        PageFrame.Begin(html, $"{title} - ReSTEM", LivePage.Style, [LivePage.Program], live);
        html.Open("div", ("data-live", "sections")).Open("header").Element("p", "Nothing to show", ("class", "kicker")).Element("h1", title).Close();
        html.Element("p", fault, ("class", "callout")).Close();
        html.Script(LivePage.Program).Close().Close().Close();
        return html.Document();
    }

    private static string Title(IReadOnlyList<RunGlance> runs)
    {
        int running = runs.Count(run => run.Stage is RunStage.Running);
        return runs.Count == 0 ? "No run yet" : $"{Shown.Count(runs.Count)} {(runs.Count == 1 ? "run" : "runs")}{(running > 0 ? $", {Shown.Count(running)} running" : "")}";
    }

    private static void Table(HtmlWriter html, IReadOnlyList<RunGlance> runs)
    {
        html.Open("div", ("class", "scroll")).Open("table").Open("thead").Open("tr");
        foreach (var (name, style) in new[] { ("", "tick"), ("run", "left"), ("doing", "left"), ("", ""), ("base \u2192 best", ""), ("samples", ""), ("time", "") })
        {
            html.Element("th", name, ("scope", "col"), ("class", style));
        }

        html.Close().Close().Open("tbody").Line();
        foreach (RunGlance run in runs)
        {
            html.Open("tr", ("data-run", run.Slug), ("data-stage", Name(run.Stage)));
            html.Open("td", ("class", "tick"));
            if (run.Fault.Length == 0)
            {
                html.Void("input", ("type", "checkbox"), ("name", "run"), ("value", run.Slug), ("aria-label", $"{run.Name} side by side"));
            }

            html.Close().Open("th", ("scope", "row")).Element("a", run.Name, ("href", Address(run.Slug))).Element("small", run.Folder).Close();
            if (run.Fault.Length > 0)
            {
                html.Open("td", ("class", "left wide"), ("colspan", "5"));
                Stage(html, run);
                html.Element("small", run.Fault).Close();
            }
            else
            {
                Cells(html, run);
            }

            html.Close().Line();
        }

        html.Close().Close().Close().Line();
    }

    private static void Cells(HtmlWriter html, RunGlance run)
    {
        html.Open("td", ("class", "left wide"));
        Stage(html, run);
        if (run.Phase.Length > 0)
        {
            string counted = run.Done == 0 ? "" : run.Total > 0 ? $", {Shown.Count(run.Done)} of {Shown.Count(run.Total)}" : $", {Shown.Count(run.Done)}";
            html.Element("small", run.Phase + counted);
            if (run.Total > 0)
            {
                string percent = (100.0 * Math.Min(run.Done, run.Total) / run.Total).ToString("F1", CultureInfo.InvariantCulture);
                html.Open("span", ("class", "meter")).Element("i", "", ("style", $"width:{percent}%")).Close();
            }
        }

        html.Close().Open("td", ("class", "spark"));
        Sparkline.Write(html, $"{run.Measured} by iteration", run.Values);
        html.Close().Open("td", ("class", "value"));
        Estimate? first = run.Values.Count > 0 ? run.Values[0] : null, best = run.Best < run.Values.Count ? run.Values[run.Best] : null;
        if (first is { } before)
        {
            Estimate shown = run.Best > 0 && best is { } after ? after : before;
            html.Text(shown == before ? $"{Shown.Percent(before.Value)} %" : $"{Shown.Percent(before.Value)} \u2192 {Shown.Percent(shown.Value)} %");
            html.Element("small", $"{TableMarkup.Range(shown)} on {run.Measured}");
        }

        html.Close().Open("td", ("class", "count")).Text(Shown.Count(run.Samples)).Close();
        html.Open("td", ("class", "count")).Text(run.Seconds > 0 ? ProgressText.Seconds(run.Seconds) : "").Close();
    }

    private static void Stage(HtmlWriter html, RunGlance run) => html.Element("span", Name(run.Stage), ("class", "stage " + Name(run.Stage)));

    private static string Name(RunStage stage) => stage.ToString().ToLowerInvariant();

    private static string Address(string slug) => "runs/" + Uri.EscapeDataString(slug);
}
