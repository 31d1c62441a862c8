using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>A curve as small as a word: a value by iteration over the band of its intervals.</summary>
internal static class Sparkline
{
    private const double Width = 144;
    private const double Height = 38;
    private const double Margin = 4;

    /// <summary>The figure; nothing where fewer than two values are known.</summary>
    internal static void Write(HtmlWriter html, string description, IReadOnlyList<Estimate?> values)
    {
        var known = values.Select((value, i) => (Value: value, At: i)).Where(point => point.Value is not null).Select(point => (Value: point.Value!.Value, point.At)).ToList();
        if (known.Count < 2)
        {
            return;
        }

        double low = known.Min(point => point.Value.Low), high = Math.Max(known.Max(point => point.Value.High), low + 1e-6);
        double X(int at) => Margin + ((Width - (2 * Margin)) * at / (values.Count - 1));
        double Y(double value) => Height - Margin - ((Height - (2 * Margin)) * (value - low) / (high - low));
        string Point(int at, double value) => $"{HtmlWriter.Of(X(at))},{HtmlWriter.Of(Y(value))}";
        html.Open("svg", ("viewBox", $"0 0 {HtmlWriter.Of(Width)} {HtmlWriter.Of(Height)}"), ("role", "img"), ("aria-label", description));
        html.Void("polygon", ("class", "band"), ("points", string.Join(
            ' ', known.Select(point => Point(point.At, point.Value.High)).Concat(known.AsEnumerable().Reverse().Select(point => Point(point.At, point.Value.Low))))));
        html.Void("polyline", ("class", "curve"), ("points", string.Join(' ', known.Select(point => Point(point.At, point.Value.Value)))));
        foreach (var (value, at) in known)
        {
            html.Void("circle", ("class", "mark"), ("cx", HtmlWriter.Of(X(at))), ("cy", HtmlWriter.Of(Y(value.Value))), ("r", "2.4"));
        }

        html.Close();
    }
}
