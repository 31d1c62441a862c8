using System.Reflection;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>A run that a report is about.</summary>
/// <param name="Folder">The run folder; its resolved configuration goes into the report if it is there.</param>
/// <param name="Ledger">The folder's ledger.</param>
/// <param name="Summary">Read from that ledger.</param>
public sealed record ReportedRun(string Folder, RunLedger Ledger, RunSummary Summary);

/// <summary>
/// The report of a run, or of several: one HTML file without anything from outside. The only program in it is the sample browser's; all
/// text of models and data sets is escaped or packed.
/// </summary>
public static class HtmlReport
{
    /// <summary>Most samples of a run in its page, unless more are asked for: it then has some twenty megabytes at most.</summary>
    public const int UsualMostSamples = 100_000;

    private const string StyleName = "ReSTEM.Reporting.report.css";

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
    public static string Text(IReadOnlyList<ReportedRun> runs, long mostSamples) => Write(
        [.. runs.Select(run => new ReportData(run.Ledger, run.Summary, Config(run.Folder)) { Profile = ProfileFile.Read(run.Folder) })], mostSamples);

    /// <summary>The report as text.</summary>
    internal static string Write(RunLedger ledger, RunSummary summary, string resolvedConfig) =>
        Write([new ReportData(ledger, summary, resolvedConfig)], UsualMostSamples);

    private static string Config(string folder)
    {
        string config = Path.Combine(folder, RunFolder.ResolvedConfigName);
        return File.Exists(config) ? File.ReadAllText(config) : "";
    }

    private static string Write(IReadOnlyList<ReportData> runs, long mostSamples)
    {
        string title = string.Join(", ", runs.Select(run => run.View.Name));
        var html = new HtmlWriter();
        html.Open("html", ("lang", "en")).Open("head").Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));

        // Nothing is loaded, and nothing run but the browser's own program, even if a text found a way around the escaping.
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", $"default-src 'none'; style-src 'unsafe-inline'; script-src {BrowserScript.Source}"));
        html.Element("title", $"{title} - ReSTEM report").Style(StyleSheet() + BrowserScript.Style).Close().Line();
        html.Open("body").Open("main");
        if (runs.Count > 1)
        {
            RunsSection.Write(html, runs);
        }

        foreach (ReportData run in runs)
        {
            Sections(html, run, isFolded: runs.Count > 1);
        }

        if (mostSamples > 0)
        {
            BrowserSection.Write(html, [.. runs.Select(run => BrowserData.Of(run.Ledger, run.Summary, mostSamples))]);
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
        KindSection.Write(html, data);
        ExampleSection.Write(html, data);
        EmSection.Write(html, data);
        CostSection.Write(html, data);
        if (isFolded)
        {
            html.Close().Line();
        }
    }

    private static string StyleSheet()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleName)
            ?? throw new InvalidOperationException($"resource {StyleName} is missing, expected it in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
