using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>A run that a report is about.</summary>
/// <param name="Folder">The run folder; its resolved configuration goes into the report if it is there.</param>
/// <param name="Ledger">The folder's ledger.</param>
/// <param name="Summary">Read from that ledger.</param>
public sealed record ReportedRun(string Folder, RunLedger Ledger, RunSummary Summary);

/// <summary>
/// The report of a run, or of several: one HTML file without anything from outside. The only program in it is this project's; all
/// text of models and data sets is escaped or packed.
/// </summary>
public static class HtmlReport
{
    /// <summary>Most samples of a run in its page, unless more are asked for: it then has some twenty megabytes at most.</summary>
    public const int UsualMostSamples = 100_000;

    /// <summary>Writes <c>report.html</c> into a run folder, whole or not at all.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="ledger">The folder's ledger.</param>
    /// <param name="summary">Read from that ledger.</param>
    /// <returns>Path of the report.</returns>
    public static string Save(string folder, RunLedger ledger, RunSummary summary)
    {
        string path = Path.Combine(folder, RunFolder.ReportName);
        AtomicFile.WriteText(path, Text(folder, ledger, summary));
        return path;
    }

    /// <summary>The report of a run or an evaluation, for whoever has another place for it.</summary>
    public static string Text(string folder, RunLedger ledger, RunSummary summary) =>
        Text([new ReportedRun(folder, ledger, summary)], UsualMostSamples);

    /// <summary>The report of several runs side by side, or of one.</summary>
    /// <param name="runs">At least one.</param>
    /// <param name="mostSamples">Samples that the browser gets of each run at most; 0 leaves the browser out.</param>
    /// <param name="live">Where the page is served; null for a file.</param>
    public static string Text(IReadOnlyList<ReportedRun> runs, long mostSamples, LivePage? live = null) => Write(
        [.. runs.Select(run => new ReportData(run.Ledger, run.Summary, Config(run.Folder)) { Profile = ProfileFile.Read(run.Folder) })], mostSamples, live);

    /// <summary>The report as text.</summary>
    internal static string Write(RunLedger ledger, RunSummary summary, string resolvedConfig) =>
        Write([new ReportData(ledger, summary, resolvedConfig)], UsualMostSamples);

    private static string Config(string folder)
    {
        string config = Path.Combine(folder, RunFolder.ResolvedConfigName);
        return File.Exists(config) ? File.ReadAllText(config) : "";
    }

    private static string Write(IReadOnlyList<ReportData> runs, long mostSamples, LivePage? live = null)
    {
        string title = string.Join(", ", runs.Select(run => run.View.Name));
        var html = new HtmlWriter();
        PageFrame.Begin(
            html, $"{title} - ReSTEM report", BrowserScript.Style + (live is null ? "" : LivePage.Style),
            [BrowserScript.Text, .. live is null ? Array.Empty<string>() : [LivePage.Program]], live);
        html.Open("div", ("data-live", "sections"));
        if (runs.Count > 1)
        {
            RunsSection.Write(html, runs);
        }

        foreach (ReportData run in runs)
        {
            Sections(html, run, isFolded: runs.Count > 1);
        }

        html.Close();
        if (mostSamples > 0)
        {
            BrowserSection.Write(html, [.. runs.Select(run => BrowserData.Of(run.Ledger, run.Summary, mostSamples))]);
        }

        if (live is not null)
        {
            html.Script(LivePage.Program);
        }

        html.Close().Close().Close();
        return html.Document();
    }

    /// <summary>Everything of one run but its samples; where there are several, behind its name.</summary>
    private static void Sections(HtmlWriter html, ReportData data, bool isFolded)
    {
        if (isFolded)
        {
            html.Open("details", ("class", "run")).Element("summary", data.View.Name);
        }

        HeadlineSection.Write(html, data);
        TableSection.Write(html, data);
        FigureSection.Write(html, data);
        MixupSection.Write(html, data);
        KindSection.Write(html, data);
        PanelSection.Write(html, data);
        ExampleSection.Write(html, data);
        EmSection.Write(html, data);
        LineageSection.Write(html, data);
        CostSection.Write(html, data);
        if (isFolded)
        {
            html.Close().Line();
        }
    }
}
