using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>A reliability diagram: how often predictions of each confidence are right; the diagonal is a model that knows what it does not know.</summary>
internal static class ReliabilityChart
{
    private const double Width = 460;
    private const double Height = 300;
    private const double MostRadius = 9;
    private const double LeastRadius = 2;

    /// <summary>The figure.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="description">For readers who do not see it.</param>
    /// <param name="models">A name and the bins of each model.</param>
    internal static void Write(HtmlWriter html, string description, IReadOnlyList<(string Name, IReadOnlyList<ReliabilityBin> Bins)> models)
    {
        var frame = new ChartFrame(Width, Height, ChartFrame.RoomFor(models.Select(one => one.Name), hasKeys: true), [0, 1], 0, 1);
        frame.Begin(html, description, "");
        foreach (int tenths in new[] { 0, 2, 4, 6, 8, 10 })
        {
            frame.Tick(html, frame.X(tenths / 10.0), $"{tenths / 10.0:0.0}");
        }

        frame.Axis(html, "confidence");
        html.Void("line", ("class", "axis-line"), ("x1", At(frame.X(0))), ("y1", At(frame.Y(0))), ("x2", At(frame.X(1))), ("y2", At(frame.Y(1))));
        var labels = new List<(double, string, string)>();
        foreach (var ((name, bins), model) in models.Select((one, model) => (one, model)))
        {
            string style = ChartFrame.Style(model);
            ReliabilityBin[] there = [.. bins.Where(bin => bin.Count > 0)];
            int most = there.Max(bin => bin.Count);
            html.Open("g", ("class", style)).Void("polyline", ("class", "curve"), ("points", string.Join(
                ' ', there.Select(bin => $"{At(frame.X(bin.Confidence))},{At(frame.Y(bin.Accuracy))}"))));
            foreach (ReliabilityBin bin in there)
            {
                html.Void("circle", ("class", "bin"), ("cx", At(frame.X(bin.Confidence))), ("cy", At(frame.Y(bin.Accuracy))),
                    ("r", At(Math.Max(LeastRadius, MostRadius * Math.Sqrt(bin.Count / (double)most)))));
            }

            html.Close();
            labels.Add((frame.Y(there[^1].Accuracy), name, style));
        }

        frame.EndLabels(html, labels, hasKeys: true);
        html.Close().Line();
    }

    private static string At(double number) => HtmlWriter.Of(number);
}
