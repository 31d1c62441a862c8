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
                html, options.Teacher is { } teacher ? Path.GetFileName(Path.TrimEndingDirectorySeparator(teacher.Folder)) : data.View.NameOf(entry.Iteration - 1),
                Shown.Count(data.Ledger.Samples.Count(DrawId.EStep(entry.Iteration)).Drawn), Count(entry.Kept), Count(entry.TrainedOn),
                options.MStep.Restart is RestartFrom.Base ? data.View.NameOf(0) : data.View.NameOf(entry.Iteration - 1),
                $"{result!.ChosenEpoch} of {options.MStep.Epochs}", Shown.Count(result.Steps));
            html.Open("td").Element("code", result.WeightsSha256[..Math.Min(ShownOfHash, result.WeightsSha256.Length)], ("title", result.WeightsSha256)).Close();
            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Close().Line();
    }

    private static string Count(int? count) => count is { } value ? Shown.Count(value) : TableMarkup.Missing;
}
