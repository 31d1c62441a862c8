using System.Text.Json.Nodes;
using System.Xml.Linq;
using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

/// <summary>A comparison of data as text, page and JSON.</summary>
public sealed class DataComparisonTests
{
    // Six test problems, five raters each; real is right on all with both seeds, synthetic on two thirds and a half.
    private static readonly DataComparison Comparison = new("a <b>", [3, 4], new string('1', 64), null,
    [
        Set("real", [0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1]),
        Set("made", [0, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 0]),
    ]);

    [Fact]
    public void Text_page_and_JSON_have_the_same_figures()
    {
        JsonObject json = DataComparisonJson.Of(Comparison);
        string text = DataComparisonTable.Text(Comparison), page = DataComparisonPage.Text(Comparison);
        JsonNode made = json["data"]![1]!;
        Assert.Equal(7.0 / 12, (double)made["accuracy"]!["value"]!, 12);
        Assert.Equal([4.0 / 6, 3.0 / 6], made["accuracy"]!["seeds"]!.AsArray().Select(value => (double)value!));
        Assert.Equal(-5.0 / 12, (double)made["accuracy"]!["difference"]!["value"]!, 12);
        Assert.Null(json["data"]![0]!["accuracy"]!["difference"]);
        Assert.Equal("[[[2,1],[1,2]],[[2,1],[2,1]]]", made["confusion"]!.ToJsonString());
        foreach (string shown in new[] { "58.3 (", "-41.7 (" })
        {
            Assert.Contains(shown, text, StringComparison.Ordinal);
            Assert.Contains(shown.Replace('-', '\u2212'), page, StringComparison.Ordinal);
        }

        Assert.Contains("| made | files | 1 | 1 | 2 | 1 | 0.900 | 0.800 | - |", text, StringComparison.Ordinal);
        Assert.Contains("| 1.000 | 4 | 100.0 | 50.0 |", text, StringComparison.Ordinal);
        Assert.Contains("two seeds say little", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_one_file_that_runs_nothing()
    {
        string page = DataComparisonPage.Text(Comparison);
        Assert.DoesNotContain("a <b>", page, StringComparison.Ordinal);
        XElement root = XDocument.Parse(page["<!doctype html>".Length..].Replace("&nbsp;", " ", StringComparison.Ordinal)).Root!;
        Assert.Equal(3, root.Descendants("svg").Count()); // figures, diversity by words, accuracy by agreement
        Assert.Empty(root.Descendants("script"));
        Assert.DoesNotContain(root.DescendantsAndSelf().Attributes(), attribute => attribute.Name == "src" || attribute.Name == "href");
    }

    [Fact]
    public void Without_annotators_and_with_a_model_for_embeddings_the_rest_is_there()
    {
        ComparedSet[] sets = [.. Comparison.Sets.Select(set => set with
        {
            ByEmbeddings = new Diversity(0.25, 0.125, 1),
            Figures = new SeededFigures([.. set.Figures.Seeds.Select(seed => seed.Select(one => one with { Target = one.Target with { Annotations = [] } }).ToArray())]),
        })];
        DataComparison other = Comparison with { Embedder = "e", Sets = sets };
        Assert.Contains("| 0.900 | 0.800 | 0.250 | 0.125 |", DataComparisonTable.Text(other), StringComparison.Ordinal);
        Assert.DoesNotContain("gamma", DataComparisonTable.Text(other), StringComparison.Ordinal);
        Assert.Null(DataComparisonJson.Of(other)["test"]!["agreement"]);
        Assert.DoesNotContain("Subjectivity", DataComparisonPage.Text(other), StringComparison.Ordinal);
        Assert.Contains("Diversity by embeddings", DataComparisonPage.Text(other), StringComparison.Ordinal);
    }

    private static ComparedSet Set(string name, params int[][] predicted)
    {
        var labels = new Dictionary<string, string> { ["a"] = "a", ["b"] = "b" };
        Problem[] texts = [Classified.Problem("1", "one", labels, 1, 0), Classified.Problem("2", "two", labels, 0, 1)];
        return new ComparedSet(
            new LabelledTexts(name, name == "real" ? "real" : "files", texts, 2, 1), new Diversity(0.9, 0.8, 1), null, 2, [.. predicted.Select(_ => new string('2', 64))],
            new SeededFigures([.. predicted.Select(seed => seed.Select(Prediction).ToArray())]));
    }

    // Raters of the first two problems are not of one mind.
    private static LabelPrediction Prediction(int predicted, int problem)
    {
        LabelPrediction one = Classified.Prediction(problem % 2, predicted == 0 ? [0.9, 0.1] : [0.2, 0.8]);
        int hard = problem % 2;
        int[] said = [.. Enumerable.Range(0, 5).Select(rater => problem < 2 && rater == 0 ? 1 - hard : hard)];
        return one with { ProblemId = $"p{problem}", Target = one.Target with { Annotations = said } };
    }
}
