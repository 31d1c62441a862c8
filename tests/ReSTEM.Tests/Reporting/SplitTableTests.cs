using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;
using Spectre.Console;

namespace ReSTEM.Tests;

/// <summary>Tables at any width and with any number of columns show every number.</summary>
public sealed class SplitTableTests
{
    [Theory]
    [InlineData(40, true)]
    [InlineData(60, true)]
    [InlineData(60, false)]
    [InlineData(80, true)]
    [InlineData(160, false)]
    public async Task Every_number_of_a_summary_is_there_whole(int width, bool unicode)
    {
        using var run = new FakeRun();
        int[] all = [1, 2, 3, 4];
        run.Problems = run.Problems with
        {
            Evaluations = [new EvaluationSet("a-rather-long-name-of-a-set", FakeProblem.Make("test", 12, 1000), new EvaluationOptions { Samples = 4, K = all })],
        };
        await run.StartAsync();
        RunSummary summary = run.Read((RunLedger ledger) => SummaryReader.Read(ledger, run.View));
        var text = new StringWriter();
        IAnsiConsole console = SummaryTable.Piped(text);
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = unicode;
        SummaryTable.Write(console, summary);

        string output = text.ToString();
        Assert.DoesNotContain("...", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2026", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= width, line));
        foreach (var (name, estimate) in summary.Iterations[0].Evaluations[0].Metrics)
        {
            Assert.Contains(name, output, StringComparison.Ordinal);
            Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * estimate.Low:F1}-{100 * estimate.High:F1}"), output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Columns_that_do_not_fit_go_into_a_table_below_and_a_long_name_is_folded()
    {
        var text = new StringWriter();
        IAnsiConsole console = SummaryTable.Piped(text);
        console.Profile.Width = 40;
        var table = new SplitTable(console);
        table.Add("model", [new Cell("a/path/of/a/model/that/is/long/policy", Style.Plain)]);
        foreach (int column in Enumerable.Range(1, 4))
        {
            table.Add($"column {column}", [new Cell($"value {column}", Style.Plain)]);
        }

        table.Write();
        string output = text.ToString();
        Assert.Equal(2, output.Split("model ").Length - 1);
        Assert.All(Enumerable.Range(1, 4), column => Assert.Contains($"value {column}", output, StringComparison.Ordinal));
        Assert.Contains("a/path/of/a/", output, StringComparison.Ordinal);
        Assert.Contains("model/that/i", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_trained_on_is_shown_where_it_is_not_what_was_kept()
    {
        using var accumulating = new FakeRun();
        accumulating.Options = accumulating.Options with { MStep = accumulating.Options.MStep with { Accumulate = true } };
        var summary = await SummaryOf(accumulating);
        Assert.Equal(summary.Iterations[1].Kept, summary.Iterations[1].TrainedOn);
        Assert.InRange(summary.Iterations[2].TrainedOn!.Value, summary.Iterations[2].Kept!.Value + 1, summary.Iterations[1].Kept!.Value + summary.Iterations[2].Kept!.Value);
        Assert.Contains("trained on", Table(summary), StringComparison.Ordinal);

        using var solving = new FakeRun();
        solving.Options = solving.Options with { MStep = solving.Options.MStep with { Data = MStepData.Solutions } };
        solving.Problems = solving.Problems with { Train = [.. solving.Problems.Train.Select(problem => problem with { Solution = problem.Reference })] };
        summary = await SummaryOf(solving);
        Assert.Null(summary.Iterations[1].Kept);
        Assert.Equal(solving.Problems.Train.Count, summary.Iterations[1].TrainedOn);
        Assert.Contains("trained on", Table(summary), StringComparison.Ordinal);

        using var plain = new FakeRun();
        Assert.DoesNotContain("trained on", Table(await SummaryOf(plain)), StringComparison.Ordinal);
    }

    private static async Task<RunSummary> SummaryOf(FakeRun run)
    {
        await run.StartAsync();
        return run.Read((RunLedger ledger) => SummaryReader.Read(ledger, run.View));
    }

    private static string Table(RunSummary summary)
    {
        var text = new StringWriter();
        SummaryTable.Write(SummaryTable.Piped(text), summary);
        return text.ToString();
    }
}
