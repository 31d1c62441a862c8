using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A row of HumanEval, or of a data set in its form: <c>prompt</c>, <c>entry_point</c>, <c>test</c>.</summary>
/// <remarks>Chen et al. 2021, arXiv:2107.03374, section 2.2.</remarks>
internal static class HumanEvalReader
{
    internal static Problem Read(DataRow row)
    {
        string prompt = row.NonBlank("prompt");
        string entryPoint = row.NonBlank("entry_point");
        string id = row.Optional(row.Has("task_id") ? "task_id" : "id");
        return new Problem
        {
            Id = id.Length > 0 ? id : $"humaneval/{row.Stem}/{row.Index}",
            Task = TaskKind.Code,
            Prompt = prompt,
            Solution = row.Optional("canonical_solution"),
            Tests = new CodeTests
            {
                Form = CodeTestForm.Asserts,
                EntryPoint = entryPoint,
                Preamble = prompt,
                CompletionContinuesPreamble = true,
                // The prompt ends in the documentation of the function, so by itself it is whole: its other functions help the tests.
                Setup = prompt,
                Statements = [row.NonBlank("test") + $"\n\ncheck({entryPoint})\n"],
            },
        };
    }
}
