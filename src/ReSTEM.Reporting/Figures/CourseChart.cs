using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Draws one number of every M-step over its optimizer steps: what was recorded, faint, and its moving mean.</summary>
internal static class CourseChart
{
    private const int MostPoints = 400;
    private const int WindowShare = 40; // the mean is over a fortieth of a training, and nothing is smoothed where that is one step
    private const double NarrowestTick = 110;

    /// <summary>One M-step.</summary>
    /// <param name="Iteration">Its iteration.</param>
    /// <param name="Steps">In order.</param>
    /// <param name="ChosenEpoch">The epoch that was kept; 0 while training.</param>
    internal sealed record Course(int Iteration, IReadOnlyList<TrainingStep> Steps, int ChosenEpoch);

    /// <summary>The figure; nothing when there are no steps.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="description">For readers who do not see it.</param>
    /// <param name="size">Width and height, in the figure's own units.</param>
    /// <param name="courses">One line each.</param>
    /// <param name="value">What is drawn; at least 0, or no number.</param>
    internal static void Write(HtmlWriter html, string description, (double Width, double Height) size, IReadOnlyList<Course> courses, Func<TrainingStep, double> value)
    {
        var drawn = courses.Select(course => (Course: course, Points: Points(course.Steps, value))).Where(line => line.Points.Count > 0).ToList();
        if (drawn.Count == 0)
        {
            return;
        }

        var frame = new ChartFrame(size.Width, size.Height, ChartFrame.RoomFor(drawn.Select(line => NameOf(line.Course.Iteration)), hasKeys: true), [.. drawn.SelectMany(line => line.Points).Select(point => point.Value)], 0, double.MaxValue);
        int last = drawn.Max(line => line.Course.Steps[^1].Step);
        frame.Begin(html, description, "");
        long tick = (long)Math.Max(1, ChartFrame.RoundStep(last / Math.Max(1, size.Width / NarrowestTick)));
        for (long step = 0; step <= last; step += tick)
        {
            frame.Tick(html, frame.X((double)step / last), Shown.Count(step));
        }

        frame.Axis(html, "optimizer step");
        var labels = new List<(double, string, string)>();
        foreach (var ((iteration, steps, chosen), points) in drawn)
        {
            string style = ChartFrame.Style(iteration - 1);
            var smooth = Smoothed(points);
            html.Open("g", ("class", style));
            if (smooth != points)
            {
                Line(html, frame, "raw", points, last);
            }

            Line(html, frame, "curve", smooth, last);
            if (steps.LastOrDefault(step => step.Epoch == chosen) is { } end)
            {
                html.Open("g").Element("title", $"iteration {iteration}: the weights after epoch {chosen} were kept");
                html.Void("circle", ("class", "ring"), ("cx", HtmlWriter.Of(frame.X((double)end.Step / last))),
                    ("cy", HtmlWriter.Of(frame.Y(smooth.MinBy(point => Math.Abs(point.Step - end.Step)).Value))), ("r", "5"));
                html.Close();
            }

            html.Close();
            labels.Add((frame.Y(smooth[^1].Value), NameOf(iteration), style));
        }

        frame.EndLabels(html, labels, hasKeys: true);
        html.Close().Line();
    }

    private static string NameOf(int iteration) => $"iteration {iteration}";

    private static void Line(HtmlWriter html, ChartFrame frame, string style, List<(double Step, double Value)> points, int last) => html.Void(
        "polyline", ("class", style),
        ("points", string.Join(' ', points.Select(point => $"{HtmlWriter.Of(frame.X(point.Step / last))},{HtmlWriter.Of(frame.Y(point.Value))}"))));

    /// <summary>Means of neighbouring steps, at most <see cref="MostPoints"/> of them; steps whose value is not a number are left out.</summary>
    private static List<(double Step, double Value)> Points(IReadOnlyList<TrainingStep> steps, Func<TrainingStep, double> value) =>
    [
        .. steps
            .Where(step => double.IsFinite(value(step)))
            .Chunk(Math.Max(1, (steps.Count + MostPoints - 1) / MostPoints))
            .Select(chunk => (chunk.Average(step => step.Step), chunk.Average(value))),
    ];

    /// <summary>Means over a window around each point, narrower at the ends; the same list where the window is one point.</summary>
    private static List<(double Step, double Value)> Smoothed(List<(double Step, double Value)> points)
    {
        int half = points.Count / (2 * WindowShare);
        return half == 0 ? points : [.. points.Select((point, i) =>
        {
            int around = Math.Min(half, Math.Min(i, points.Count - 1 - i));
            return (point.Step, points.GetRange(i - around, (2 * around) + 1).Average(near => near.Value));
        })];
    }
}
