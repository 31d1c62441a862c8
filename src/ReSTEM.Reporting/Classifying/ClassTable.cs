using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>The figures of classified sets as rows of numbers, which text, page and JSON show.</summary>
public static class ClassTable
{
    /// <summary>One figure of one set.</summary>
    /// <param name="Name">As in <see cref="ClassFigures.Names"/>; with <c>_scaled</c> behind it where a temperature was fitted.</param>
    /// <param name="Models">Of each model.</param>
    /// <param name="Difference">Second minus first; null for one model.</param>
    public sealed record Row(string Name, IReadOnlyList<Estimate> Models, PairedDifference? Difference);

    private const string Scaled = "_scaled";

    // What no temperature changes, or is not about the labels alone.
    private static readonly string[] Unscaled = ["accuracy", "macro_f1", "mass"];

    private static readonly string[] Soft = ["cross_entropy", "jensen_shannon", "brier_soft", "ece_soft"];

    /// <summary>The rows of a set: figures at T = 1, then those at the fitted temperatures: of the hard labels for figures against these, else of the distributions.</summary>
    public static IReadOnlyList<Row> Of(ClassResults results, ClassifiedSet set)
    {
        var rows = new List<Row>();
        ClassFigures[] plain = [.. set.Models.Select((_, model) => set.Figures(model))];
        rows.AddRange(ClassFigures.Names.Select(name => RowOf(name, name, plain, results.RandomOf(set))));
        if (results.Temperatures.Count > 0)
        {
            ClassFigures[] hard = [.. set.Models.Select((_, model) => set.Figures(model, results.Temperatures[model].Hard))];
            ClassFigures[] soft = [.. set.Models.Select((_, model) => set.Figures(model, results.Temperatures[model].Soft))];
            rows.AddRange(ClassFigures.Names.Except(Unscaled).Select(name => RowOf(
                name + Scaled, name, Soft.Contains(name) ? soft : hard, results.RandomOf(set))));
        }

        return rows;
    }

    /// <summary>All sets as text.</summary>
    public static string Text(ClassResults results)
    {
        using var text = new StringWriter { NewLine = "\n" };
        for (int model = 0; model < results.Models.Count; model++)
        {
            string temperature = results.Temperatures.Count == 0 ? ""
                : $"; T fitted on validation: {Shown.Number(results.Temperatures[model].Hard, 3)} to hard labels, {Shown.Number(results.Temperatures[model].Soft, 3)} to distributions";
            text.WriteLine($"model {model + 1}: {results.Models[model]}{temperature}");
        }

        foreach (ClassifiedSet set in results.Sets)
        {
            text.WriteLine($"\n{set.Name}: {Shown.Count(set.Models[0].Count)} problems, labels {string.Join(", ", set.Labels)}; entropy of the targets {Shown.Number(set.TargetEntropy, 4)}; 95 % intervals");
            foreach (Row row in Of(results, set))
            {
                string models = string.Join("", row.Models.Select(value => $"  {Interval(value),-26}"));
                text.WriteLine($"  {row.Name,-22}{models}{(row.Difference is { } difference ? $"  {Interval(difference)}, p {Shown.PValue(difference.PValue)}" : "")}".TrimEnd());
            }

            AgreementTable.Text(text, results, set);
            for (int model = 0; model < set.Models.Count; model++)
            {
                Matrix(text, set, model);
            }
        }

        return text.ToString();
    }

    internal static string Interval(Estimate value) =>
        $"{Shown.Number(value.Value, 4)} ({Shown.Number(value.Low, 4)} to {Shown.Number(value.High, 4)})";

    internal static string Interval(PairedDifference value) => $"{Signed(value.Value)} ({Signed(value.Low)} to {Signed(value.High)})";

    private static Row RowOf(string shown, string name, ClassFigures[] models, RandomStream random) => new(
        shown, [.. models.Select(model => model.Of(name, random))], models.Length > 1 ? models[0].Difference(models[1], name, random) : null);

    private static void Matrix(StringWriter text, ClassifiedSet set, int model)
    {
        var matrix = ConfusionMatrix.Of(set.Models[model]);
        int width = Math.Max(10, set.Labels.Max(label => label.Length));
        text.WriteLine($"  model {model + 1}: rows are right labels, columns predicted ones");
        text.WriteLine($"  {"".PadRight(width)}  {string.Join("  ", set.Labels.Select(label => label.PadLeft(width)))}   precision  recall      f1");
        for (int label = 0; label < set.Labels.Count; label++)
        {
            string counts = string.Join("  ", Enumerable.Range(0, set.Labels.Count).Select(predicted => $"{matrix.Counts[label, predicted]}".PadLeft(width)));
            ClassResult one = matrix.Of(label);
            text.WriteLine($"  {set.Labels[label].PadRight(width)}  {counts}      {Shown.Number(one.Precision, 3)}   {Shown.Number(one.Recall, 3)}   {Shown.Number(one.F1, 3)}");
        }
    }

    private static string Signed(double value)
    {
        string digits = Shown.Number(value, 4);
        return value > 0 && digits != Shown.Number(0, 4) ? "+" + digits : digits;
    }
}
