using System.CommandLine;
using System.Threading.Channels;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem verify</c>.</summary>
internal static class VerifyVerb
{
    internal static Command Create()
    {
        var input = InputOutput.Input();
        var output = InputOutput.Output();
        var problems = InputOutput.Problems("Problem files that rows refer to by problem_id, task_id or id.");
        var repairs = new Option<string[]>("--repair")
        {
            Description = "Mend that a completion may need to become a program: end-mark, fence, first-line, indentation, prose, spaces, all "
                + "or none (repeatable). By default all, and none for HumanEval's samples with --problems.",
            DefaultValueFactory = _ => [],
        };
        var keepGoing = new Option<bool>("--keep-going")
        {
            Description = "Rows that cannot be read become Unsupported, with the reason bad-row, and the others are judged; "
                + "without it the file is refused, and all bad rows are named.",
        };
        var verb = new Command(
            "verify",
            "Judges completions: rows {task, gold, completion} bring their reference, rows {problem_id, task_id or id, completion} name a problem; " +
            "text, as sample calls it, does as well as completion.\n\n" +
            "Writes one row each in the same order: {id, verdict, reward, reason, answer, evidence}. Needs no model and no run.\n\n" +
            "Examples: restem verify --input answers.jsonl --output verdicts.jsonl\n" +
            "          restem verify --input samples.jsonl --problems HumanEval.jsonl.gz --output verdicts.jsonl")
        {
            input, output, problems, repairs, keepGoing,
        };
        var data = new DataArguments();
        data.AddTo(verb);
        var sandbox = new SandboxArguments();
        sandbox.AddTo(verb);
        var answers = new AnswerArguments();
        answers.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(problems)!, data.Read(parsed, parsed.GetValue(problems)!), parsed.GetValue(keepGoing),
            Repairs(parsed.GetValue(repairs)!), sandbox.Read(parsed) with { LastNumber = answers.LastNumber(parsed) }, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(
        string input, string output, string[] problemFiles, ProblemReadOptions reading, bool keepGoing, IReadOnlyList<CodeRepairs> repairs, VerifierConfig config,
        CancellationToken cancellationToken)
    {
        config = repairs.Count == 0 ? config : config with { Repairs = repairs };
        using var target = OutputFile.Open("--output", output, [input, .. problemFiles]);
        var known = Given.Read("", () => VerifyRows.ReadProblems(problemFiles, reading, asPublished: repairs.Count == 0));
        var rows = VerifyRows.ReadAll(JsonLines.Read("--input", input), known, keepGoing);
        await using var verifiers = await Verifiers.CreateAsync(rows.Select(row => row.Problem).OfType<Problem>(), config, seed: 0, cancellationToken);
        using var progress = new RowProgress("verify", "rows", rows.Count, target);
        using var writer = new RowWriter(target);
        var pending = Channel.CreateBounded<(VerifyRow Row, Task<Finding> Finding)>(16 * Environment.ProcessorCount);
        var counts = new SortedDictionary<Verdict, int>();
        Task feeding = FeedAsync(rows, verifiers.Verifier, pending.Writer, cancellationToken);
        await foreach (var (row, judging) in pending.Reader.ReadAllAsync(cancellationToken))
        {
            Finding finding = await judging;
            counts[finding.Verdict] = counts.GetValueOrDefault(finding.Verdict) + 1;
            writer.Write(VerifyRows.Judged(row, finding));
            progress.Advance(1, detail: $"{counts.GetValueOrDefault(Verdict.Correct)} Correct");
        }

        await feeding;
        writer.Complete();
        string told = string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"));
        progress.Dispose();
        await Console.Error.WriteLineAsync($"{rows.Count} rows judged{(told.Length == 0 ? "" : $": {told}")}");
        return ExitCode.Done;
    }

    private static CodeRepairs[] Repairs(string[] names) => [.. names.Select(name =>
        Enum.GetValues<CodeRepairs>().Cast<CodeRepairs?>().FirstOrDefault(repair =>
            repair.ToString()!.Equals(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"--repair is '{name}', expected end-mark, fence, first-line, indentation, prose, spaces, all or none."))];

    private static async Task FeedAsync(
        List<VerifyRow> rows, IVerifier verifier, ChannelWriter<(VerifyRow Row, Task<Finding> Finding)> writer,
        CancellationToken cancellationToken)
    {
        try
        {
            foreach (VerifyRow row in rows)
            {
                Task<Finding> judging = row.Problem is not { } problem
                    ? Task.FromResult(VerifyRows.BadRow(row))
                    : Task.Run(async () => await verifier.VerifyAsync(problem, row.Completion, cancellationToken), cancellationToken);
                await writer.WriteAsync((row, judging), cancellationToken);
            }
        }
        finally
        {
            writer.Complete();
        }
    }
}
