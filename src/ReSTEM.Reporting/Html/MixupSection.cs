using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What SFTMix made of the training sequences: how confident checkpoints were of them, the halves, and both parts of the loss.</summary>
internal static class MixupSection
{
    private static readonly double[] Quantiles = [0, 0.25, 0.5, 0.75, 1];
    private static readonly (double Width, double Height) Half = (460, 240);

    internal static void Write(HtmlWriter html, ReportData data)
    {
        if (data.View.Options?.MStep.Objective?.Mixup is not { } mixup)
        {
            return;
        }

        int[] iterations = [.. Enumerable.Range(1, data.View.Iterations).Where(iteration => data.Ledger.Phases.IsComplete(iteration, TrainingDynamics.Phase))];
        if (iterations.Length == 0)
        {
            return;
        }

        var splits = iterations.Select(iteration => (Iteration: iteration, Split: ConfidenceSplit.Of(data.Ledger.Training.ReadCheckpoints(iteration)))).ToList();
        html.Open("section").Element("h2", "Mixing confident with unconfident examples");
        html.Element("p", "SFTMix (arXiv 2410.05248): the confidence of an example is minus the mean of its perplexities under checkpoints, here of " +
            (mixup.Confidence is ConfidenceSource.Reference ? "a reference run without mixing" : "the base model and the policies of earlier iterations") +
            ". The half with the smaller perplexities, the confident one, is mixed with the other half, example by example, and mu times the loss of the mixtures is added to that of the examples.");
        Confidence(html, splits);
        html.Open("div", ("class", "figures")).Open("figure").Element("h3", "Perplexity of the training sequences");
        ConfidenceChart.Write(html, "Perplexities of the training sequences in ascending order, one line per iteration; the table above has the quartiles",
            [.. splits.Select(one => (one.Iteration, Sorted(one.Split)))]);
        html.Element("figcaption", "In ascending order, mean over the checkpoints. Left of the middle are the confident ones. " +
            $"The largest {Shown.Number(100 * (1 - ConfidenceChart.Drawn), 0)} % are left out.").Close();
        html.Open("figure").Element("h3", "Loss of the mixtures");
        CourseChart.Write(html, "Loss of the mixtures by optimizer step, one line per iteration", Half, [.. Courses(data)], step => step.Mixup ?? double.NaN);
        html.Element("figcaption", FormattableString.Invariant(
            $"In nats per mixed position, before it is weighted by mu = {mixup.Mu}. The figure above has the loss of the examples.")).Close().Close().Line();
        Losses(html, data, mixup);
        html.Close().Line();
    }

    private static void Confidence(HtmlWriter html, List<(int Iteration, ConfidenceSplit Split)> splits)
    {
        TableMarkup.Begin(
            html, "Perplexities of the training sequences, and their halves",
            ["iteration", "checkpoints", "confident", "unconfident", "least", "25 %", "median", "75 %", "greatest"]);
        foreach (var (iteration, split) in splits)
        {
            double[] sorted = Sorted(split);
            html.Open("tr").Element("th", $"{iteration}", ("scope", "row"));
            TableMarkup.Cells(html, Shown.Count(split.Checkpoints), Shown.Count(split.Confident.Count), Shown.Count(split.Unconfident.Count));
            TableMarkup.Cells(html, [.. Quantiles.Select(share => Shown.Number(share == 0.5 ? split.Median : sorted[(int)Math.Round(share * (sorted.Length - 1))], 3))]);
            html.Close().Line();
        }

        TableMarkup.End(html);
    }

    private static void Losses(HtmlWriter html, ReportData data, SftMixOptions mixup)
    {
        TableMarkup.Begin(html, "Parts of the training loss, means over the steps of an epoch, in nats", ["iteration", "epoch", "examples", "mixtures", "together"]);
        foreach (CourseChart.Course course in Courses(data))
        {
            foreach (var epoch in course.Steps.GroupBy(step => step.Epoch))
            {
                double plain = epoch.Average(step => step.Loss);
                double? mixed = epoch.Average(step => step.Mixup);
                html.Open("tr").Element("th", $"{course.Iteration}", ("scope", "row"));
                TableMarkup.Cells(
                    html, $"{epoch.Key}", Shown.Number(plain, 4), mixed is { } value ? Shown.Number(value, 4) : TableMarkup.Missing, Shown.Number(plain + (mixup.Mu * (mixed ?? 0)), 4));
                html.Close().Line();
            }
        }

        TableMarkup.End(html);
    }

    private static IEnumerable<CourseChart.Course> Courses(ReportData data) => Enumerable.Range(1, data.View.Iterations)
        .Select(iteration => new CourseChart.Course(
            iteration, data.Ledger.Training.ReadSteps(iteration), data.Ledger.Training.Read(iteration)?.ChosenEpoch ?? 0))
        .Where(course => course.Steps.Count > 0);

    private static double[] Sorted(ConfidenceSplit split) => [.. split.Perplexities.Where(value => !double.IsNaN(value)).Order()];
}
