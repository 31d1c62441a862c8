using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What the run says about EM itself, what each number is, and what is approximate about it.</summary>
internal static class EmSection
{
    internal static void Write(HtmlWriter html, ReportData data)
    {
        var iterations = data.Summary.Iterations.Where(entry => entry.Diagnostics.Count > 0).ToList();
        if (!data.IsRun || iterations.Count == 0)
        {
            return;
        }

        Solved(html, iterations, data);
        html.Open("section").Element("h2", "EM diagnostics");
        TableMarkup.Begin(
            html, "Diagnostics of each iteration",
            ["iteration", "E[log Z]", "predicted gain B", "measured gain", "KL(q\u2016p)", "kept", "effective samples", "Remote Clique", "Chamfer"]);
        foreach (IterationSummary entry in iterations)
        {
            html.Open("tr").Element("th", data.View.NameOf(entry.Iteration), ("scope", "row"));
            TableMarkup.Cells(html, Find(entry, Measure.LogZ), Find(entry, Measure.PredictedGain));
            Gain(html, data.View.PromptsDiffer(entry.SampledBy, entry.Iteration) ? null : MeasuredGain.Of(data, entry.Iteration));
            TableMarkup.Cells(
                html, Find(entry, Measure.Kl), entry.Kept is { } kept ? Shown.Count(kept) : TableMarkup.Missing, Find(entry, Measure.EffectiveSamples, 1));
            Diversity? diversity = DiversityOf(data, entry.Iteration);
            TableMarkup.Cells(html, Number(diversity?.RemoteClique), Number(diversity?.Chamfer));
            html.Close().Line();
        }

        TableMarkup.End(html);
        Meanings(html);
        Approximations(html, data, iterations);
        html.Close().Line();
    }

    private static void Solved(HtmlWriter html, List<IterationSummary> iterations, ReportData data)
    {
        html.Open("section").Element("h2", "What the E-steps solved");
        html.Element("p", $"Each E-step draws on the same {Shown.Count(data.View.Train.Count)} training problems. " +
            "Problems that are always solved teach nothing new; problems never solved give nothing to learn from.");
        html.Open("p", ("class", "legend"));
        foreach (string name in new[] { "always", "sometimes", "never" })
        {
            html.Element("span", name + " solved", ("class", "key " + name));
        }

        html.Close().Open("figure", ("class", "wide"));
        SolvedChart.Write(html, [.. iterations.Select(entry => new SolvedChart.Row(
            $"E-step {entry.Iteration}", Number(entry, Measure.AlwaysSolved), Number(entry, Measure.SometimesSolved), Number(entry, Measure.NeverSolved)))]);
        html.Close();
        TableMarkup.Begin(html, "Training problems by E-step", ["E-step", "sampled from", "always", "sometimes", "never", "newly solved", "lost"]);
        foreach (IterationSummary entry in iterations)
        {
            html.Open("tr").Element("th", $"{entry.Iteration}", ("scope", "row"));
            TableMarkup.Cells(
                html, Teacher(data) is { } teacher ? teacher : data.View.NameOf(entry.SampledBy), Find(entry, Measure.AlwaysSolved, 0),
                Find(entry, Measure.SometimesSolved, 0), Find(entry, Measure.NeverSolved, 0), Find(entry, Measure.NewlySolved, 0), Find(entry, Measure.Lost, 0));
            html.Close().Line();
        }

        TableMarkup.End(html);
        int ever = data.View.Train.Count(problem =>
            iterations.Any(entry => data.Ledger.Samples.Count(DrawId.EStep(entry.Iteration), problem.Id).Correct > 0));
        int never = data.View.Train.Count - ever;
        html.Element("p", (never == 0 ? "Every problem was solved in some E-step of this run. " : $"{Shown.Count(never)} problems were solved in no E-step of this run. ") +
            "Newly solved and lost compare with the E-step before: a problem solved in some samples only can be lost by chance.").Close().Line();
    }

    private static void Meanings(HtmlWriter html)
    {
        (string Term, string Meaning)[] meanings =
        [
            ("E[log Z]", "Z is the probability that one sample on a training problem is correct. This is the mean over problems of its expected logarithm " +
                "given the counts (Beta posterior, Jeffreys prior), in nats; 0 is perfect. It weighs rarely solved problems much more than pass@1 does."),
            ("Predicted gain B", "By how much the M-step raised the log-probability of the accepted samples, per sample. " +
                "By Jensen's inequality the gain of log Z on the same problems is at least B."),
            ("Measured gain", "The change of E[log Z] to the next draw on the training problems, weighted over problems as B is, with a 95 % interval. " +
                "The weights come from the first of the two draws, so its lucky problems count for more and this is too small, the more so the fewer samples are drawn. Between draws with different prompts there is none."),
            ("KL(q\u2016p)", "How far the target of the M-step, the correct samples, is from the policy that was sampled: the mean of -log Z over solved problems, in nats."),
            ("Remote Clique, Chamfer", "How different the kept solutions of a problem are: the mean distance to the others, and to the nearest other, from 0 (the same words) to 1 " +
                "(none in common), by TF-IDF over words and pairs of words; means over problems with at least two different solutions."),
            ("Effective samples", "How many equally weighted sequences the kept ones are worth: (sum of weights)\u00b2 / sum of squared weights."),
        ];
        html.Open("dl", ("class", "meanings"));
        foreach (var (term, meaning) in meanings)
        {
            html.Open("div").Element("dt", term).Element("dd", meaning).Close();
        }

        html.Close().Line();
    }

    private static void Approximations(HtmlWriter html, ReportData data, List<IterationSummary> iterations)
    {
        if (data.View.Options is not { } options)
        {
            return;
        }

        html.Element("h3", "What is approximate").Open("ul");
        foreach (string sentence in ApproximationNotes.Of(options, Limited(data, options, iterations), data.View.Train.Count))
        {
            html.Element("li", sentence);
        }

        html.Close().Line();
    }

    private static int Limited(ReportData data, LoopOptions options, List<IterationSummary> iterations) => iterations.Max(entry => data.Ledger.Kept
        .Read(entry.Iteration).CountBy(sample => sample.ProblemId).Count(problem => problem.Value == options.EStep.KeepLimit));

    private static string? Teacher(ReportData data) =>
        data.View.Options?.Teacher is not null ? "another model" : null;

    private static void Gain(HtmlWriter html, Estimate? gain)
    {
        html.Open("td");
        if (gain is { } value)
        {
            html.Text(Nats(value.Value)).Element("small", $"{Nats(value.Low)} to {Nats(value.High)}");
        }
        else
        {
            html.Text(TableMarkup.Missing);
        }

        html.Close();
    }

    private static Diversity? DiversityOf(ReportData data, int iteration) => Diversity.Of(data.View.Train.Select(problem =>
        (IReadOnlyList<string>)[.. data.Ledger.Kept.Read(iteration, problem.Id).Select(kept => kept.Sample.Completion.Text)]));

    private static string Number(double? value) => value is { } number ? Nats(number) : TableMarkup.Missing;

    private static int Number(IterationSummary entry, Measure measure) => (int)entry.Diagnostics.GetValueOrDefault(measure);

    private static string Find(IterationSummary entry, Measure measure, int digits = 3) =>
        entry.Diagnostics.TryGetValue(measure, out double value) ? Nats(value, digits) : TableMarkup.Missing;

    private static string Nats(double value, int digits = 3) => TableMarkup.Minus(Shown.Number(value, digits));
}
