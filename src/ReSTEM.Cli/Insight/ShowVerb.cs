using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem show</c>.</summary>
internal static class ShowVerb
{
    internal static Command Create()
    {
        var run = new RunArguments();
        var problem = new Argument<string>("PROBLEM") { Description = "Id of a problem, or the name of one sample as restem samples lists it." };
        var iteration = new Option<int?>("--iteration") { Description = "Only of this iteration; 0 is the base model." };
        var set = new Option<string?>("--set") { Description = "Only on this problem set." };
        var verb = new Command(
            "show",
            "Shows a problem of a run: prompt, reference, and every completion with verdict, reason, evidence and weight. Works while the run goes on.\n\n" +
            "Examples: restem show runs/quickstart gsm8k-17\n" +
            "          restem show runs/quickstart '2/e-step/gsm8k-17#3'");
        run.AddTo(verb, needsConfig: true);
        verb.Arguments.Add(problem);
        verb.Options.Add(iteration);
        verb.Options.Add(set);
        verb.SetAction((parsed, cancellationToken) =>
        {
            using LookedAtRun looked = run.Open(parsed);
            return Task.FromResult(Show(
                looked, parsed.GetValue(problem)!, new SampleFilter { Iteration = parsed.GetValue(iteration), Set = parsed.GetValue(set) }, cancellationToken));
        });
        return verb;
    }

    private static int Show(LookedAtRun run, string name, SampleFilter filter, CancellationToken cancellationToken)
    {
        var listing = run.Ledger.Listing;
        SampleRef? one = SampleRef.Parse(name, listing.Draws().Select(draw => draw.Draw));
        ListedSample[] found = [.. listing.Find(filter with { Problem = name })];
        if (found.Length == 0 && one is { } named)
        {
            found = [.. listing.Find(new SampleFilter { Iteration = named.Draw.Iteration, Problem = named.ProblemId }).Where(sample => sample.Ref == named)];
        }

        if (found.Length == 0)
        {
            throw new UsageException($"'{name}' has no sample{Within(filter)} in {run.Folder}, expected the id of a problem or the name of a sample; restem samples {run.Folder} lists them.");
        }

        ShowProblem(run, found, cancellationToken);
        foreach (ListedSample sample in found)
        {
            Console.WriteLine();
            KeptSample? kept = sample.Ref.Draw != DrawId.EStep(sample.Ref.Draw.Iteration) ? null
                : run.Ledger.Kept.Read(sample.Ref.Draw.Iteration, sample.Ref.ProblemId).FirstOrDefault(entry => entry.Index == sample.Ref.Index);
            SampleText.Lines(sample, kept).ToList().ForEach(Console.WriteLine);
        }

        return ExitCode.Done;
    }

    private static string Within(SampleFilter filter) =>
        (filter.Iteration is { } iteration ? $" of iteration {iteration}" : "") + (filter.Set is { } set ? $" on {set}" : "");

    /// <summary>The problem itself is not in the ledger; where its file is gone that is said, and the samples are shown all the same.</summary>
    private static void ShowProblem(LookedAtRun run, ListedSample[] found, CancellationToken cancellationToken)
    {
        RunPlan plan;
        try
        {
            plan = run.Plan(cancellationToken);
        }
        catch (Exception fault) when (fault is ConfigException or UsageException)
        {
            Console.Error.WriteLine($"prompt and reference cannot be shown: {(fault is ConfigException config ? string.Join("; ", config.Issues) : fault.Message)}");
            return;
        }

        if (run.Changed(plan) is { Length: > 0 } changed)
        {
            Console.Error.WriteLine($"prompt and reference may be others than the run's: {changed}");
        }

        foreach (string set in found.Select(sample => sample.Ref.Draw.Set).Distinct())
        {
            var problems = set switch
            {
                "train" when plan.Problems.Evaluations.All(evaluation => evaluation.Name != set) => plan.Problems.Train,
                "validation" when plan.Problems.Evaluations.All(evaluation => evaluation.Name != set) => plan.Problems.Validation,
                _ => plan.Problems.Evaluations.FirstOrDefault(evaluation => evaluation.Name == set)?.Problems ?? [],
            };
            foreach (Problem problem in problems.Where(problem => problem.Id == found[0].Ref.ProblemId))
            {
                Lines(set, problem).ToList().ForEach(Console.WriteLine);
            }
        }
    }

    private static IEnumerable<string> Lines(string set, Problem problem)
    {
        yield return $"{problem.Id} ({problem.Task.ToString().ToLowerInvariant()}, {set}{string.Concat(problem.Metadata.Where(entry => entry.Value.Length <= 40).Select(entry => $", {entry.Key}: {entry.Value}"))})";
        foreach (string line in SampleText.Block(problem.Prompt))
        {
            yield return line;
        }

        if (problem.Choices.Count > 0)
        {
            yield return $"  choices: {string.Join(", ", problem.Choices)}";
        }

        if (problem.Reference.Length > 0)
        {
            yield return $"  reference: {problem.Reference}";
        }

        if (problem.Tests is { } tests)
        {
            yield return $"  tests: {tests.Form}, {tests.Statements.Count + tests.Cases.Count}{(tests.EntryPoint.Length > 0 ? $" of {tests.EntryPoint}" : "")}";
        }
    }
}
