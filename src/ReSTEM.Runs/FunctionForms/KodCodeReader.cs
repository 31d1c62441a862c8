using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of KodCode: <c>question</c>, <c>solution</c>, <c>test</c>, in which the tests import the submission as <c>solution</c>, and
/// <c>test_info</c>, which names the function. Its own solution must pass before the tests are believed.
/// </summary>
/// <remarks>Xu et al. 2025, arXiv:2503.02951.</remarks>
internal static class KodCodeReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(
            row, "KodCode", "test", "test_info", "test_entry_point", "gpt_pass_sequence", "gpt_pass_trial_num", "gpt_pass_percentage");
        string code = row.NonBlank("test");
        var names = TestCode.ImportedNames(code);
        string entryPoint = names.Count > 0 ? names[0] : InfoName(row);
        TestCode tests = TestCode.Of(row, "test", entryPoint);
        string solution = row.Optional(row.Has("solution") ? "solution" : "canonical_solution");
        return new Problem
        {
            Id = row.Optional(row.Has("question_id") ? "question_id" : "id") switch { "" => $"kodcode/{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = row.Optional(row.Has("question") ? "question" : "prompt"),
            Solution = solution,
            Tests = new CodeTests
            {
                Form = CodeTestForm.Asserts,
                EntryPoint = entryPoint,
                Setup = tests.Setup,
                Statements = [tests.Statement],
                SolutionMustPass = solution.Length > 0,
            },
            Metadata = names.Count > 1 ? new Dictionary<string, string> { ["entry_point"] = string.Join(',', names) } : [],
        };
    }

    private static string InfoName(DataRow row)
    {
        if (!row.Has("test_info"))
        {
            return row.Optional("entry_point");
        }

        JsonElement info = row.Element.GetProperty("test_info");
        return info.ValueKind == JsonValueKind.Array && info.GetArrayLength() > 0 && info[0].ValueKind == JsonValueKind.Object
            && info[0].TryGetProperty("function_name", out JsonElement name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()!
                : "";
    }
}
