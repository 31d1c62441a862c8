using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A row of a code data set in the form it was published in, told from its fields.</summary>
public static class CodeRowReader
{
    /// <summary>Reads a row by itself, for example one that brings its completion along.</summary>
    /// <param name="row">The row; fields that belong to no code data set do not matter.</param>
    /// <param name="file">For messages, and for an id where the row has none.</param>
    /// <param name="line">Line in the file, from 1.</param>
    /// <exception cref="InvalidDataException">The row has no tests, or tests that cannot be read; file, line and field are named.</exception>
    public static Problem Read(JsonElement row, string file, int line) => Read(new DataRow(file, line, line - 1, row));

    /// <summary>Whether the row is one of a code data set.</summary>
    internal static bool Recognises(DataRow row) => ReaderOf(row) is not null;

    /// <exception cref="InvalidDataException">The row has no tests, or tests that cannot be read.</exception>
    internal static Problem Read(DataRow row)
    {
        var read = ReaderOf(row) ?? throw row.Bad(
            "the form of the tests",
            $"not told by the fields {DataRow.Shorten(string.Join(", ", row.Fields))}",
            "prompt, entry_point, test (HumanEval); text, test_list (MBPP); question, input_output (APPS); "
            + "problem, tests (contests); or problem, entry_point, test (LeetCode)");
        var problem = read(row);
        return row.Optional("task") == "code" && row.Has("id") ? problem with { Id = row.NonBlank("id") } : problem;
    }

    private static Func<DataRow, Problem>? ReaderOf(DataRow row) => row switch
    {
        _ when row.Has("test_list") => MbppReader.Read,
        _ when row.Has("input_output") => AppsReader.Read,
        _ when row.Has("entry_point") && row.Has("test") && row.Has("prompt") => HumanEvalReader.Read,
        _ when row.Has("entry_point") && row.Has("test") => LeetCodeReader.Read,
        _ when row.Has("tests") => ContestReader.Read,
        _ => null,
    };
}
