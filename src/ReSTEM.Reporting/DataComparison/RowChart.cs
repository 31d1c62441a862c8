using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Values with their intervals, a row for each of several things whose names may be long; series lie under each other in a row.</summary>
internal static class RowChart
{
    private const double Width = 560;
    private const double Left = 140;
    private const double Right = 24;
    private const double Top = 26;
    private const double Bottom = 28;
    private const double RowHeight = 34;
    private const double Apart = 12;
    private const double Mark = 3.6;
    private const int MostSteps = 6;

    /// <summary>One kind of value.</summary>
    /// <param name="Name">Above the plot, in its colour.</param>
    /// <param name="Style">Class of its colour, <c>s1</c> to <c>s4</c>.</param>
    /// <param name="Values">One for each row; null where there is none, of no width where there is no interval.</param>
    internal sealed record Series(string Name, string Style, IReadOnlyList<Estimate?> Values);

    /// <summary>The figure; nothing where there is no value.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="description">For readers who do not see it.</param>
    /// <param name="names">Of the rows.</param>
    /// <param name="series">At most two are readable.</param>
    /// <param name="unit">Behind the numbers of the axis.</param>
    internal static void Write(HtmlWriter html, string description, IReadOnlyList<string> names, IReadOnlyList<Series> series, string unit = "")
    {
        double[] ends = [.. series.SelectMany(one => one.Values).OfType<Estimate>().SelectMany(value => new[] { value.Low, value.High })];
        if (ends.Length == 0)
        {
            return;
        }

        double step = ChartFrame.RoundStep(Math.Max(ends.Max() - ends.Min(), 1e-6) / MostSteps);
        double low = Math.Floor(ends.Min() / step) * step, high = Math.Max(Math.Ceiling(ends.Max() / step) * step, low + step), bottom = Top + (names.Count * RowHeight);
        int digits = ChartFrame.DigitsOf(step);
        html.Open("svg", ("viewBox", $"0 0 {HtmlWriter.Of(Width)} {HtmlWriter.Of(bottom + Bottom)}"), ("role", "img"), ("aria-label", description));
        for (int i = 0; low + (i * step) <= high + (step / 1e6); i++)
        {
            string x = HtmlWriter.Of(X(low + (i * step)));
            html.Void("line", ("class", "grid"), ("x1", x), ("x2", x), ("y1", HtmlWriter.Of(Top)), ("y2", HtmlWriter.Of(bottom)));
            html.Element("text", (low + (i * step)).ToString("F" + digits, CultureInfo.InvariantCulture) + unit,
                ("class", "tick"), ("x", x), ("y", HtmlWriter.Of(bottom + 18)), ("text-anchor", "middle"));
        }

        for (int row = 0; row < names.Count; row++)
        {
            html.Element("text", names[row], ("class", "axis"), ("x", HtmlWriter.Of(Left - 10)), ("y", HtmlWriter.Of(Y(row, 0, 1) + 4)), ("text-anchor", "end"));
        }

        for (int number = 0; number < series.Count; number++)
        {
            Series one = series[number];
            html.Element("text", one.Name, ("class", "name " + one.Style), ("x", HtmlWriter.Of(Left + (number * 130))), ("y", "14"));
            html.Open("g", ("class", one.Style));
            for (int row = 0; row < names.Count; row++)
            {
                Value(one, row, number);
            }

            html.Close();
        }

        html.Close().Line();

        double X(double value) => Left + ((value - low) / (high - low) * (Width - Left - Right));
        double Y(int row, int number, int count) => Top + ((row + 0.5) * RowHeight) + ((number - ((count - 1) / 2.0)) * Apart);

        void Value(Series one, int row, int number)
        {
            if (one.Values[row] is not { } value)
            {
                return;
            }

            string y = HtmlWriter.Of(Y(row, number, series.Count));
            string interval = value.Low < value.High ? $" ({Number(value.Low)} to {Number(value.High)})" : "";
            html.Open("g").Element("title", $"{one.Name}, {names[row]}: {Number(value.Value)}{unit}{interval}");
            html.Void("line", ("class", "bar"), ("x1", HtmlWriter.Of(X(value.Low))), ("x2", HtmlWriter.Of(X(value.High))), ("y1", y), ("y2", y));
            html.Void("circle", ("class", "mark"), ("cx", HtmlWriter.Of(X(value.Value))), ("cy", y), ("r", HtmlWriter.Of(Mark))).Close();
        }

        string Number(double value) => Shown.Number(value, digits + 1);
    }
}
