using System.CommandLine;
using System.Text.RegularExpressions;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem samples</c>.</summary>
internal static class SamplesVerb
{
    private const int UsualLimit = 20;

    internal static Command Create()
    {
        var run = new RunArguments();
        var iteration = new Option<int?>("--iteration") { Description = "Only of this iteration; 0 is the base model." };
        var set = new Option<string?>("--set") { Description = "Only on this problem set: train, validation, or an evaluation set's name." };
        var problem = new Option<string?>("--problem") { Description = "Only of the problem with this id." };
        var verdict = new Option<string?>("--verdict") { Description = $"Only with this verdict: {string.Join(", ", Enum.GetNames<Verdict>())}." };
        var reason = new Option<string?>("--reason") { Description = "Only with this reason code, for example no-answer." };
        var grep = new Option<string?>("--grep") { Description = "Only where this regular expression is found in the completion." };
        var limit = new Option<int>("--limit") { Description = "At most so many; 0 for all.", DefaultValueFactory = _ => UsualLimit };
        var jsonl = new Option<bool>("--jsonl") { Description = "One JSON object a line, whole completions and token ids, to standard output." };
        var verb = new Command(
            "samples",
            "Lists samples of a run by what they are, also while it goes on. The first column names a sample to show and replay.\n\n" +
            "Examples: restem samples runs/quickstart --iteration 2 --verdict Incorrect --limit 5\n" +
            "          restem samples runs/quickstart --set math --grep 'so the answer' --limit 0 --jsonl > found.jsonl");
        run.AddTo(verb, needsConfig: false);
        foreach (Option option in (Option[])[iteration, set, problem, verdict, reason, grep, limit, jsonl])
        {
            verb.Options.Add(option);
        }

        verb.SetAction((parsed, cancellationToken) =>
        {
            InputOutput.InRange("--limit", parsed.GetValue(limit), 0, int.MaxValue);
            var filter = new SampleFilter
            {
                Iteration = parsed.GetValue(iteration),
                Set = parsed.GetValue(set),
                Problem = parsed.GetValue(problem),
                Verdict = Named(parsed.GetValue(verdict)),
                Reason = parsed.GetValue(reason),
                Text = Pattern(parsed.GetValue(grep)),
            };
            using LookedAtRun looked = run.Open(parsed, needsConfig: false);
            return Task.FromResult(Write(looked, filter, parsed.GetValue(limit), parsed.GetValue(jsonl), cancellationToken));
        });
        return verb;
    }

    private static int Write(LookedAtRun run, SampleFilter filter, int limit, bool isJson, CancellationToken cancellationToken)
    {
        RefuseUnknown(run.Ledger.Listing, filter);
        int most = limit == 0 ? int.MaxValue : limit, written = 0;
        bool isMore = false;
        using OutputFile? output = isJson ? OutputFile.Open("--jsonl", OutputFile.Standard) : null;
        using RowWriter? rows = output is null ? null : new RowWriter(output);
        foreach (ListedSample sample in run.Ledger.Listing.Find(filter))
        {
            cancellationToken.ThrowIfCancellationRequested();
            isMore = written == most;
            if (isMore)
            {
                break;
            }

            written++;
            if (rows is null)
            {
                Console.WriteLine(SampleText.Line(sample));
            }
            else
            {
                rows.Write(SampleText.Row(sample));
            }
        }

        rows?.Complete();
        Console.Error.WriteLine($"{written} samples{(isMore ? $", and there are more: --limit 0 lists all" : "")}");
        return ExitCode.Done;
    }

    /// <summary>A name that no sample of the run can have is a typing error.</summary>
    private static void RefuseUnknown(SampleListing listing, SampleFilter filter)
    {
        var draws = listing.Draws();
        string[] sets = [.. draws.Select(draw => draw.Draw.Set).Distinct()];
        int[] iterations = [.. draws.Select(draw => draw.Draw.Iteration).Distinct()];
        if (draws.Count == 0)
        {
            return;
        }

        if (filter.Set is { } set && !sets.Contains(set))
        {
            throw new UsageException($"--set is '{set}', expected one that the run has drawn on: {string.Join(", ", sets)}.");
        }

        if (filter.Iteration is { } iteration && !iterations.Contains(iteration))
        {
            throw new UsageException($"--iteration is {iteration}, expected one that the run has samples of: {string.Join(", ", iterations)}.");
        }
    }

    private static Verdict? Named(string? name) => name is null ? null
        : Enum.TryParse(name, ignoreCase: true, out Verdict verdict) && !int.TryParse(name, out _) ? verdict
        : throw new UsageException($"--verdict is '{name}', expected one of {string.Join(", ", Enum.GetNames<Verdict>())}.");

    private static Regex? Pattern(string? pattern)
    {
        try
        {
            return pattern is null ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--grep is '{pattern}', expected a regular expression without look-around and back-references: {fault.Message.TrimEnd('.')}.");
        }
    }
}
