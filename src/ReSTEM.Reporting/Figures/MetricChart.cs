using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>One line of a metric figure.</summary>
/// <param name="Name">Written at its right end.</param>
/// <param name="Style">Classes of its colour and marker, as <see cref="ChartFrame.Style"/> gives them.</param>
/// <param name="Values">One per iteration; null where it was not measured.</param>
internal sealed record MetricLine(string Name, string Style, IReadOnlyList<Estimate?> Values);

/// <summary>Draws shares by iteration as points with 95 % interval bars.</summary>
internal static class MetricChart
{
    private const double Width = 460;
    private const double Height = 300;
    private const double Dodge = 7;
    private const double Marker = 4;

    /// <summary>The figure; nothing when no line has a value.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="description">For readers who do not see it.</param>
    /// <param name="iterations">Labels under the axis.</param>
    /// <param name="lines">At most eight are readable.</param>
    /// <param name="axis">What the horizontal axis is; empty where its labels say so.</param>
    internal static void Write(HtmlWriter html, string description, IReadOnlyList<string> iterations, IReadOnlyList<MetricLine> lines, string axis = "")
    {
        double[] ends = [.. lines.SelectMany(line => line.Values).Where(value => value is not null)
            .SelectMany(value => new[] { 100 * value!.Value.Low, 100 * value.Value.High })];
        if (ends.Length == 0)
        {
            return;
        }

        var frame = new ChartFrame(Width, Height, ChartFrame.RoomFor(lines.Select(line => line.Name), hasKeys: false), ends, 0, 100);
        frame.Begin(html, description, " %");
        for (int i = 0; i < iterations.Count; i++)
        {
            frame.Tick(html, X(frame, i, iterations.Count), iterations[i]);
        }

        if (axis.Length > 0)
        {
            frame.Axis(html, axis);
        }

        var labels = new List<(double, string, string)>();
        for (int s = 0; s < lines.Count; s++)
        {
            double shift = (s - ((lines.Count - 1) / 2.0)) * Dodge;
            (double X, double Y, Estimate Value, string At)[] points = [.. lines[s].Values
                .Select((value, i) => (value, i))
                .Where(point => point.value is not null)
                .Select(point => (
                    X(frame, point.i, iterations.Count) + shift, frame.Y(100 * point.value!.Value.Value), point.value.Value, iterations[point.i]))];
            if (points.Length > 0)
            {
                Line(html, frame, lines[s], points);
                labels.Add((points[^1].Y, lines[s].Name, lines[s].Style));
            }
        }

        frame.EndLabels(html, labels);
        html.Close().Line();
    }

    private static double X(ChartFrame frame, int iteration, int count) => frame.X((iteration + 0.5) / count);

    private static void Line(HtmlWriter html, ChartFrame frame, MetricLine line, (double X, double Y, Estimate Value, string At)[] points)
    {
        html.Open("g", ("class", line.Style));
        html.Void("polyline", ("class", "link"), ("points", string.Join(' ', points.Select(point => $"{HtmlWriter.Of(point.X)},{HtmlWriter.Of(point.Y)}"))));
        foreach (var (x, y, value, at) in points)
        {
            html.Open("g").Element("title", $"{line.Name}, {at}: {Shown.Percent(value.Value)} % ({Shown.Interval(value)})");
            html.Void(
                "line", ("class", "bar"), ("x1", HtmlWriter.Of(x)), ("x2", HtmlWriter.Of(x)),
                ("y1", HtmlWriter.Of(frame.Y(100 * value.Low))), ("y2", HtmlWriter.Of(frame.Y(100 * value.High))));
            html.Void("path", ("class", "mark"), ("d", MarkerPath(line.Style, x, y)));
            html.Close();
        }

        html.Close();
    }

    /// <summary>Circle, square, diamond, triangle: the lines differ without colour too.</summary>
    private static string MarkerPath(string style, double x, double y)
    {
        (double X, double Y)[] corners = style.Split(' ')[0] switch
        {
            "s1" => [.. Enumerable.Range(0, 12).Select(i => (Marker * Math.Cos(i * Math.PI / 6), Marker * Math.Sin(i * Math.PI / 6)))],
            "s2" => [(-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)],
            "s3" => [(0, -5.2), (5.2, 0), (0, 5.2), (-5.2, 0)],
            _ => [(0, -5), (4.8, 3.8), (-4.8, 3.8)],
        };
        return "M" + string.Join('L', corners.Select(corner => $"{HtmlWriter.Of(x + corner.X)} {HtmlWriter.Of(y + corner.Y)}")) + "Z";
    }
}
