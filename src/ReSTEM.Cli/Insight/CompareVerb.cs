using System.CommandLine;
using System.Globalization;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem compare</c>.</summary>
internal static class CompareVerb
{
    internal static Command Create()
    {
        var runs = new Argument<string[]>("RUN[:ITERATION]")
        {
            Description = "Policies of runs, two or more: a run folder stands for its result, runs/a:2 for its iteration 2, runs/a:0 for its base model.",
            Arity = ArgumentArity.OneOrMore,
        };
        var metrics = new Option<string>("--metrics") { Description = "Metrics in the table, for example pass@1,greedy; all if left out.", DefaultValueFactory = _ => "" };
        var json = InputOutput.Json();
        var verb = new Command(
            "compare",
            "Compares policies of runs that were measured on the same problems, with the first: paired differences with 95 % intervals.\n\n" +
            "Nothing is drawn: what the runs measured is in their ledgers. Policies that were given different prompts, or sampled differently, are named.\n\n" +
            "Examples: restem compare runs/quickstart:1 runs/quickstart:3\n          restem compare runs/first runs/second --metrics pass@1")
        {
            runs, metrics, json,
        };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Compare(
            parsed.GetValue(runs)!, parsed.GetValue(metrics)!.Split(',', StringSplitOptions.RemoveEmptyEntries), parsed.GetValue(json), cancellationToken)));
        return verb;
    }

    private static int Compare(string[] names, string[] metrics, bool json, CancellationToken cancellationToken)
    {
        if (names.Length < 2)
        {
            throw new UsageException($"'{names[0]}' is named alone, expected two policies or more, for example {Parse(names[0]).Folder}:0 and {Parse(names[0]).Folder}.");
        }

        ComparedRow[] rows = [.. names.Select(name => new ComparedRow(name, [Measured(name, cancellationToken)]))];
        RunComparison comparison = Given.Read("", () => RunComparison.Of(rows, metrics, rows[0].Runs[0].Seed));
        Console.Write(json ? ComparisonJson.Write(names[0], comparison) + "\n" : ComparisonTable.Write(comparison));
        return ExitCode.Done;
    }

    private static MeasuredRun Measured(string name, CancellationToken cancellationToken)
    {
        var (folder, iteration) = Parse(name);
        using LookedAtRun run = LookedAtRun.Open(folder, null, []);
        RunPlan plan = run.SamePlan(cancellationToken);
        var view = RunView.OfRun(folder, plan.OptionsToLook, plan.Problems, Verifiers.OfAnswers(plan.Config.Verifier), "");
        return Given.Read("", () => MeasuredRun.Read(run.Ledger, view, iteration));
    }

    private static (string Folder, int? Iteration) Parse(string name)
    {
        int colon = name.LastIndexOf(':');
        return colon > 0 && int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int iteration)
            ? (name[..colon], iteration)
            : (name, null);
    }
}
