using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>How far several verifiers of the E-steps' samples agree, and samples on which they do not.</summary>
internal static class PanelSection
{
    private const int ShownSamples = 10;

    internal static void Write(HtmlWriter html, ReportData data)
    {
        var iterations = data.Summary.Iterations
            .Select(entry => (entry.Iteration, Measures: data.Ledger.Measures.Read(entry.Iteration)))
            .Where(entry => entry.Measures.ContainsKey(Measure.PanelAgreement)).ToList();
        if (iterations.Count == 0)
        {
            return;
        }

        html.Open("section").Element("h2", "How far the verifiers agree");
        html.Element("p", "Several verifiers judged every sample as annotators do; the first of them, the run's own, gave the reward. Agreement is the share of verifiers " +
            "that say what most say, its mean over samples is here. Krippendorff's alpha puts it beside what chance would give: 1 is perfect, 0 chance." +
            (data.View.Options?.EStep.Agreement is { } gamma ? $" Samples with an agreement below {Shown.Number(gamma, 2)} were withheld from the M-step." : ""));
        TableMarkup.Begin(html, "Verifiers by E-step", ["E-step", "samples", "mean agreement", "alpha", "disputed", "withheld"]);
        foreach (var (iteration, measures) in iterations)
        {
            html.Open("tr").Element("th", $"{iteration}", ("scope", "row"));
            TableMarkup.Cells(
                html, Find(measures, Measure.Samples, 0), Find(measures, Measure.PanelAgreement, 4), Find(measures, Measure.PanelAlpha, 3),
                Find(measures, Measure.PanelDisputed, 0), Find(measures, Measure.PanelWithheld, 0));
            html.Close().Line();
        }

        TableMarkup.End(html);
        Disputed(html, data, [.. iterations.Select(entry => entry.Iteration)]);
        html.Close().Line();
    }

    private static void Disputed(HtmlWriter html, ReportData data, int[] iterations)
    {
        var disputed = iterations.SelectMany(iteration => data.View.Train.SelectMany(problem => data.Ledger.Samples.Read(DrawId.EStep(iteration), problem.Id)
                .Select(sample => (iteration, problem.Id, sample, Ratings: PanelVerifier.RatingsOf(sample.Finding)))))
            .Where(entry => entry.Ratings?.Distinct().Count() > 1).Take(ShownSamples).ToList();
        if (disputed.Count == 0)
        {
            return;
        }

        TableMarkup.Begin(html, $"The first samples on which they do not agree, {ShownSamples} at most", ["E-step", "problem", "sample", "verifiers, the run's own first", "reason of the run's own"]);
        foreach (var (iteration, id, sample, ratings) in disputed)
        {
            html.Open("tr").Element("th", $"{iteration}", ("scope", "row"));
            TableMarkup.Cells(html, id, $"{sample.Completion.Index}", string.Join(", ", ratings!), sample.Finding.Reason);
            html.Close().Line();
        }

        TableMarkup.End(html);
    }

    private static string Find(IReadOnlyDictionary<Measure, Estimate> measures, Measure measure, int digits) =>
        measures.TryGetValue(measure, out Estimate value) ? TableMarkup.Minus(Shown.Number(value.Value, digits)) : TableMarkup.Missing;
}
