using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of HumanEval, or of a data set in its form: <c>prompt</c>, <c>entry_point</c>, <c>test</c>. The prompt may be any text; the
/// Python in it is what a completion goes on. The test code may be of any kind that <see cref="TestCode"/> knows.
/// </summary>
/// <remarks>Chen et al. 2021, arXiv:2107.03374, section 2.2.</remarks>
internal static class HumanEvalReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "HumanEval", "test");
        string prompt = row.Optional("prompt");
        string entryPoint = row.Optional("entry_point");
        string id = row.Optional(row.Has("task_id") ? "task_id" : "id");
        TestCode code = TestCode.Of(row, "test", entryPoint);
        PythonPrompt python = PythonPrompt.In(prompt, entryPoint);
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
                Preamble = python.Code,
                CompletionContinuesPreamble = python.Code.Length > 0,
                // Its other functions help the tests.
                Setup = string.Join("\n\n", new[] { TestCode.ImportsFor([code.Statement]), python.Whole, code.Setup }.Where(part => part.Length > 0)),
                Statements = [code.Statement],
            },
        };
    }
}
