using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Accuracy over the agreement threshold gamma, by data set, each with the line that fits it best.</summary>
internal static class AgreementChart
{
    private const double Width = 460;
    private const double Height = 300;
    private const double LabelRoom = 110;
    private const double Radius = 3.5;
    private const int Styles = 4;

    /// <summary>The figure.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="curves">A name and the curve of each data set, all of the same thresholds.</param>
    internal static void Write(HtmlWriter html, IReadOnlyList<(string Name, AgreementCurve Curve)> curves)
    {
        double[] gammas = [.. curves[0].Curve.Points.Select(point => point.Gamma)];
        double low = gammas[0], span = Math.Max(gammas[^1] - low, 1e-9);
        var frame = new ChartFrame(Width, Height, LabelRoom, [.. curves.SelectMany(one => one.Curve.Points).Select(point => 100 * point.Accuracy.Value)], 0, 100);
        frame.Begin(html, $"Accuracy over the agreement threshold for {string.Join(", ", curves.Select(one => one.Name))}; the numbers are in the table below", " %");
        foreach (double gamma in gammas)
        {
            frame.Tick(html, X(gamma), Shown.Number(gamma, 2));
        }

        frame.Axis(html, "agreement of the annotators, at least");
        var labels = new List<(double, string, string)>();
        foreach (var ((name, curve), number) in curves.Select((one, number) => (one, number)))
        {
            string style = $"s{(number % Styles) + 1}";
            html.Open("g", ("class", style));
            if (curve.Fit is { } fit)
            {
                html.Void("line", ("class", "link"), ("x1", HtmlWriter.Of(X(gammas[0]))), ("x2", HtmlWriter.Of(X(gammas[^1]))),
                    ("y1", HtmlWriter.Of(Y(fit.Intercept + (fit.Slope * gammas[0])))), ("y2", HtmlWriter.Of(Y(fit.Intercept + (fit.Slope * gammas[^1])))));
            }

            foreach (AgreementPoint point in curve.Points)
            {
                html.Open("g").Element("title", $"{name}, gamma {Shown.Number(point.Gamma, 3)}: {Shown.Percent(point.Accuracy.Value)} % of {Shown.Count(point.Items)} problems");
                html.Void("circle", ("class", "mark"), ("cx", HtmlWriter.Of(X(point.Gamma))), ("cy", HtmlWriter.Of(Y(point.Accuracy.Value))), ("r", HtmlWriter.Of(Radius))).Close();
            }

            html.Close();
            labels.Add((Y(curve.Points[^1].Accuracy.Value), name, style));
        }

        frame.EndLabels(html, labels);
        html.Close().Line();

        double X(double gamma) => frame.X((gamma - low) / span);
        double Y(double accuracy) => frame.Y(100 * accuracy);
    }
}
