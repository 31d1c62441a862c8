using System.Text.Json;
using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A row of a code data set in the form it was published in, told from its fields.</summary>
public static partial class CodeRowReader
{
    /// <summary>Reads a row by itself, for example one that brings its completion along.</summary>
    /// <param name="row">The row; fields that belong to no code data set do not matter, unless they look like tests.</param>
    /// <param name="file">For messages, and for an id where the row has none.</param>
    /// <param name="line">Line in the file, from 1.</param>
    /// <exception cref="InvalidDataException">
    /// The row has no tests, or tests that cannot be read or are not understood; file, line and field are named.
    /// </exception>
    public static Problem Read(JsonElement row, string file, int line) => Read(new DataRow(file, line, line - 1, row));

    /// <summary>Whether the row is one of a code data set.</summary>
    internal static bool Recognises(DataRow row) => IsCode(row, "task") || ReaderOf(row) is not null;

    /// <exception cref="InvalidDataException">The row has no tests, or tests that cannot be read or are not understood.</exception>
    internal static Problem Read(DataRow row)
    {
        var read = ReaderOf(row) ?? throw row.Bad(
            "the form of the tests",
            $"not told by the fields {DataRow.Shorten(string.Join(", ", row.Fields))}",
            "prompt, entry_point, test (HumanEval); text, test_list (MBPP); question, input_output (APPS); problem, tests (contests); "
            + "tests of stdin, asserts or calls; or another form of docs/program-forms.md");
        if (row.Has("entry_point") && !IsName(row))
        {
            throw row.Bad("entry_point", DataRow.Shorten(row.Element.GetProperty("entry_point").GetRawText()), "a text with the name of a function or class");
        }

        var problem = read(row);
        return row.Optional("task") == "code" && row.Has("id") ? problem with { Id = row.NonBlank("id") } : problem;
    }

    // The most telling fields come first: what a form does not know is an error there and not another form here.
    private static Func<DataRow, Problem>? ReaderOf(DataRow row) => row switch
    {
        _ when row.Has("base_input") || row.Has("plus_input") => EvalPlusReader.Read,
        _ when row.Has("public_test_cases") || row.Has("private_test_cases") => LiveCodeBenchReader.Read,
        _ when row.Has("public_tests") || row.Has("private_tests") || row.Has("generated_tests") => CodeContestsReader.Read,
        _ when row.Has("verification_info") => VerificationReader.Read,
        _ when row.Has("reward_model") && (IsCode(row, "task") || IsCode(row, "ability")) => VerificationReader.Read,
        _ when row.Has("test_list") => MbppReader.Read,
        _ when row.Has("input_output") => AppsReader.Read,
        _ when row.Has("test") && (row.Has("complete_prompt") || row.Has("instruct_prompt")) => BigCodeBenchReader.Read,
        _ when row.Has("test") && TestsASolutionModule(row) => KodCodeReader.Read,
        _ when row.Has("entry_point") && row.Has("test") && !row.Has("prompt") && (row.Has("problem") || row.Has("question")) => LeetCodeReader.Read,
        _ when row.Has("test") => HumanEvalReader.Read,
        _ when row.Has("tests") || row.Has("test_cases") => ContestReader.Read,
        _ => null,
    };

    private static bool TestsASolutionModule(DataRow row) =>
        row.Has("test_info") || TestCode.ImportedNames(row.Optional("test")).Count > 0;

    // None at all counts as missing; Solution().name as LeetCode has it is a name here.
    private static bool IsName(DataRow row) => row.Element.GetProperty("entry_point").ValueKind is JsonValueKind.Null or JsonValueKind.String
        && PythonName().IsMatch(row.Optional("entry_point"));

    [GeneratedRegex(@"^\s*([A-Za-z_][\w.]*(\(\)\.[A-Za-z_]\w*)?)?\s*$")]
    private static partial Regex PythonName();

    private static bool IsCode(DataRow row, string field) =>
        row.Has(field) && row.Element.GetProperty(field) is { ValueKind: JsonValueKind.String } value && value.ValueEquals("code");
}
