namespace ReSTEM.Reporting;

/// <summary>All samples of one run or several, to filter, search, compare and save.</summary>
internal static class BrowserSection
{
    private static readonly (string Value, string Name)[] Outcomes =
        [("solved", "solved in the end"), ("gained", "newly solved"), ("lost", "solved first, not in the end"), ("never", "never solved")];

    internal static void Write(HtmlWriter html, IReadOnlyList<BrowserData> runs)
    {
        if (runs.Sum(run => run.Count) == 0)
        {
            return;
        }

        html.Open("section", ("class", "samples"), ("id", "samples"), ("data-runs", $"{runs.Count}"));
        html.Element("h2", "All samples");
        html.Open("noscript").Element("p", "Looking at samples needs JavaScript; restem samples and restem show list them in a terminal.").Close();
        Filters(html);
        html.Open("p", ("class", "found"));
        html.Element("span", "Unpacking \u2026", ("data-part", "count"), ("aria-live", "polite"));
        html.Element("button", "All filters off", ("type", "button"), ("data-part", "clear"));
        html.Element("button", "Save as CSV", ("type", "button"), ("data-part", "csv")).Element("button", "Save as JSONL", ("type", "button"), ("data-part", "jsonl"));
        html.Element("button", "Save labels", ("type", "button"), ("data-part", "labels"));
        html.Open("label", ("class", "button")).Text("Load labels").Void("input", ("type", "file"), ("accept", ".jsonl"), ("data-part", "take")).Close();
        html.Element("span", "", ("data-part", "taken"), ("class", "none"), ("aria-live", "polite")).Close();
        html.Element("p", "The sample of this address is not in this page.", ("class", "callout"), ("data-part", "missing"), ("hidden", "hidden"));
        foreach (BrowserData run in runs.Where(run => run.LeftOut.Count > 0))
        {
            html.Element("p", $"Left out, so that the page stays small: {string.Join(", ", run.LeftOut)}.", ("class", "none"));
        }

        html.Open("div", ("class", "browser"));
        html.Open("div", ("class", "list"), ("data-part", "list"), ("tabindex", "0"), ("role", "group"), ("aria-label", "Samples; arrow keys go from one to the next"));
        html.Element("div", "").Close();
        html.Element("div", "", ("class", "detail"), ("data-part", "detail"));
        html.Close().Close().Line();
        int first = runs.TakeWhile(run => run.Count == 0).Count();
        Begin(html, runs, first);
        html.Script(BrowserScript.Text).Line();
        Rest(html, runs, first);
    }

    private static void Filters(HtmlWriter html)
    {
        html.Open("div", ("class", "filters"));
        foreach (var (name, label, any) in new[] { ("run", "Run", "all runs"), ("set", "Problems", "all sets"), ("policy", "Policy", "all policies"), ("draw", "Drawn", "all draws"), ("verdict", "Verdict", "all verdicts"), ("reason", "Reason", "all reasons") })
        {
            html.Open("label").Text(label).Open("select", ("data-part", name)).Element("option", any, ("value", "")).Close().Close();
        }

        html.Open("label").Text("Problem was").Open("select", ("data-part", "outcome")).Element("option", "any", ("value", ""));
        foreach (var (value, name) in Outcomes)
        {
            html.Element("option", name, ("value", value));
        }

        html.Close().Close();
        html.Open("label").Text("Label").Open("select", ("data-part", "label")).Close().Close();
        html.Open("label").Text("Search in completions, answers, prompts and ids").Void("input", ("type", "search"), ("data-part", "q"), ("autocomplete", "off")).Close();
        html.Close();
    }

    /// <summary>What the first rows need: the program, which comes next, shows them while a browser still reads the rest of a long page.</summary>
    private static void Begin(HtmlWriter html, IReadOnlyList<BrowserData> runs, int first)
    {
        for (int run = 0; run < runs.Count; run++)
        {
            html.Data($"run{run}-index", runs[run].Index);
        }

        html.Data($"run{first}-samples0", runs[first].Samples[0]);
    }

    private static void Rest(HtmlWriter html, IReadOnlyList<BrowserData> runs, int first)
    {
        for (int run = 0; run < runs.Count; run++)
        {
            for (int block = run == first ? 1 : 0; block < runs[run].Samples.Count; block++)
            {
                html.Data($"run{run}-samples{block}", runs[run].Samples[block]);
            }

            for (int block = 0; block < runs[run].Problems.Count; block++)
            {
                html.Data($"run{run}-problems{block}", runs[run].Problems[block]);
            }
        }
    }
}
