using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The page of classified sets: figures with intervals, per label, confusion and reliability.</summary>
public static class ClassPage
{
    /// <summary>The page, one file without anything from outside.</summary>
    /// <param name="title">Of the page.</param>
    /// <param name="results">What was measured.</param>
    public static string Text(string title, ClassResults results)
    {
        var html = new HtmlWriter();
        PageFrame.Begin(html, $"{title} - ReSTEM", "", [], live: null);
        html.Open("header").Element("p", "Classification by the probabilities of the labels", ("class", "kicker")).Element("h1", title).Close();
        Models(html, results);
        foreach (ClassifiedSet set in results.Sets)
        {
            html.Open("section").Element("h2", set.Name).Element("p",
                $"{Shown.Count(set.Models[0].Count)} problems. Mean entropy of the targets {Shown.Number(set.TargetEntropy, 4)} nats: no cross-entropy is lower. " +
                "Intervals are percentile bootstrap over problems, differences paired; those of calibration errors lie above the value, since resampling adds to an error that is never negative.");
            Figures(html, results, set);
            AgreementTable.Write(html, results, set);
            Reliability(html, set);
            for (int model = 0; model < set.Models.Count; model++)
            {
                Labels(html, set, model);
            }

            html.Close().Line();
        }

        html.Close().Close().Close();
        return html.Document();
    }

    private static void Models(HtmlWriter html, ClassResults results)
    {
        TableMarkup.Begin(html, "Models, and the temperatures fitted on the validation problems", ["", "model", "T, hard labels", "T, distributions"]);
        for (int model = 0; model < results.Models.Count; model++)
        {
            html.Open("tr").Element("th", $"model {model + 1}", ("scope", "row"));
            TableMarkup.Cells(html, results.Models[model]);
            TableMarkup.Cells(html, results.Temperatures.Count == 0 ? [TableMarkup.Missing, TableMarkup.Missing]
                : [Shown.Number(results.Temperatures[model].Hard, 3), Shown.Number(results.Temperatures[model].Soft, 3)]);
            html.Close().Line();
        }

        TableMarkup.End(html);
    }

    private static void Figures(HtmlWriter html, ClassResults results, ClassifiedSet set)
    {
        string[] compared = results.Models.Count > 1 ? ["difference", "p"] : [];
        TableMarkup.Begin(
            html, "Figures with 95 % intervals; those with _scaled at the fitted temperature", ["", .. results.Models.Select((_, model) => $"model {model + 1}"), .. compared]);
        foreach (ClassTable.Row row in ClassTable.Of(results, set))
        {
            html.Open("tr").Element("th", row.Name, ("scope", "row"));
            TableMarkup.Cells(html, [.. row.Models.Select(ClassTable.Interval)]);
            if (row.Difference is { } difference)
            {
                TableMarkup.Cells(html, TableMarkup.Minus(ClassTable.Interval(difference)), Shown.PValue(difference.PValue));
            }

            html.Close().Line();
        }

        TableMarkup.End(html);
    }

    private static void Reliability(HtmlWriter html, ClassifiedSet set)
    {
        html.Open("div", ("class", "figures"));
        Figure("Reliability against hard labels", "share that is right", figures => figures.HardCalibration);
        Figure("Reliability against annotators", "mean share of annotators who agree", figures => figures.SoftCalibration);
        html.Close().Line();

        void Figure(string title, string what, Func<ClassFigures, Calibration> of)
        {
            html.Open("figure").Element("h3", title);
            ReliabilityChart.Write(html, $"{title}: {what} by confidence, in {Calibration.BinCount} bins of the same width",
                [.. set.Models.Select((_, model) => ($"model {model + 1}", of(set.Figures(model)).Diagram(ReliabilityBins.EqualWidth)))]);
            html.Element("figcaption", $"Up: {what}. Points are bins of the same width, their area is the count; below the diagonal the model is too sure.").Close();
        }
    }

    private static void Labels(HtmlWriter html, ClassifiedSet set, int model)
    {
        var matrix = ConfusionMatrix.Of(set.Models[model]);
        TableMarkup.Begin(html, $"model {model + 1} by label: right labels in rows, predicted ones in columns",
            ["", .. set.Labels.Select(label => $"\u2192 {label}"), "precision", "recall", "F1"]);
        for (int label = 0; label < set.Labels.Count; label++)
        {
            ClassResult one = matrix.Of(label);
            html.Open("tr").Element("th", set.Labels[label], ("scope", "row"));
            TableMarkup.Cells(html, [.. Enumerable.Range(0, set.Labels.Count).Select(predicted => Shown.Count(matrix.Counts[label, predicted]))]);
            TableMarkup.Cells(html, Shown.Number(one.Precision, 3), Shown.Number(one.Recall, 3), Shown.Number(one.F1, 3));
            html.Close().Line();
        }

        TableMarkup.End(html);
    }
}
