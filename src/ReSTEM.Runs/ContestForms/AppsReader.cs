using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of APPS or TACO: <c>question</c>, <c>starter_code</c>, <c>input_output</c> as <see cref="InputOutput"/> reads it.
/// <c>input_output</c> and <c>solutions</c> may be JSON texts, as in the published files, or JSON itself.
/// </summary>
/// <remarks>Hendrycks et al. 2021, arXiv:2105.09938, section 3 and appendix; Li et al. 2023, arXiv:2312.14852.</remarks>
internal static class AppsReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "APPS", "input_output");
        string question = row.Optional("question");
        string starter = row.Optional("starter_code");
        CodeTests tests = InputOutput.Read(row, "input_output", JsonInText.Of(row, "input_output"), question);
        return new Problem
        {
            Id = $"apps/{row.Optional("split") switch { "" => row.Stem, var split => split }}/{Number(row)}",
            Task = TaskKind.Code,
            Prompt = starter.Trim().Length > 0 ? $"{question}\n\n{starter}" : question,
            Solution = FirstSolution(row),
            Tests = tests with { Preamble = HarnessNames.Apps, Starter = tests.Form == CodeTestForm.Calls ? starter : "" },
            Metadata = row.Has("difficulty") ? new Dictionary<string, string> { ["difficulty"] = row.Optional("difficulty") } : [],
        };
    }

    /// <summary>All human-written solutions of a row.</summary>
    internal static IReadOnlyList<string> Solutions(DataRow row) =>
        row.Has("solutions") && JsonInText.Of(row, "solutions") is { ValueKind: System.Text.Json.JsonValueKind.Array } solutions
            ? [.. solutions.EnumerateArray().Where(solution => solution.ValueKind == System.Text.Json.JsonValueKind.String)
                .Select(solution => row.TextOf("solutions", solution))]
            : [];

    private static string FirstSolution(DataRow row) => Solutions(row) is [var first, ..] ? first : "";

    private static string Number(DataRow row) => row.Has("problem_id") ? row.Optional("problem_id")
        : row.Has("id") ? row.Optional("id")
        : row.Index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
