using System.Globalization;

namespace ReSTEM.Reporting;

/// <summary>The plotting area of a figure: scales, grid and axes.</summary>
internal sealed class ChartFrame
{
    private const double LeastLeft = 44;
    private const double Top = 10;
    private const double Bottom = 42;
    private const double LabelGap = 15;
    private const int MostSteps = 6;
    private const int MostLetters = 18;
    private const double TickLetter = 7.7; // as wide as digits are in the widest of the usual fonts
    private const double NameLetter = 8;
    private const double NameGap = 8;
    private const double KeyLength = 18;
    private const int Styles = 4;

    private readonly double _width;
    private readonly double _height;
    private readonly double _right;
    private readonly double _low;
    private readonly double _high;
    private readonly double _step;
    private double _left = LeastLeft;

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
    internal double X(double share) => _left + (share * (PlotRight - _left));

    /// <summary>Classes of a line by its number: four colours, each with its own marker or dashes, then the same once more, hollow or thick.</summary>
    internal static string Style(int line) => $"s{(line % Styles) + 1}{(line / Styles % 2 == 1 ? " again" : "")}";

    /// <summary>Room right of the plotting area for the names of lines.</summary>
    /// <param name="names">What <see cref="EndLabels"/> is given.</param>
    /// <param name="hasKeys">Whether a piece of the line stands before each name.</param>
    internal static double RoomFor(IEnumerable<string> names, bool hasKeys) =>
        NameGap + (hasKeys ? KeyLength + 4 : 0) + (NameLetter * names.Max(name => Math.Min(name.Length, MostLetters))) + 4;

    /// <summary>Opens the figure with its description for readers who do not see it, and draws grid and vertical axis; to be called before <see cref="X"/>.</summary>
    internal void Begin(HtmlWriter html, string description, string unit)
    {
        html.Open(
            "svg", ("viewBox", $"0 0 {HtmlWriter.Of(_width)} {HtmlWriter.Of(_height)}"), ("role", "img"), ("aria-label", description));
        int digits = DigitsOf(_step);
        double[] values = [.. Enumerable.Range(0, (int)Math.Floor(((_high - _low) / _step) + 1e-6) + 1).Select(i => _low + (i * _step))];
        _left = Math.Max(LeastLeft, 7 + (TickLetter * values.Max(value => Label(value).Length)));
        foreach (double value in values)
        {
            string y = HtmlWriter.Of(Y(value));
            html.Void("line", ("class", "grid"), ("x1", HtmlWriter.Of(_left)), ("x2", HtmlWriter.Of(PlotRight)), ("y1", y), ("y2", y));
            html.Element(
                "text", Label(value), ("class", "tick"), ("x", HtmlWriter.Of(_left - 7)), ("y", HtmlWriter.Of(Y(value) + 4)), ("text-anchor", "end"));
        }

        string Label(double value) => value.ToString("F" + digits, CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>A label under the horizontal axis.</summary>
    internal void Tick(HtmlWriter html, double x, string text) => html.Element(
        "text", text, ("class", "tick"), ("x", HtmlWriter.Of(x)), ("y", HtmlWriter.Of(PlotBottom + 18)), ("text-anchor", "middle"));

    /// <summary>What the horizontal axis is.</summary>
    internal void Axis(HtmlWriter html, string text) => html.Element(
        "text", text, ("class", "axis"), ("x", HtmlWriter.Of((_left + PlotRight) / 2)), ("y", HtmlWriter.Of(PlotBottom + 35)),
        ("text-anchor", "middle"));

    /// <summary>Names lines at their right ends, moved apart where they would overlap; long names are cut, and whole in a tooltip.</summary>
    /// <param name="html">Where they are written.</param>
    /// <param name="labels">Height of a line's end, its name, its classes.</param>
    /// <param name="hasKeys">Whether a piece of the line stands before its name: where lines cross, colours alone do not tell them apart.</param>
    internal void EndLabels(HtmlWriter html, IEnumerable<(double Y, string Text, string Style)> labels, bool hasKeys = false)
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
            var (_, name, style) = sorted[i];
            double x = PlotRight + NameGap;
            if (hasKeys)
            {
                string y = HtmlWriter.Of(places[i]);
                html.Open("g", ("class", style)).Void("line", ("class", "curve"), ("x1", HtmlWriter.Of(x)), ("x2", HtmlWriter.Of(x + KeyLength)), ("y1", y), ("y2", y)).Close();
                x += KeyLength + 4;
            }

            html.Open("text", ("class", "name " + style), ("x", HtmlWriter.Of(x)), ("y", HtmlWriter.Of(places[i] + 4)));
            if (name.Length > MostLetters)
            {
                html.Element("title", name).Text(name[..(MostLetters - 1)] + "\u2026").Close();
            }
            else
            {
                html.Text(name).Close();
            }
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
