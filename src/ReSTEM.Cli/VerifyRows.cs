using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>One completion to judge, or a row that cannot be.</summary>
/// <param name="Id">What the row called itself; null when it did not.</param>
/// <param name="Problem">What it is judged against; null when the row is bad.</param>
/// <param name="Completion">The text.</param>
/// <param name="Fault">Why the row is bad; empty when it is not.</param>
internal sealed record VerifyRow(JsonElement? Id, Problem? Problem, string Completion, string Fault);

/// <summary>Reads the rows of <c>restem verify</c>.</summary>
internal static class VerifyRows
{
    private static readonly string[] ProblemNames = ["problem_id", "task_id"];

    /// <summary>The problems that rows may name, by id.</summary>
    /// <param name="files">Problem files.</param>
    /// <param name="asPublished">
    /// Whether completions that go on where a prompt ends (samples.jsonl of HumanEval) are judged as its authors do, without any repair.
    /// </param>
    internal static Dictionary<string, Problem> ReadProblems(string[] files, bool asPublished)
    {
        var known = new Dictionary<string, Problem>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            foreach (Problem problem in ProblemFile.Read(file, new ProblemReadOptions()))
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
    /// <param name="path">The file.</param>
    /// <param name="known">The problems that rows may name.</param>
    /// <param name="keepGoing">Whether bad rows are handed on as such.</param>
    /// <exception cref="InvalidDataException">There are bad rows, all of which are named, and they are not to be handed on.</exception>
    internal static List<VerifyRow> ReadAll(string path, Dictionary<string, Problem> known, bool keepGoing)
    {
        List<VerifyRow> rows = [.. JsonLines.ReadEach(path, row => Read(row, known), (_, row, fault) => new VerifyRow(IdOf(row), null, "", fault))];
        List<string> faults = [.. rows.Where(row => row.Problem is null).Select(row => row.Fault)];
        if (!keepGoing && faults.Count == 1)
        {
            throw new InvalidDataException(faults[0]);
        }

        ProblemFaults.Throw($"{path}: {faults.Count} bad rows (--keep-going judges the others)", keepGoing ? [] : faults);
        return rows;
    }

    private static JsonElement? IdOf(JsonRow? row) => row is null ? null
        : ProblemNames.Prepend("id").Select(name => row.Value.TryGetProperty(name, out JsonElement id) ? id : (JsonElement?)null)
            .FirstOrDefault(id => id is not null);

    /// <summary>Reads a row with its own reference, or one that names a problem.</summary>
    private static VerifyRow Read(JsonRow row, Dictionary<string, Problem> known)
    {
        string completion = row.Text("completion")
            ?? throw new InvalidDataException($"{row.Place}: completion is missing, expected a text.");
        JsonElement? id = row.Value.TryGetProperty("id", out JsonElement own) ? own : null;
        foreach (string name in ProblemNames)
        {
            if (row.Value.TryGetProperty(name, out JsonElement field))
            {
                string problem = field.ToString();
                if (known.TryGetValue(problem, out Problem? found) || known.TryGetValue($"mbpp/{problem}", out found))
                {
                    return new VerifyRow(id ?? field, found, completion, "");
                }

                if (!row.Value.TryGetProperty("task", out _))
                {
                    throw new InvalidDataException(
                        $"{row.Place}: {name} is '{problem}', expected one of the {known.Count} problems of --problems.");
                }
            }
        }

        return new VerifyRow(id, OwnProblem(row), completion, "");
    }

    private static Problem OwnProblem(JsonRow row)
    {
        string task = row.Text("task")
            ?? throw new InvalidDataException($"{row.Place}: task is missing, expected task and gold, or problem_id with --problems.");
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
            : throw new InvalidDataException($"{row.Place}: choices is {choices.ValueKind}, expected a list of texts.")
        : [];
}
