using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of BigCodeBench: <c>complete_prompt</c>, <c>instruct_prompt</c>, <c>code_prompt</c>, <c>canonical_solution</c>, <c>test</c> with
/// classes of <c>unittest</c>, <c>entry_point</c>, <c>libs</c>. The prompt is the one to complete. Its own solution must pass before the
/// tests are believed: many ask for packages, or replace parts of what runs in the same process, which the submission's is not.
/// </summary>
/// <remarks>Zhuo et al. 2024, arXiv:2406.15877.</remarks>
internal static partial class BigCodeBenchReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "BigCodeBench", "test", "complete_prompt", "instruct_prompt", "code_prompt", "doc_struct", "libs");
        string prompt = row.Optional(row.Has("complete_prompt") ? "complete_prompt" : row.Has("instruct_prompt") ? "instruct_prompt" : "prompt");
        string entryPoint = row.NonBlank("entry_point");
        TestCode tests = TestCode.Of(row, "test", entryPoint);
        PythonPrompt python = PythonPrompt.In(row.Optional("complete_prompt"), entryPoint);
        if (python.Code.Length == 0)
        {
            python = PythonPrompt.In(row.Optional("code_prompt"), entryPoint);
        }

        string[] packages = [.. Name().Matches(row.Has("libs") && row.Element.GetProperty("libs").ValueKind == System.Text.Json.JsonValueKind.Array
            ? string.Join(' ', row.Texts("libs"))
            : row.Optional("libs")).Select(match => match.Value)];
        return new Problem
        {
            Id = row.Optional("task_id") switch { "" => $"bigcodebench/{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = prompt,
            Solution = row.Optional("canonical_solution"),
            Tests = new CodeTests
            {
                Form = CodeTestForm.Asserts,
                EntryPoint = entryPoint,
                Preamble = python.Code,
                CompletionContinuesPreamble = python.Code.Length > 0,
                Setup = $"{TestCode.ImportsFor([tests.Statement])}\n\n{tests.Setup}",
                Statements = [tests.Statement],
                SolutionMustPass = row.Optional("canonical_solution").Length > 0,
            },
            Metadata = packages.Length > 0 ? new Dictionary<string, string> { ["packages"] = string.Join(' ', packages) } : [],
        };
    }

    [GeneratedRegex(@"[A-Za-z_][\w.-]*")]
    private static partial Regex Name();
}
