using System.Globalization;
using System.Xml.Linq;
using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0.2, 0.9)]
    [InlineData(99.99, 100)]
    [InlineData(0, 0)]
    [InlineData(100, 100)]
    [InlineData(37.2, 37.2)]
    [InlineData(0, 100)]
    public void Every_value_is_inside_the_plot(double low, double high)
    {
        var frame = new ChartFrame(400, 300, 80, [low, high], 0, 100);
        var html = new HtmlWriter();
        frame.Begin(html, "d", "");
        var ticks = Svg(html).Elements("text").Select(text => double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture)).ToList();

        Assert.InRange(frame.Y(high), 9.9, frame.Y(low));
        Assert.InRange(frame.Y(low), frame.Y(high), frame.PlotBottom + 0.1);
        Assert.InRange(ticks.Count, 2, 8);
    }

    [Fact]
    public void Labels_at_the_ends_of_lines_do_not_overlap_and_stay_inside()
    {
        var frame = new ChartFrame(400, 300, 80, [0, 100], 0, 100);
        var html = new HtmlWriter();
        html.Open("svg");
        frame.EndLabels(html, Enumerable.Range(0, 6).Select(i => (frame.PlotBottom - (i % 2), $"line {i}", "s1")));
        double[] places = [.. Svg(html).Elements("text").Select(text => double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture)).Order()];

        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14.9, $"{pair.First} and {pair.Second} are too near."));
        Assert.InRange(places[^1], 0, frame.PlotBottom + 5);
    }

    /// <summary>Digits are 0.64 of their size wide in the widest usual font: 12 px make 7.7 px; bold names of 13 px some 8 px a letter.</summary>
    [Fact]
    public void Ticks_and_names_have_room_and_long_names_are_cut()
    {
        string name = new('n', 40);
        var frame = new ChartFrame(460, 240, ChartFrame.RoomFor([name], hasKeys: true), [0, 0.0003], 0, double.MaxValue);
        var html = new HtmlWriter();
        frame.Begin(html, "d", "");
        frame.EndLabels(html, [(100, name, "s2")], hasKeys: true);
        XElement svg = Svg(html);
        XElement tick = svg.Elements("text").First(text => text.Value == "0.00030"), label = svg.Elements("text").Single(text => text.Attribute("class")!.Value == "name s2");

        Assert.InRange(X(tick) - (7 * 7.7), 0, X(tick));
        Assert.Equal(name, label.Element("title")!.Value);
        Assert.Equal(name[..17] + "\u2026", label.LastNode!.ToString());
        Assert.InRange(X(label) + (18 * 8), 0, 460);
        Assert.Equal(X(label) - 4, double.Parse(svg.Elements("g").Single(key => key.Attribute("class")!.Value == "s2").Element("line")!.Attribute("x2")!.Value, CultureInfo.InvariantCulture), 1);

        static double X(XElement text) => double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Eight_lines_have_eight_looks() => Assert.Equal(8, Enumerable.Range(0, 8).Select(ChartFrame.Style).Distinct().Count());

    [Fact]
    public void A_long_training_is_thinned_and_a_loss_that_is_no_number_is_left_out()
    {
        TrainingStep[] steps = [.. Enumerable.Range(1, 5000).Select(i => new TrainingStep(i, 5000, 1, i == 7 ? double.NaN : 2.0 / i, 1, 1e-3, 10))];
        var html = new HtmlWriter();
        CourseChart.Write(html, "d", (920, 280), [new(1, steps, 1)], step => step.Loss);
        string points = html.Document();

        Assert.DoesNotContain("NaN", points, StringComparison.Ordinal);
        Assert.InRange(points.Length, 1000, 20_000);
    }

    /// <summary>A straight line is its own moving mean, up to its ends; noise around it is not.</summary>
    [Fact]
    public void The_moving_mean_follows_the_course_and_leaves_the_noise()
    {
        TrainingStep[] steps = [.. Enumerable.Range(1, 400).Select(i => new TrainingStep(i, 400, 1, 10 + (i / 100.0) + (i % 2 == 0 ? 0.5 : -0.5), 1, 1e-3, 10))];
        var html = new HtmlWriter();
        CourseChart.Write(html, "d", (920, 280), [new(1, steps, 1)], step => step.Loss);
        var lines = XElement.Parse(html.Document()["<!doctype html>".Length..]).Descendants("polyline").ToDictionary(
            line => line.Attribute("class")!.Value,
            line => line.Attribute("points")!.Value.Split(' ').Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture)).ToList());

        Assert.Equal(["curve", "raw"], lines.Keys.Order(StringComparer.Ordinal));
        double[] steep = [.. lines.Select(line => line.Value.Skip(10).SkipLast(10).Zip(line.Value.Skip(11)).Max(pair => Math.Abs(pair.First - pair.Second)))];
        Assert.InRange(lines["curve"][200], lines["curve"][300], lines["curve"][100]);
        Assert.True(steep[lines.Keys.ToList().IndexOf("curve")] < steep[lines.Keys.ToList().IndexOf("raw")] / 5);
    }

    private static XElement Svg(HtmlWriter html) => XElement.Parse(html.Close().Document()["<!doctype html>".Length..]);
}
