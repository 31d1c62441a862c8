using System.Globalization;
using ReSTEM.Core;
using Spectre.Console;

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
                $"{view.Name}: {main.Name}, {main.Problems.Count:N0} problems, {main.Options.Samples} samples each; % with 95 % interval{OfLabels(main)}"));
            WriteMain(console, summary, main, oneLine);
        }

        foreach (EvaluationSet set in view.Evaluations.Where(set => set != view.MainSet))
        {
            Caption(console, string.Create(
                CultureInfo.InvariantCulture, $"{set.Name}: {set.Problems.Count:N0} problems, {set.Options.Samples} samples each{OfLabels(set)}"));
            WriteSet(console, summary, set.Name, oneLine);
        }

        if (summary.Differences.Count > 0)
        {
            string prompts = view.PromptsDiffer(0, summary.BestIteration) ? "; the two were given different prompts" : "";
            Caption(console, $"paired differences, {view.NameOf(0)} -> {view.NameOf(summary.BestIteration)}, in points{prompts}");
            WriteDifferences(console, summary);
        }

        foreach (string sentence in summary.Reading)
        {
            console.Write(new Paragraph(sentence + "\n"));
        }

        console.Write(new Paragraph($"ledger digest {summary.Digest}\n", Faint));
    }

    private static string OfLabels(EvaluationSet set) =>
        set.Options.Greedy && set.Problems.All(problem => problem.Target is not null) ? "; greedy is the accuracy" : "";

    private static void WriteMain(IAnsiConsole console, RunSummary summary, EvaluationSet set, bool oneLine)
    {
        bool run = summary.View.Models.Count == 0;
        bool Best(IterationSummary entry) => run && entry.Iteration == summary.BestIteration;
        var table = new SplitTable(console);
        table.Add(run ? "iteration" : "model", summary.Iterations.Select(entry => Name(summary, entry.Iteration, Best(entry))));
        if (run)
        {
            table.Add("kept", summary.Iterations.Select(entry => Count(entry.Kept)));
            table.Add("solved", summary.Iterations.Select(entry => Count(entry.ProblemsSolved)));
            if (summary.Iterations.Any(entry => entry.TrainedOn is not null && entry.TrainedOn != entry.Kept))
            {
                table.Add("trained on", summary.Iterations.Select(entry => Count(entry.TrainedOn)));
            }

            table.Add("train pass@1", summary.Iterations.Select(entry => Value(entry.Train, oneLine, Best(entry))));
        }

        foreach (string metric in Metrics(summary, set.Name))
        {
            table.Add(metric, summary.Iterations.Select(entry => Value(summary.Find(entry.Iteration, set.Name)?.Find(metric), oneLine, Best(entry))));
        }

        table.Add("time", summary.Iterations.Select(entry => new Cell(ProgressText.Seconds(entry.Seconds), Style.Plain)));
        table.Write();
    }

    private static void WriteSet(IAnsiConsole console, RunSummary summary, string set, bool oneLine)
    {
        bool run = summary.View.Models.Count == 0;
        int[] iterations = [.. summary.Iterations.Select(entry => entry.Iteration).Where(iteration => summary.Find(iteration, set) is not null)];
        if (iterations.Length == 0)
        {
            return;
        }

        var table = new SplitTable(console);
        table.Add(run ? "iteration" : "model", iterations.Select(iteration => Name(summary, iteration, run && iteration == summary.BestIteration)));
        foreach (string metric in Metrics(summary, set))
        {
            table.Add(metric, iterations.Select(
                iteration => Value(summary.Find(iteration, set)?.Find(metric), oneLine, run && iteration == summary.BestIteration)));
        }

        table.Write();
    }

    private static void WriteDifferences(IAnsiConsole console, RunSummary summary)
    {
        var rows = summary.Differences.SelectMany(set => set.Metrics.Select(metric => (set.Set, Metric: metric.Key, Difference: metric.Value))).ToList();
        var table = new SplitTable(console);
        table.Add("set, metric", rows.Select(row => new Cell($"{row.Set}, {row.Metric}", Style.Plain)));
        table.Add("difference", rows.Select(row => new Cell(
            Shown.Points(row.Difference.Value), row.Difference.Low > 0 || row.Difference.High < 0 ? Strong : Style.Plain)));
        table.Add("95 % interval", rows.Select(row => new Cell(Shown.Interval(row.Difference), Style.Plain)));
        table.Add("p", rows.Select(row => new Cell(Shown.PValue(row.Difference.PValue), Style.Plain)));
        table.Write();
    }

    private static string[] Metrics(RunSummary summary, string set) => [.. SummaryReader.InOrder(summary.Iterations
        .SelectMany(entry => entry.Evaluations.Where(one => one.Set == set))
        .SelectMany(one => one.Metrics.Select(metric => metric.Key))
        .Distinct())];

    private static Cell Name(RunSummary summary, int iteration, bool best) => new(
        summary.View.NameOf(iteration) + (summary.RankOf(iteration) is { Length: > 0 } rank ? $" ({rank})" : ""), best ? Strong : Style.Plain);

    private static Cell Count(int? count) => new(count is { } value ? Shown.Count(value) : Missing, Style.Plain);

    private static Cell Value(Estimate? estimate, bool oneLine, bool best) => estimate is { } value
        ? new Cell(
            Shown.Percent(value.Value), best ? Strong : Style.Plain, (oneLine ? " (" : "\n") + Shown.Interval(value) + (oneLine ? ")" : ""))
        : new Cell(Missing, Style.Plain);

    private static void Caption(IAnsiConsole console, string text) => console.Write(new Paragraph($"\n{text}\n", Strong));
}
