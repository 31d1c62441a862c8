using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Draws the training loss of every M-step over its optimizer steps.</summary>
internal static class LossChart
{
    private const double Width = 920;
    private const double Height = 280;
    private const double LabelRoom = 92;
    private const int MostPoints = 400;
    private const int Styles = 4;
    private const int MostTicks = 8;

    /// <summary>The figure; nothing when there are no steps.</summary>
    /// <param name="html">Where it is written.</param>
    /// <param name="trainings">By iteration: its steps, and the epoch that was kept (0 while training).</param>
    internal static void Write(HtmlWriter html, IReadOnlyList<(int Iteration, IReadOnlyList<TrainingStep> Steps, int ChosenEpoch)> trainings)
    {
        var drawn = trainings.Where(training => training.Steps.Count > 0).ToList();
        double[] losses = [.. drawn.SelectMany(training => Thinned(training.Steps)).Select(point => point.Loss)];
        if (losses.Length == 0)
        {
            return;
        }

        var frame = new ChartFrame(Width, Height, LabelRoom, losses, 0, double.MaxValue);
        int last = drawn.Max(training => training.Steps[^1].Step);
        frame.Begin(html, "Training loss by optimizer step, one line per iteration", "");
        long tick = (long)Math.Max(1, ChartFrame.RoundStep(last / (double)MostTicks));
        for (long step = 0; step <= last; step += tick)
        {
            frame.Tick(html, frame.X((double)step / last), Shown.Count(step));
        }

        frame.Axis(html, "optimizer step");
        var labels = new List<(double, string, string)>();
        foreach (var (iteration, steps, chosen) in drawn)
        {
            string style = $"s{((iteration - 1) % Styles) + 1}";
            var points = Thinned(steps).Select(point => (X: frame.X(point.Step / last), Y: frame.Y(point.Loss))).ToList();
            html.Open("g", ("class", style));
            html.Void("polyline", ("class", "curve"), ("points", string.Join(' ', points.Select(point => $"{HtmlWriter.Of(point.X)},{HtmlWriter.Of(point.Y)}"))));
            if (steps.LastOrDefault(step => step.Epoch == chosen) is { } end)
            {
                double x = frame.X((double)end.Step / last);
                html.Open("g").Element("title", $"iteration {iteration}: the weights after epoch {chosen} were kept");
                html.Void("circle", ("class", "ring"), ("cx", HtmlWriter.Of(x)), ("cy", HtmlWriter.Of(points.MinBy(point => Math.Abs(point.X - x)).Y)), ("r", "5"));
                html.Close();
            }

            html.Close();
            labels.Add((points[^1].Y, $"iteration {iteration}", style));
        }

        frame.EndLabels(html, labels);
        html.Close().Line();
    }

    /// <summary>Means of neighbouring steps, at most <see cref="MostPoints"/> of them; steps whose loss is not a number are left out.</summary>
    private static IEnumerable<(double Step, double Loss)> Thinned(IReadOnlyList<TrainingStep> steps) => steps
        .Where(step => double.IsFinite(step.Loss))
        .Chunk(Math.Max(1, (steps.Count + MostPoints - 1) / MostPoints))
        .Select(chunk => (chunk.Average(step => step.Step), chunk.Average(step => step.Loss)));
}
