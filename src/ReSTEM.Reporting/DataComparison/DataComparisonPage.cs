using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The page of a comparison of data: figures, data, diversity, subjectivity, and each label.</summary>
public static class DataComparisonPage
{
    /// <summary>The page, one file without anything from outside.</summary>
    public static string Text(DataComparison comparison)
    {
        var html = new HtmlWriter();
        PageFrame.Begin(html, $"{comparison.Name} - ReSTEM", "", [], live: null);
        html.Open("header").Element("p", "One classifier, trained on real and on synthetic texts", ("class", "kicker")).Element("h1", comparison.Name).Close();
        html.Element("p",
            $"Every classifier starts from the same weights ({comparison.Base[..12]}), is trained in the same way, and is measured on the same {Shown.Count(comparison.Test.Count)} real texts. " +
            DataComparisonTable.Note(comparison));
        Figures(html, comparison);
        Data(html, comparison);
        Subjectivity(html, comparison);
        Labels(html, comparison);
        Models(html, comparison);
        html.Close().Close().Close();
        return html.Document();
    }

    private static void Figures(HtmlWriter html, DataComparison comparison)
    {
        string first = comparison.Sets[0].Texts.Name;
        html.Open("section").Element("h2", "Real against synthetic texts");
        TableMarkup.Begin(html, $"%, differences from {first} in points, 95 % intervals",
            ["trained on", "texts", "accuracy", "difference", "p", "macro-F1", "difference", "p"]);
        foreach (ComparedSet set in comparison.Sets)
        {
            html.Open("tr").Element("th", set.Texts.Name, ("scope", "row"));
            TableMarkup.Cells(html, Shown.Count(set.Texts.Problems.Count));
            foreach (string name in SeededFigures.Names)
            {
                PairedDifference? difference = DataComparisonTable.Difference(comparison, set, name);
                TableMarkup.Cells(html, DataComparisonTable.Value(comparison, set, name), TableMarkup.Minus(DataComparisonTable.Change(comparison, set, name)),
                    difference is { } there ? Shown.PValue(there.PValue) : "");
            }

            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Open("div", ("class", "figures")).Open("figure").Element("h3", "Accuracy and macro-F1 by what is trained on");
        RowChart.Write(html, "Accuracy and macro-F1 of each data set; the numbers are in the table above", [.. comparison.Sets.Select(set => set.Texts.Name)],
            [Of("accuracy", "s1", SeededFigures.Accuracy), Of("macro-F1", "s2", SeededFigures.MacroF1)], " %");
        html.Element("figcaption", "Means over the seeds; bars are intervals over test problems.").Close().Close();
        TableMarkup.Begin(html, "Every seed: accuracy, macro-F1 in %", ["trained on", .. comparison.Seeds.Select(seed => $"seed {seed}")]);
        foreach (ComparedSet set in comparison.Sets)
        {
            html.Open("tr").Element("th", set.Texts.Name, ("scope", "row"));
            TableMarkup.Cells(html, [.. set.Figures.BySeed(SeededFigures.Accuracy).Zip(set.Figures.BySeed(SeededFigures.MacroF1))
                .Select(seed => $"{Shown.Percent(seed.First)}, {Shown.Percent(seed.Second)}")]);
            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Close().Line();

        RowChart.Series Of(string shown, string style, string name) => new(shown, style, [.. comparison.Sets.Select(set => set.Figures.Of(name, comparison.Random))
            .Select(value => (Estimate?)new Estimate(100 * value.Value, 100 * value.Low, 100 * value.High))]);
    }

    private static void Data(HtmlWriter html, DataComparison comparison)
    {
        html.Open("section").Element("h2", "The texts").Element("p",
            $"Remote Clique is the mean over texts of the mean distance to the others, Chamfer that of the distance to the nearest other; of {Shown.Count(comparison.Sets[0].DiversityTexts)} texts " +
            "of each data set, drawn at random, since both change with their number. By words the distance is the cosine distance of TF-IDF vectors; weights are those of all texts drawn.");
        TableMarkup.Begin(html, "Texts by label, what was left out of them, how different they are, and how far their annotators agree",
            ["", "origin", .. comparison.Labels, "in the test set", "repeated", .. DataComparisonTable.DiversityColumns(comparison), "alpha"]);
        foreach (ComparedSet set in comparison.Sets)
        {
            html.Open("tr").Element("th", set.Texts.Name, ("scope", "row"));
            TableMarkup.Cells(html, [set.Texts.Origin, .. DataComparisonTable.Data(comparison, set)]);
            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Open("div", ("class", "figures"));
        Figure("Diversity by words", set => set.ByWords);
        if (comparison.Embedder is not null)
        {
            Figure("Diversity by embeddings", set => set.ByEmbeddings);
        }

        html.Close().Close().Line();

        void Figure(string title, Func<ComparedSet, Diversity?> of)
        {
            html.Open("figure").Element("h3", title);
            RowChart.Write(html, $"{title}: Remote Clique and Chamfer of each data set; the numbers are in the table above", [.. comparison.Sets.Select(set => set.Texts.Name)],
                [new("Remote Clique", "s1", Of(one => one.RemoteClique)), new("Chamfer", "s2", Of(one => one.Chamfer))]);
            html.Element("figcaption", "Distance: more is more diverse, not better, since misspellings are diverse too.").Close();

            Estimate?[] Of(Func<Diversity, double> measure) =>
                [.. comparison.Sets.Select(set => of(set) is { } there ? new Estimate(measure(there), measure(there), measure(there)) : (Estimate?)null)];
        }
    }

    private static void Subjectivity(HtmlWriter html, DataComparison comparison)
    {
        if (comparison.Agreement is not { } agreement)
        {
            return;
        }

        html.Open("section").Element("h2", "Subjectivity");
        html.Element("p", $"Of the test set, {AgreementTable.Summary(agreement)} Alpha puts agreement beside what chance would give: 1 is perfect, 0 chance.");
        html.Open("div", ("class", "figures")).Open("figure").Element("h3", "Accuracy where annotators agree");
        AgreementChart.Write(html, [.. comparison.Sets.Select(set => set.Texts.Name).Zip(agreement.Curves)]);
        html.Element("figcaption", "Mean over the seeds, on the test problems whose annotators agree at least so far; lines are least squares.").Close().Close();
        TableMarkup.Begin(html, "Accuracy on problems whose annotators agree at least so far (gamma), %", ["gamma", "problems", .. comparison.Sets.Select(set => set.Texts.Name)]);
        for (int i = 0; i < agreement.Curves[0].Points.Count; i++)
        {
            AgreementPoint point = agreement.Curves[0].Points[i];
            html.Open("tr").Element("th", Shown.Number(point.Gamma, 3), ("scope", "row"));
            TableMarkup.Cells(html, [Shown.Count(point.Items), .. agreement.Curves.Select(curve => $"{Shown.Percent(curve.Points[i].Accuracy.Value)} ({TableMarkup.Range(curve.Points[i].Accuracy)})")]);
            html.Close().Line();
        }

        TableMarkup.End(html);
        foreach (var (set, curve) in comparison.Sets.Zip(agreement.Curves))
        {
            html.Element("p", $"{set.Texts.Name}: {TableMarkup.Minus(AgreementTable.Trend(curve))}.");
        }

        html.Close().Line();
    }

    private static void Labels(HtmlWriter html, DataComparison comparison)
    {
        html.Open("section").Element("h2", "Label by label");
        TableMarkup.Begin(html, "Means over the seeds", ["trained on", .. comparison.Labels.SelectMany(label => new[] { $"{label}: precision", "recall", "F1" })]);
        foreach (ComparedSet set in comparison.Sets)
        {
            ConfusionMatrix[] matrices = [.. set.Figures.Seeds.Select(seed => ConfusionMatrix.Of(seed))];
            html.Open("tr").Element("th", set.Texts.Name, ("scope", "row"));
            for (int label = 0; label < comparison.Labels.Count; label++)
            {
                ClassResult[] results = [.. matrices.Select(matrix => matrix.Of(label))];
                TableMarkup.Cells(html, Shown.Number(results.Average(one => one.Precision), 3), Shown.Number(results.Average(one => one.Recall), 3), Shown.Number(results.Average(one => one.F1), 3));
            }

            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Close().Line();
    }

    private static void Models(HtmlWriter html, DataComparison comparison)
    {
        html.Open("section").Element("h2", "Weights");
        TableMarkup.Begin(html, "SHA-256 of what was trained, first digits", ["trained on", .. comparison.Seeds.Select(seed => $"seed {seed}")]);
        foreach (ComparedSet set in comparison.Sets)
        {
            html.Open("tr").Element("th", set.Texts.Name, ("scope", "row"));
            TableMarkup.Cells(html, [.. set.Models.Select(sha256 => sha256[..12])]);
            html.Close().Line();
        }

        TableMarkup.End(html);
        html.Close().Line();
    }
}
