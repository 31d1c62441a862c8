using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What every phase cost, and how to do it again.</summary>
internal static class CostSection
{
    internal static void Write(HtmlWriter html, ReportData data)
    {
        Costs(html, data);
        Profile(html, data);
        Reproduce(html, data);
    }

    private static void Costs(HtmlWriter html, ReportData data)
    {
        double total = data.Summary.Iterations.Sum(entry => entry.Seconds);
        if (total <= 0)
        {
            return;
        }

        html.Open("section").Element("h2", "Cost");
        TableMarkup.Begin(html, "Wall-clock time and tokens of each phase, over all starts", ["phase", "time", "share", "tokens", "tokens/s"]);
        foreach (IterationSummary entry in data.Summary.Iterations)
        {
            foreach (var (phase, cost) in entry.Costs.OrderBy(cost => Order(cost.Key)).ThenBy(cost => cost.Key, StringComparer.Ordinal))
            {
                html.Open("tr").Element("th", $"{data.View.NameOf(entry.Iteration)}, {phase}", ("scope", "row"));
                TableMarkup.Cells(html, ProgressText.Seconds(cost.Seconds));
                string percent = (100 * cost.Seconds / total).ToString("F1", CultureInfo.InvariantCulture);
                html.Open("td", ("class", "share")).Element("span", "", ("class", "bar"), ("style", $"width:{percent}%")).Text($"{percent} %").Close();
                TableMarkup.Cells(html, Shown.Count(cost.Tokens), cost.Seconds > 0 ? Shown.Count((long)(cost.Tokens / cost.Seconds)) : TableMarkup.Missing);
                html.Close().Line();
            }
        }

        long tokens = data.Summary.Iterations.Sum(entry => entry.Costs.Values.Sum(cost => cost.Tokens));
        html.Open("tr", ("class", "total")).Element("th", "total", ("scope", "row"));
        TableMarkup.Cells(html, ProgressText.Seconds(total), "", Shown.Count(tokens), Shown.Count((long)(tokens / total)));
        html.Close().Line();
        TableMarkup.End(html);
        html.Element("p", "Time depends on the machine and is the only part of a run that its seed does not decide.").Close().Line();
    }

    private static void Profile(HtmlWriter html, ReportData data)
    {
        if (data.Profile.Count == 0)
        {
            return;
        }

        html.Open("section").Element("h2", "Profile");
        TableMarkup.Begin(html, "What each phase waited for", ProfileTable.Columns);
        foreach (string[] row in ProfileTable.Rows(data.View, data.Profile))
        {
            html.Open("tr").Element("th", row[0], ("scope", "row"));
            TableMarkup.Cells(html, row[1..]);
            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Element("p", ProfileTable.Meaning).Close().Line();
    }

    private static void Reproduce(HtmlWriter html, ReportData data)
    {
        html.Open("section").Element("h2", "Do it again").Open("dl", ("class", "facts"));
        Fact(html, "Command", data.View.Command);
        Fact(html, "Seed", data.View.Seed.ToString(CultureInfo.InvariantCulture));
        Fact(html, "Engine", data.Ledger.Engine);
        foreach (string change in data.Ledger.EngineChanges)
        {
            Fact(html, "Engine changed on the way", change);
        }

        Fact(html, "Ledger digest", data.Summary.Digest);
        foreach (IterationSummary entry in data.Summary.Iterations)
        {
            if (data.Ledger.Training.Read(entry.Iteration) is { } training)
            {
                Fact(html, $"Weights of {data.View.NameOf(entry.Iteration)}", training.WeightsSha256);
            }
        }

        html.Close();
        html.Element("p", "The digest covers every sample, verdict, kept set, optimizer step and measure. On an engine that promises the same bits, " +
            "the same configuration gives the same digest, whatever the threads, batches and interruptions.");
        if (!data.Ledger.IsDeterministic)
        {
            html.Element("p", "The engine of this run does not promise the same bits: the same command may draw other samples from near-ties, and then gives another digest.");
        }

        if (data.Ledger.EngineChanges.Count > 0)
        {
            html.Element("p", "This run was computed by more than one engine: the same command does not give it again.");
        }

        if (data.ResolvedConfig.Length > 0)
        {
            html.Open("details").Element("summary", "The whole configuration, defaults included").Element("pre", data.ResolvedConfig.TrimEnd('\n')).Close();
        }

        html.Close().Line();
    }

    private static void Fact(HtmlWriter html, string name, string value)
    {
        if (value.Length > 0)
        {
            html.Open("div").Element("dt", name).Open("dd").Element("code", value).Close().Close();
        }
    }

    private static int Order(string phase) => phase == EStep.Phase ? 0 : phase == TrainingDynamics.Phase ? 1 : phase == MStep.Phase ? 2 : 3;
}
