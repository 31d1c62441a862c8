namespace ReSTEM.Reporting;

/// <summary>Draws how many training problems an E-step solved always, sometimes and never, one bar per E-step.</summary>
internal static class SolvedChart
{
    private const double Width = 920;
    private const double Left = 150;
    private const double Right = 10;
    private const double RowHeight = 40;
    private const double BarHeight = 26;
    private const double NarrowestLabelled = 34;

    /// <summary>One bar.</summary>
    /// <param name="Name">Left of it.</param>
    /// <param name="Always">Problems with every sample correct.</param>
    /// <param name="Sometimes">With some correct.</param>
    /// <param name="Never">With none.</param>
    internal readonly record struct Row(string Name, int Always, int Sometimes, int Never);

    internal static void Write(HtmlWriter html, IReadOnlyList<Row> rows)
    {
        double height = rows.Count * RowHeight;
        html.Open("svg", ("viewBox", $"0 0 {HtmlWriter.Of(Width)} {HtmlWriter.Of(height)}"), ("role", "img"),
            ("aria-label", "Training problems solved always, sometimes and never, by E-step; the numbers are in the table below"));
        for (int i = 0; i < rows.Count; i++)
        {
            double top = (i * RowHeight) + ((RowHeight - BarHeight) / 2);
            html.Element("text", rows[i].Name, ("class", "axis"), ("x", HtmlWriter.Of(Left - 12)), ("y", HtmlWriter.Of(top + 18)), ("text-anchor", "end"));
            double total = Math.Max(1, rows[i].Always + rows[i].Sometimes + rows[i].Never);
            double x = Left;
            (string Name, string Style, int Count)[] parts =
                [("always", "always", rows[i].Always), ("sometimes", "sometimes", rows[i].Sometimes), ("never", "never", rows[i].Never)];
            foreach (var (name, style, count) in parts)
            {
                double width = count / total * (Width - Left - Right);
                Part(html, x, top, width, style, $"{Shown.Count(count)} {name} solved", Shown.Count(count));
                x += width;
            }
        }

        html.Close().Line();
    }

    private static void Part(HtmlWriter html, double x, double top, double width, string style, string title, string label)
    {
        html.Open("g", ("class", style)).Element("title", title);
        html.Void("rect", ("x", HtmlWriter.Of(x)), ("y", HtmlWriter.Of(top)), ("width", HtmlWriter.Of(Math.Max(0, width - 1))), ("height", HtmlWriter.Of(BarHeight)));
        if (width >= NarrowestLabelled)
        {
            html.Element("text", label, ("x", HtmlWriter.Of(x + (width / 2))), ("y", HtmlWriter.Of(top + 18)), ("text-anchor", "middle"));
        }

        html.Close();
    }
}
