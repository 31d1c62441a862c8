using System.CommandLine;
using System.Text;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem report</c>.</summary>
internal static class ReportVerb
{
    private const string UsualName = "report.html";

    internal static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "Run folders, one or several, for example runs/quickstart.", Arity = ArgumentArity.OneOrMore };
        var config = new Option<string?>("--config") { Description = "The configuration of the one run, where it was moved away from its files." };
        var set = InputOutput.Set();
        var output = new Option<string>("--output") { Description = $"The HTML file to write; {UsualName} in the current folder if left out.", DefaultValueFactory = _ => UsualName };
        var most = new Option<int>("--most-samples")
        {
            Description = "Samples of each run that go into the page; of a larger run whole draws are left out, and the page says which. 0 for none.",
            DefaultValueFactory = _ => HtmlReport.UsualMostSamples,
        };
        var verb = new Command(
            "report",
            "Writes one HTML file about a run, finished or not, or about several side by side: headline, curves, tables, and all samples to filter, search and compare.\n\n" +
            "The file needs nothing else: no network, no server. Every run writes its own into its folder when it ends.\n\n" +
            "Examples: restem report runs/quickstart\n          restem report runs/first runs/second --output both.html")
        {
            runs, config, set, output, most,
        };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Write(
            parsed.GetValue(runs)!, parsed.GetValue(config), parsed.GetValue(set)!, parsed.GetValue(output)!,
            InputOutput.InRange("--most-samples", parsed.GetValue(most), 0, int.MaxValue), cancellationToken)));
        return verb;
    }

    private static int Write(string[] folders, string? config, string[] overrides, string output, int most, CancellationToken cancellationToken)
    {
        if (folders.Length > 1 && (config is not null || overrides.Length > 0))
        {
            throw new UsageException($"{(config is null ? "--set" : "--config")} is given with {folders.Length} runs, expected it with one.");
        }

        if (folders.GroupBy(Path.GetFullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"{twice.First()} is named {twice.Count()} times, expected each run once.");
        }

        using OutputFile file = OutputFile.Open("--output", output);
        var opened = new List<LookedAtRun>();
        try
        {
            foreach (string folder in folders)
            {
                opened.Add(LookedAtRun.Open(folder, config, overrides));
            }

            var plans = opened.Select(run => run.SamePlan(cancellationToken)).ToList();
            file.Content.Write(Encoding.UTF8.GetBytes(HtmlReport.Text([.. opened.Zip(plans, (run, plan) => Reported(run, plan, plans))], most)));
            file.Complete();
        }
        finally
        {
            opened.ForEach(run => run.Dispose());
        }

        Console.WriteLine($"report: {output}");
        return ExitCode.Done;
    }

    /// <summary>A run under its name, or under its folder where two have one name.</summary>
    private static ReportedRun Reported(LookedAtRun run, RunPlan plan, List<RunPlan> all)
    {
        string name = all.Count(other => other.Config.Name == plan.Config.Name) > 1 ? run.Folder : plan.Config.Name;
        var view = RunView.OfRun(name, plan.OptionsToLook, plan.Problems, Verifiers.OfAnswers(plan.Config.Verifier), "");
        return new ReportedRun(run.Folder, run.Ledger, SummaryReader.Read(run.Ledger, view));
    }
}
