using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The figures of what was measured per iteration, and of the training loss.</summary>
internal static class FigureSection
{
    private static readonly (double Width, double Height) Wide = (920, 280);
    private static readonly (double Width, double Height) Half = (460, 240);

    internal static void Write(HtmlWriter html, ReportData data)
    {
        html.Open("section").Element("h2", "Figures").Open("div", ("class", "figures"));
        foreach (EvaluationSet set in data.View.Evaluations.Where(set => set.Options.At is EvaluateAt.Every || !data.IsRun))
        {
            Metrics(html, data, set);
        }

        if (data.IsRun && data.View.MainSet is { } main)
        {
            Gap(html, data, main);
        }

        if (data.View.MainSet is { } first)
        {
            PassCurve.Write(html, data, first);
        }

        html.Close();
        if (data.IsRun)
        {
            Training(html, data);
        }

        html.Close().Line();
    }

    private static void Metrics(HtmlWriter html, ReportData data, EvaluationSet set)
    {
        string[] all = [.. SummaryReader.InOrder(data.Summary.Iterations
            .SelectMany(entry => data.Summary.Find(entry.Iteration, set.Name)?.Metrics ?? []).Select(metric => metric.Key).Distinct())];

        // Four lines are readable: pass@1, greedy, the largest k of pass@k, or macro-F1 of labels, and of maj@k.
        (string? Metric, string Style)[] chosen =
        [
            (all.FirstOrDefault(metric => metric == "pass@1"), "s1"),
            (all.FirstOrDefault(metric => metric == Metric.Greedy), "s2"),
            (all.FirstOrDefault(metric => metric == Metric.MacroF1)
                ?? all.LastOrDefault(metric => metric.StartsWith("pass@", StringComparison.Ordinal) && metric != "pass@1"), "s3"),
            (all.LastOrDefault(metric => metric.StartsWith("maj@", StringComparison.Ordinal)), "s4"),
        ];
        MetricLine[] lines = [.. chosen.Where(entry => entry.Metric is not null).Select(entry => new MetricLine(
            entry.Metric!, entry.Style, [.. data.Summary.Iterations.Select(one => data.Summary.Find(one.Iteration, set.Name)?.Find(entry.Metric!))]))];
        Figure(html, data, lines, $"{set.Name}: every metric", "Bars are 95 % intervals over problems.");
    }

    private static void Gap(HtmlWriter html, ReportData data, EvaluationSet main)
    {
        string metric = ReportData.MainMetric(main);
        MetricLine[] lines =
        [
            new("train", "s2", [.. data.Summary.Iterations.Select(entry => entry.Train)]),
            new("validation", "s3", [.. data.Summary.Iterations.Select(entry => entry.Validation)]),
            new(main.Name, "s1", [.. data.Summary.Iterations.Select(entry => data.Summary.Find(entry.Iteration, main.Name)?.Find(metric))]),
        ];
        Figure(html, data, lines, "Train, validation and test: pass@1",
            "A growing distance between train and test is over-fitting. Validation chooses the epoch and the best iteration, so it is slightly too good for what it chose." +
            (data.View.Train.Select(problem => problem.Task).Distinct().Skip(1).Any() ? " It is over all tasks; the other two are not." : ""));
    }

    private static void Figure(HtmlWriter html, ReportData data, MetricLine[] lines, string title, string note)
    {
        if (lines.All(line => line.Values.All(value => value is null)))
        {
            return;
        }

        string[] labels = [.. data.Summary.Iterations.Select(entry => !data.IsRun ? data.View.NameOf(entry.Iteration) : entry.Iteration == 0 ? "base" : $"{entry.Iteration}")];
        html.Open("figure").Element("h3", title);
        MetricChart.Write(html, $"{title} by iteration; the numbers are in the table above", labels, lines);
        html.Element("figcaption", note).Close().Line();
    }

    private static void Training(HtmlWriter html, ReportData data)
    {
        CourseChart.Course[] courses =
        [
            .. Enumerable.Range(1, data.View.Iterations).Select(iteration => new CourseChart.Course(
                iteration, data.Ledger.Training.ReadSteps(iteration), data.Ledger.Training.Read(iteration)?.ChosenEpoch ?? 0)),
        ];
        if (courses.All(course => course.Steps.Count == 0))
        {
            return;
        }

        html.Open("figure", ("class", "wide")).Element("h3", "Training loss");
        CourseChart.Write(html, "Training loss by optimizer step, one line per iteration", Wide, courses, step => step.Loss);
        html.Element("figcaption", "Weighted mean negative log-likelihood per completion token, in nats, of each M-step's batches" +
            ", and their moving mean where there are many. A ring marks the end of the epoch whose weights were kept.").Close().Line();
        html.Open("div", ("class", "figures")).Open("figure").Element("h3", "Gradient norm");
        CourseChart.Write(html, "Norm of the gradient before clipping by optimizer step, one line per iteration", Half, courses, step => step.GradientNorm);
        html.Element("figcaption", "Of the whole gradient, before it is clipped.").Close().Open("figure").Element("h3", "Learning rate");
        CourseChart.Write(html, "Learning rate by optimizer step, one line per iteration", Half, courses, step => step.LearningRate);
        html.Close().Close().Line();
    }
}
