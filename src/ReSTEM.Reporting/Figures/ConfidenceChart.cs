namespace ReSTEM.Reporting;

/// <summary>Draws the perplexities of each iteration's training sequences in ascending order, over the share of sequences below them.</summary>
internal static class ConfidenceChart
{
    /// <summary>Share of sequences that is drawn: the perplexities of the last ones may be many times those of all others.</summary>
    internal const double Drawn = 0.95;

    private const double Width = 460;
    private const double Height = 240;
    private const int MostPoints = 200;

    /// <summary>The figure.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="description">For readers who do not see it.</param>
    /// <param name="iterations">Of each iteration its perplexities, ascending, at least two.</param>
    internal static void Write(HtmlWriter html, string description, IReadOnlyList<(int Iteration, double[] Perplexities)> iterations)
    {
        var lines = iterations.Select(one => (one.Iteration, Points: Points(one.Perplexities))).ToList();
        var frame = new ChartFrame(Width, Height, ChartFrame.RoomFor(lines.Select(line => NameOf(line.Iteration)), hasKeys: true), [.. lines.SelectMany(line => line.Points).Select(point => point.Value)], 0, double.MaxValue);
        frame.Begin(html, description, "");
        foreach (int percent in new[] { 0, 25, 50, 75, 100 })
        {
            frame.Tick(html, frame.X(percent / 100.0), $"{percent} %");
        }

        string middle = HtmlWriter.Of(frame.X(0.5));
        html.Void("line", ("class", "grid"), ("x1", middle), ("x2", middle), ("y1", HtmlWriter.Of(frame.Y(lines.Max(line => line.Points[^1].Value)))), ("y2", HtmlWriter.Of(frame.PlotBottom)));
        frame.Axis(html, "share of sequences, the confident half first");
        var labels = new List<(double, string, string)>();
        foreach (var (iteration, points) in lines)
        {
            string style = ChartFrame.Style(iteration - 1);
            html.Open("g", ("class", style)).Void("polyline", ("class", "curve"), ("points", string.Join(
                ' ', points.Select(point => $"{HtmlWriter.Of(frame.X(point.Share))},{HtmlWriter.Of(frame.Y(point.Value))}"))));
            html.Close();
            labels.Add((frame.Y(points[^1].Value), NameOf(iteration), style));
        }

        frame.EndLabels(html, labels, hasKeys: true);
        html.Close().Line();
    }

    private static string NameOf(int iteration) => $"iteration {iteration}";

    private static (double Share, double Value)[] Points(double[] sorted)
    {
        int last = Math.Max(1, (int)Math.Ceiling(Drawn * (sorted.Length - 1))), step = Math.Max(1, last / MostPoints);
        return [.. Enumerable.Range(0, last + 1).Where(i => i % step == 0 || i == last).Select(i => (i / (double)(sorted.Length - 1), sorted[i]))];
    }
}
