using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What every policy was made of: whose samples, how many of them, from which weights.</summary>
internal static class LineageSection
{
    private const int ShownOfHash = 12;

    internal static void Write(HtmlWriter html, ReportData data)
    {
        var trained = data.Summary.Iterations.Select(entry => (Entry: entry, Result: data.Ledger.Training.Read(entry.Iteration))).Where(policy => policy.Result is not null).ToList();
        if (data.View.Options is not { } options || trained.Count == 0)
        {
            return;
        }

        html.Open("section").Element("h2", "Lineage");
        html.Element("p", $"What each policy was trained on, and from which weights. The base model lies in {Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Base.Folder))}.");
        TableMarkup.Begin(html, "Where each policy comes from", ["policy", "samples of", "drawn", "kept", "trained on", "from", "epoch kept", "steps", "weights"]);
        foreach (var (entry, result) in trained)
        {
            bool best = entry.Iteration == data.Best;
            html.Open("tr", ("class", best ? "best" : "")).Element("th", data.View.NameOf(entry.Iteration), ("scope", "row"));
            TableMarkup.Cells(
                html, options.Teacher is { } teacher ? Path.GetFileName(Path.TrimEndingDirectorySeparator(teacher.Folder)) : data.View.NameOf(entry.SampledBy),
                Shown.Count(data.Ledger.Samples.Count(DrawId.EStep(entry.Iteration)).Drawn), Count(entry.Kept), Count(entry.TrainedOn),
                options.MStep.Restart is RestartFrom.Base ? data.View.NameOf(0) : data.View.NameOf(entry.SampledBy),
                $"{result!.ChosenEpoch} of {options.MStep.Epochs}", Shown.Count(result.Steps));
            html.Open("td").Element("code", result.WeightsSha256[..Math.Min(ShownOfHash, result.WeightsSha256.Length)], ("title", result.WeightsSha256)).Close();
            html.Close().Line();
        }

        TableMarkup.End(html);
        Decisions(html, data, options);
        html.Close().Line();
    }

    private static void Decisions(HtmlWriter html, ReportData data, LoopOptions options)
    {
        var decided = data.Summary.Iterations.Where(entry => entry.Decision is not null).ToList();
        if (decided.Count == 0)
        {
            return;
        }

        html.Element("h3", "What validation decided").Open("ul");
        foreach (IterationSummary entry in decided)
        {
            html.Element("li", $"{data.View.NameOf(entry.Iteration)}: {entry.Decision!.Describe(options.Validation.Level)}.");
        }

        html.Close();
        html.Element("p", $"Each was compared with the best policy before it on the same {Shown.Count(data.View.Validation.Count)} validation problems, by a bootstrap test paired by problem. "
            + $"The rule: when worse {(options.Validation.WhenWorse is WhenWorse.RollBack ? "roll back" : Word(options.Validation.WhenWorse))}, when not better {Word(options.Validation.WhenNotBetter)}, at p below {Shown.Number(options.Validation.Level, 3)}.");
    }

    private static string Word(Enum choice) => choice.ToString().ToLowerInvariant();

    private static string Count(int? count) => count is { } value ? Shown.Count(value) : TableMarkup.Missing;
}
