using System.Globalization;

namespace ReSTEM.Reporting;

/// <summary>The plotting area of a figure: scales, grid and axes.</summary>
internal sealed class ChartFrame
{
    private const double Left = 44;
    private const double Top = 10;
    private const double Bottom = 42;
    private const double LabelGap = 15;
    private const int MostSteps = 6;

    private readonly double _width;
    private readonly double _height;
    private readonly double _right;
    private readonly double _low;
    private readonly double _high;
    private readonly double _step;

    /// <summary>A frame whose vertical axis holds all values, with round ends.</summary>
    /// <param name="width">Of the whole figure, in its own units.</param>
    /// <param name="height">Of the whole figure.</param>
    /// <param name="right">Room for labels right of the plotting area.</param>
    /// <param name="values">What must fit; at least one.</param>
    /// <param name="floor">The axis goes no lower.</param>
    /// <param name="ceiling">The axis goes no higher.</param>
    internal ChartFrame(double width, double height, double right, IReadOnlyCollection<double> values, double floor, double ceiling)
    {
        (_width, _height, _right) = (width, height, right);
        double low = values.Min();
        double high = Math.Max(values.Max(), low + 1e-9);
        _step = RoundStep((high - low) / MostSteps);
        _low = Math.Max(floor, Math.Floor(low / _step) * _step);
        _high = Math.Min(ceiling, Math.Ceiling(high / _step) * _step);
        if (_high - _low < _step)
        {
            (_low, _high) = _low - _step >= floor ? (_low - _step, _low) : (_low, _low + _step);
        }
    }

    internal double PlotRight => _width - _right;

    internal double PlotBottom => _height - Bottom;

    /// <summary>Vertical place of a value.</summary>
    internal double Y(double value) => PlotBottom - ((value - _low) / (_high - _low) * (PlotBottom - Top));

    /// <summary>Horizontal place of a share of the plotting area's width, 0 to 1.</summary>
    internal double X(double share) => Left + (share * (PlotRight - Left));

    /// <summary>Opens the figure with its description for readers who do not see it, and draws grid and vertical axis.</summary>
    internal void Begin(HtmlWriter html, string description, string unit)
    {
        html.Open(
            "svg", ("viewBox", $"0 0 {HtmlWriter.Of(_width)} {HtmlWriter.Of(_height)}"), ("role", "img"), ("aria-label", description));
        int digits = DigitsOf(_step);
        for (int i = 0; _low + (i * _step) <= _high + (_step / 1e6); i++)
        {
            double value = _low + (i * _step);
            string y = HtmlWriter.Of(Y(value));
            html.Void("line", ("class", "grid"), ("x1", HtmlWriter.Of(Left)), ("x2", HtmlWriter.Of(PlotRight)), ("y1", y), ("y2", y));
            html.Element(
                "text", value.ToString("F" + digits, CultureInfo.InvariantCulture) + unit,
                ("class", "tick"), ("x", HtmlWriter.Of(Left - 7)), ("y", HtmlWriter.Of(Y(value) + 4)), ("text-anchor", "end"));
        }
    }

    /// <summary>A label under the horizontal axis.</summary>
    internal void Tick(HtmlWriter html, double x, string text) => html.Element(
        "text", text, ("class", "tick"), ("x", HtmlWriter.Of(x)), ("y", HtmlWriter.Of(PlotBottom + 18)), ("text-anchor", "middle"));

    /// <summary>What the horizontal axis is.</summary>
    internal void Axis(HtmlWriter html, string text) => html.Element(
        "text", text, ("class", "axis"), ("x", HtmlWriter.Of((Left + PlotRight) / 2)), ("y", HtmlWriter.Of(PlotBottom + 35)),
        ("text-anchor", "middle"));

    /// <summary>Names lines at their right ends, moved apart where they would overlap.</summary>
    internal void EndLabels(HtmlWriter html, IEnumerable<(double Y, string Text, string Style)> labels)
    {
        var sorted = labels.OrderBy(label => label.Y).ToList();
        double[] places = [.. sorted.Select(label => label.Y)];
        for (int i = 1; i < places.Length; i++)
        {
            places[i] = Math.Max(places[i], places[i - 1] + LabelGap);
        }

        // What was pushed over the lower edge pushes back.
        for (int i = places.Length - 1; i >= 0; i--)
        {
            double most = i == places.Length - 1 ? PlotBottom : places[i + 1] - LabelGap;
            places[i] = Math.Min(places[i], most);
        }

        for (int i = 0; i < places.Length; i++)
        {
            html.Element(
                "text", sorted[i].Text, ("class", "name " + sorted[i].Style), ("x", HtmlWriter.Of(PlotRight + 8)),
                ("y", HtmlWriter.Of(places[i] + 4)));
        }
    }

    /// <summary>Digits behind the point that tell multiples of a round step apart.</summary>
    internal static int DigitsOf(double step) => Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9));

    /// <summary>The next of 1, 2, 5 times a power of ten.</summary>
    internal static double RoundStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double mantissa = raw / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }
}
