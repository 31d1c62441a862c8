using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>A comparison of data as tables in Markdown, and the rows that text, page and JSON share.</summary>
public static class DataComparisonTable
{
    /// <summary>What a reader should know of the intervals.</summary>
    internal static string Note(DataComparison comparison) => comparison.Seeds.Count switch
    {
        1 => "One seed: all intervals are over problems alone, and another seed may give another result.",
        2 => "Intervals of values are over problems. Those of differences are over problems and seeds, paired by both; two seeds say little of what a seed does.",
        var count => $"Values are means over {count} seeds with intervals over problems. Intervals of differences are over problems and the {count} seeds, paired by both.",
    };

    /// <summary>The figures, the data, and where annotators agree.</summary>
    public static string Text(DataComparison comparison)
    {
        using var text = new StringWriter { NewLine = "\n" };
        text.WriteLine($"{comparison.Name}: {Shown.Count(comparison.Test.Count)} test problems, seeds {string.Join(", ", comparison.Seeds)}; %, difference from {comparison.Sets[0].Texts.Name} in points, 95 % intervals\n");
        Line(text, ["data", "texts", "accuracy", "difference", "macro-F1", "difference"]);
        Line(text, ["---", "--:", "--:", "--:", "--:", "--:"]);
        foreach (ComparedSet set in comparison.Sets)
        {
            Line(text, [set.Texts.Name, Shown.Count(set.Texts.Problems.Count), .. SeededFigures.Names.SelectMany(name => new[] { Value(comparison, set, name), Change(comparison, set, name) })]);
        }

        text.WriteLine($"\n{Note(comparison)}\n");
        Line(text, ["data", "origin", .. comparison.Labels, "in test", "repeated", .. DiversityColumns(comparison), "alpha"]);
        Line(text, ["---", "---", .. comparison.Labels.Select(_ => "--:"), "--:", "--:", .. DiversityColumns(comparison).Select(_ => "--:"), "--:"]);
        foreach (ComparedSet set in comparison.Sets)
        {
            Line(text, [set.Texts.Name, set.Texts.Origin, .. Data(comparison, set)]);
        }

        text.WriteLine($"\nDiversity is of {Shown.Count(comparison.Sets[0].DiversityTexts)} texts of each, drawn at random.");
        Agreement(text, comparison);
        return text.ToString();
    }

    /// <summary>The difference of a set from the first; null for the first itself.</summary>
    internal static PairedDifference? Difference(DataComparison comparison, ComparedSet set, string name) =>
        ReferenceEquals(set, comparison.Sets[0]) ? null : comparison.Sets[0].Figures.Difference(set.Figures, name, comparison.Random);

    /// <summary>A figure in per cent, with its interval.</summary>
    internal static string Value(DataComparison comparison, ComparedSet set, string name)
    {
        Estimate value = set.Figures.Of(name, comparison.Random);
        return $"{Shown.Percent(value.Value)} ({Shown.Percent(value.Low)} to {Shown.Percent(value.High)})";
    }

    /// <summary>A difference in points, with its interval; empty for the first set.</summary>
    internal static string Change(DataComparison comparison, ComparedSet set, string name) => Difference(comparison, set, name) is { } difference
        ? $"{Shown.Points(difference.Value)} ({Shown.Interval(difference)})"
        : "";

    /// <summary>Names of the columns of diversity.</summary>
    internal static string[] DiversityColumns(DataComparison comparison) => comparison.Embedder is null ? ["Remote Clique", "Chamfer"]
        : ["Remote Clique", "Chamfer", "Remote Clique, embeddings", "Chamfer, embeddings"];

    /// <summary>What the texts of a set are: counts by label, what was left out, diversity, and how far annotators agree.</summary>
    internal static IEnumerable<string> Data(DataComparison comparison, ComparedSet set) =>
    [
        .. set.Texts.Counts.Select(count => Shown.Count(count.Count)), Shown.Count(set.Texts.InTest), Shown.Count(set.Texts.Repeated),
        .. Of(set.ByWords), .. comparison.Embedder is null ? [] : Of(set.ByEmbeddings),
        set.Texts.Agreement(comparison.Random) is { Alpha: { } alpha } ? ClassTable.Interval(alpha) : "-",
    ];

    private static string[] Of(Diversity? diversity) => diversity is null ? ["-", "-"]
        : [Shown.Number(diversity.RemoteClique, 3), Shown.Number(diversity.Chamfer, 3)];

    private static void Agreement(StringWriter text, DataComparison comparison)
    {
        if (comparison.Agreement is not { } agreement)
        {
            return;
        }

        text.WriteLine($"\nOf the test set, {AgreementTable.Summary(agreement)} Accuracy, mean over seeds, on those whose annotators agree at least so far (gamma):\n");
        Line(text, ["gamma", "problems", .. comparison.Sets.Select(set => set.Texts.Name)]);
        Line(text, ["--:", "--:", .. comparison.Sets.Select(_ => "--:")]);
        for (int i = 0; i < agreement.Curves[0].Points.Count; i++)
        {
            AgreementPoint point = agreement.Curves[0].Points[i];
            Line(text, [Shown.Number(point.Gamma, 3), Shown.Count(point.Items), .. agreement.Curves.Select(curve => Shown.Percent(curve.Points[i].Accuracy.Value))]);
        }

        foreach (var (set, curve) in comparison.Sets.Zip(agreement.Curves))
        {
            text.WriteLine($"{(ReferenceEquals(set, comparison.Sets[0]) ? "\n" : "")}{set.Texts.Name}: {AgreementTable.Trend(curve)}");
        }
    }

    private static void Line(StringWriter text, IEnumerable<string> cells) => text.WriteLine($"| {string.Join(" | ", cells)} |");
}
