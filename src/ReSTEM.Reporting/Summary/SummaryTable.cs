using System.Globalization;
using ReSTEM.Core;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ReSTEM.Reporting;

/// <summary>The tables at the end of <c>run</c> and <c>eval</c>.</summary>
public static class SummaryTable
{
    private const int PipedWidth = 160;
    private const int WideEnoughForOneLine = 132;
    private const string Missing = "-";
    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>A console for output that goes to a pipe or file: fixed width, no colours, no escape codes.</summary>
    public static IAnsiConsole Piped(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = PipedWidth;
        console.Profile.Capabilities.Unicode = false;
        return console;
    }

    /// <summary>Prints a table per iteration, the paired differences, what kind of gain it is, and the ledger's digest.</summary>
    public static void Write(IAnsiConsole console, RunSummary summary)
    {
        RunView view = summary.View;
        bool oneLine = console.Profile.Width >= WideEnoughForOneLine;
        if (view.MainSet is { } main)
        {
            Caption(console, string.Create(
                CultureInfo.InvariantCulture,
                $"{view.Name}: {main.Name}, {main.Problems.Count:N0} problems, {main.Options.Samples} samples each; % with 95 % interval"));
            console.Write(MainTable(console, summary, main, oneLine));
        }

        foreach (EvaluationSet set in view.Evaluations.Where(set => set != view.MainSet))
        {
            Caption(console, string.Create(
                CultureInfo.InvariantCulture, $"{set.Name}: {set.Problems.Count:N0} problems, {set.Options.Samples} samples each"));
            console.Write(SetTable(console, summary, set.Name, oneLine));
        }

        if (summary.Differences.Count > 0)
        {
            Caption(console, $"paired differences, {view.NameOf(0)} -> {view.NameOf(summary.BestIteration)}, in points");
            console.Write(DifferenceTable(console, summary));
        }

        foreach (string sentence in summary.Reading)
        {
            console.Write(new Paragraph(sentence + "\n"));
        }

        console.Write(new Paragraph($"ledger digest {summary.Digest}\n", Faint));
    }

    private static Table MainTable(IAnsiConsole console, RunSummary summary, EvaluationSet set, bool oneLine)
    {
        bool run = summary.View.Models.Count == 0;
        string[] metrics = Metrics(summary, set.Name);
        Table table = NewTable(console, [run ? "iteration" : "model", .. run ? ["kept", "solved", "train pass@1"] : Array.Empty<string>(), .. metrics, "time"]);
        foreach (IterationSummary entry in summary.Iterations)
        {
            bool best = run && entry.Iteration == summary.BestIteration;
            var row = new List<IRenderable> { Name(summary.View, entry.Iteration, best) };
            if (run)
            {
                row.AddRange([Count(entry.Kept), Count(entry.ProblemsSolved), Cell(entry.Train, oneLine, best)]);
            }

            row.AddRange(metrics.Select(metric => Cell(summary.Find(entry.Iteration, set.Name)?.Find(metric), oneLine, best)));
            row.Add(new Text(ProgressText.Seconds(entry.Seconds)));
            table.AddRow(row);
        }

        return table;
    }

    private static Table SetTable(IAnsiConsole console, RunSummary summary, string set, bool oneLine)
    {
        string[] metrics = Metrics(summary, set);
        Table table = NewTable(console, [summary.View.Models.Count == 0 ? "iteration" : "model", .. metrics]);
        foreach (int iteration in summary.Iterations.Select(entry => entry.Iteration).Where(iteration => summary.Find(iteration, set) is not null))
        {
            bool best = summary.View.Models.Count == 0 && iteration == summary.BestIteration;
            table.AddRow([
                Name(summary.View, iteration, best),
                .. metrics.Select(metric => Cell(summary.Find(iteration, set)?.Find(metric), oneLine, best))]);
        }

        return table;
    }

    private static Table DifferenceTable(IAnsiConsole console, RunSummary summary)
    {
        Table table = NewTable(console, ["set", "metric", "difference", "95 % interval", "p"]);
        table.Columns[1].Alignment = Justify.Left;
        foreach (SetDifferences set in summary.Differences)
        {
            foreach (var (metric, difference) in set.Metrics)
            {
                bool shown = difference.Low > 0 || difference.High < 0;
                table.AddRow(
                    new Text(set.Set), new Text(metric), new Text(Shown.Points(difference.Value), shown ? Strong : Style.Plain),
                    new Text(Shown.Interval(difference)), new Text(Shown.PValue(difference.PValue)));
            }
        }

        return table;
    }

    private static string[] Metrics(RunSummary summary, string set) => [.. SummaryReader.InOrder(summary.Iterations
        .SelectMany(entry => entry.Evaluations.Where(one => one.Set == set))
        .SelectMany(one => one.Metrics.Select(metric => metric.Key))
        .Distinct())];

    private static Table NewTable(IAnsiConsole console, IEnumerable<string> columns)
    {
        var table = new Table { Border = console.Profile.Capabilities.Unicode ? TableBorder.Simple : TableBorder.Markdown };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, Faint)) { Alignment = Justify.Right, NoWrap = true });
        }

        table.Columns[0].Alignment = Justify.Left;
        return table;
    }

    private static Text Name(RunView view, int iteration, bool best) =>
        new(view.NameOf(iteration) + (best ? " (best)" : ""), best ? Strong : Style.Plain);

    private static Text Count(int? count) => new(count is { } value ? Shown.Count(value) : Missing);

    private static IRenderable Cell(Estimate? estimate, bool oneLine, bool best) => estimate is { } value
        ? new Paragraph(Shown.Percent(value.Value), best ? Strong : Style.Plain)
            .Append((oneLine ? " (" : "\n") + Shown.Interval(value) + (oneLine ? ")" : ""), Faint)
        : new Text(Missing);

    private static void Caption(IAnsiConsole console, string text) => console.Write(new Paragraph($"\n{text}\n", Strong));
}
