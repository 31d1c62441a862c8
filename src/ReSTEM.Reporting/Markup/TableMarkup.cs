using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Tables with captions and scoped headers, in a box that scrolls where the page is narrow.</summary>
internal static class TableMarkup
{
    internal const string Missing = "\u2013";

    /// <summary>The ends of an interval with a dash between them.</summary>
    internal static string Range(Estimate estimate) => Shown.Interval(estimate).Replace('-', '\u2013');

    /// <summary>A signed number or interval with the sign that is as wide as a plus.</summary>
    internal static string Minus(string number) => number.Replace('-', '\u2212');

    internal static void Begin(HtmlWriter html, string caption, IReadOnlyList<string> columns)
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption));
        html.Open("table").Element("caption", caption).Open("thead").Open("tr");
        foreach (string column in columns)
        {
            html.Element("th", column, ("scope", "col"));
        }

        html.Close().Close().Open("tbody").Line();
    }

    internal static void End(HtmlWriter html) => html.Close().Close().Close().Line();

    internal static void Cells(HtmlWriter html, params string[] texts)
    {
        foreach (string text in texts)
        {
            html.Element("td", text);
        }
    }

    internal static void Cell(HtmlWriter html, Estimate? estimate)
    {
        html.Open("td");
        if (estimate is { } value)
        {
            html.Text(Shown.Percent(value.Value)).Element("small", Range(value));
        }
        else
        {
            html.Text(Missing);
        }

        html.Close();
    }
}
