using System.Reflection;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>The report of a run: one HTML file without scripts or anything from outside. All text of models and data sets is escaped.</summary>
public static class HtmlReport
{
    private const string StyleName = "ReSTEM.Reporting.report.css";

    /// <summary>Writes <c>report.html</c> into a run folder, whole or not at all.</summary>
    /// <param name="folder">The run folder; its resolved configuration goes into the report if it is there.</param>
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
    /// <param name="folder">As above.</param>
    /// <param name="ledger">As above.</param>
    /// <param name="summary">As above.</param>
    public static string Text(string folder, RunLedger ledger, RunSummary summary)
    {
        string config = Path.Combine(folder, RunFolder.ResolvedConfigName);
        return Write(ledger, summary, File.Exists(config) ? File.ReadAllText(config) : "");
    }

    /// <summary>The report as text.</summary>
    internal static string Write(RunLedger ledger, RunSummary summary, string resolvedConfig)
    {
        var data = new ReportData(ledger, summary, resolvedConfig);
        var html = new HtmlWriter();
        html.Open("html", ("lang", "en")).Open("head").Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));

        // Nothing is loaded or run, even if a text found a way around the escaping.
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"));
        html.Element("title", $"{summary.View.Name} - ReSTEM report").Style(StyleSheet()).Close().Line();
        html.Open("body").Open("main");
        HeadlineSection.Write(html, data);
        TableSection.Write(html, data);
        FigureSection.Write(html, data);
        KindSection.Write(html, data);
        ExampleSection.Write(html, data);
        EmSection.Write(html, data);
        CostSection.Write(html, data);
        html.Close().Close().Close();
        return html.Document();
    }

    private static string StyleSheet()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleName)
            ?? throw new InvalidOperationException($"resource {StyleName} is missing, expected it in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
