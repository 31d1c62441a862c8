using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>One completion to judge, or a row that cannot be.</summary>
/// <param name="Id">What the row called itself; null when it did not.</param>
/// <param name="Problem">What it is judged against; null when the row is bad.</param>
/// <param name="Completion">The text.</param>
/// <param name="Fault">Why the row is bad; empty when it is not.</param>
/// <param name="Sample">Of a row that says which sample of a problem it is: these fields.</param>
internal sealed record VerifyRow(
    JsonElement? Id, Problem? Problem, string Completion, string Fault, IReadOnlyDictionary<string, JsonElement> Sample);

/// <summary>Reads the rows of <c>restem verify</c>.</summary>
internal static class VerifyRows
{
    private static readonly Dictionary<string, JsonElement> NoSample = [];

    /// <summary>The problems that rows may name, by id.</summary>
    /// <param name="files">Problem files.</param>
    /// <param name="reading">How they are read.</param>
    /// <param name="asPublished">
    /// Whether completions that go on where a prompt ends (samples.jsonl of HumanEval) are judged as its authors do, without any repair.
    /// </param>
    internal static Dictionary<string, Problem> ReadProblems(string[] files, ProblemReadOptions reading, bool asPublished)
    {
        var known = new Dictionary<string, Problem>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            foreach (Problem problem in ProblemFile.Read(file, reading))
            {
                var tests = asPublished && problem.Tests is { CompletionContinuesPreamble: true }
                    ? problem.Tests with { Repairs = CodeRepairs.None }
                    : problem.Tests;
                if (!known.TryAdd(problem.Id, problem with { Tests = tests }))
                {
                    throw new InvalidDataException($"{file}: problem id '{problem.Id}' is there twice, expected unique ids.");
                }
            }
        }

        return known;
    }

    /// <summary>Reads all rows.</summary>
    /// <param name="input">The file.</param>
    /// <param name="known">The problems that rows may name.</param>
    /// <param name="keepGoing">Whether bad rows are handed on as such.</param>
    /// <exception cref="InvalidDataException">There are bad rows, all of which are named, and they are not to be handed on.</exception>
    internal static List<VerifyRow> ReadAll(JsonLines input, Dictionary<string, Problem> known, bool keepGoing)
    {
        List<VerifyRow> rows = [.. input.Each(row => Read(row, known), (row, fault) => new VerifyRow(IdOf(row), null, "", fault, NoSample))];
        List<string> faults = [.. rows.Where(row => row.Problem is null).Select(row => row.Fault)];
        if (!keepGoing && faults.Count == 1)
        {
            throw new InvalidDataException(faults[0]);
        }

        ProblemFaults.Throw($"{input.Name}: {faults.Count} bad rows (--keep-going judges the others)", keepGoing ? [] : faults);
        return rows;
    }

    /// <summary>A row by itself, which brings its reference; one that cannot be read has the fault.</summary>
    /// <param name="name">What it is from, for messages.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="text">The line.</param>
    internal static VerifyRow ReadOne(string name, int line, string text)
    {
        JsonRow? row = null;
        try
        {
            row = JsonLines.RowOf(name, line, text);
            return Read(row, []);
        }
        catch (InvalidDataException bad)
        {
            return new VerifyRow(IdOf(row), null, "", bad.Message, NoSample);
        }
    }

    /// <summary>The finding on a row that cannot be read.</summary>
    internal static Finding BadRow(VerifyRow row) => new()
    {
        Verdict = Verdict.Unsupported,
        Reason = "bad-row",
        Evidence = new Dictionary<string, string> { ["message"] = row.Fault },
    };

    /// <summary>The row that says what was found.</summary>
    internal static Dictionary<string, object?> Judged(VerifyRow row, Finding finding)
    {
        var judged = new Dictionary<string, object?>
        {
            ["id"] = row.Id,
            ["verdict"] = finding.Verdict.ToString(),
            ["reward"] = finding.Verdict is Verdict.VerifierFailed ? null : Reward.Of(finding),
            ["reason"] = finding.Reason,
            ["answer"] = finding.Answer,
            ["evidence"] = finding.Details,
        };
        foreach (var (name, value) in row.Sample)
        {
            judged[name] = value;
        }

        return judged;
    }

    private static JsonElement? IdOf(JsonRow? row) => row is null ? null
        : row.Value.TryGetProperty("id", out JsonElement own) ? own : ProblemNames.FieldOf(row)?.Value;

    /// <summary>Reads a row with its own reference, or one that names a problem.</summary>
    private static VerifyRow Read(JsonRow row, Dictionary<string, Problem> known)
    {
        bool bringsProblem = row.Has("task");
        if (ProblemNames.Find(row, known) is { } found && !(bringsProblem && ProblemNames.FieldOf(row) is null))
        {
            return new VerifyRow(IdOf(row), found, row.Completion(), "", SampleOf(row));
        }

        if (!bringsProblem && (ProblemNames.FieldOf(row) ?? (known.Count > 0 && row.Has("id") ? ("id", row.Value.GetProperty("id")) : null)) is var (name, value))
        {
            throw new InvalidDataException($"{row.Place}: {name} is '{value}', expected one of the {known.Count} problems of --problems.");
        }

        // In code data sets text may be the problem's.
        string completion = row.Text("task") == "code" ? row.Text("completion", "a text") : row.Completion();
        return new VerifyRow(IdOf(row), OwnProblem(row), completion, "", SampleOf(row));
    }

    private static Dictionary<string, JsonElement> SampleOf(JsonRow row) => !row.Has("index") ? NoSample
        : PromptRows.Names.Skip(1).Append("index").Where(row.Has).ToDictionary(name => name, name => row.Value.GetProperty(name));

    private static Problem OwnProblem(JsonRow row)
    {
        string task = row.Text("task", "task and gold, or problem_id with --problems");
        return task switch
        {
            "math" or "choice" => new Problem
            {
                Id = row.Place,
                Task = task == "math" ? TaskKind.Math : TaskKind.Choice,
                Prompt = row.Text("question") ?? row.Text("problem") ?? row.Text("prompt") ?? "",
                Solution = row.Text("solution") ?? "",
                Reference = row.Text("gold") ?? row.Text("answer")
                    ?? throw new InvalidDataException($"{row.Place}: gold is missing, expected the right answer."),
                Choices = Choices(row),
            },
            "code" => CodeRowReader.Read(row.Value, row.File, row.Line),
            _ => throw new InvalidDataException($"{row.Place}: task is '{task}', expected math, choice or code."),
        };
    }

    private static string[] Choices(JsonRow row) => row.Value.TryGetProperty("choices", out JsonElement choices)
        ? choices.ValueKind is JsonValueKind.Array
            ? [.. choices.EnumerateArray().Select(choice => choice.ToString())]
            : throw new InvalidDataException($"{row.Place}: choices is {JsonRow.Describe(choices)}, expected a list of texts.")
        : [];
}
