using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row with <c>tests</c>: the contest form of Codeforces and CodeContests (<c>problem</c>, a list of <c>input</c> and <c>output</c> or
/// <c>outputs</c>), a list of assert statements, or any test code. Lists may be JSON in a text. Also <c>test_cases</c>.
/// </summary>
internal static class ContestReader
{
    internal static Problem Read(DataRow row)
    {
        string field = row.Has("tests") ? "tests" : "test_cases";
        RowFields.Check(row, "contest", field, "checker", "doctests");
        string statement = row.Optional(row.Has("problem") ? "problem" : row.Has("question") ? "question" : row.Has("prompt") ? "prompt" : "description");
        JsonElement value = row.Element.GetProperty(field);
        JsonElement? json = value.ValueKind == JsonValueKind.String ? JsonInText.TryParse(row.Text(field)) : value;
        return new Problem
        {
            Id = row.Optional("id") switch { "" => $"{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = statement,
            Solution = row.Optional("solution"),
            Tests = json is { } tests
                ? GenericTests.IsIn(tests) ? GenericTests.Read(row, field, tests, statement) : OfJson(row, field, tests, statement)
                : OfCode(row, field, statement),
        };
    }

    /// <summary>A case of <c>input</c> and <c>output</c>, or several accepted <c>outputs</c>.</summary>
    internal static CodeCase Case(DataRow row, string field, JsonElement test)
    {
        if (test.ValueKind != JsonValueKind.Object)
        {
            throw row.Bad(field, DataRow.Shorten(test.GetRawText()), "an object with input and output");
        }

        DataRow place = row with { Element = test };
        RowFields.Check(place, field, "input", "output", "outputs");
        string kind = place.Optional(place.Has("type") ? "type" : "testtype");
        if (kind is not ("" or "stdin" or "stdin_stdout"))
        {
            throw row.Bad(field, $"of the kind '{kind}'", "input and output of a program");
        }

        IReadOnlyList<string> outputs = place.Has("outputs") ? place.Texts("outputs") : [place.Text("output")];
        return outputs.Count > 0 ? new CodeCase(place.Text("input"), outputs) : throw row.Bad($"{field}.outputs", "empty", "at least one output");
    }

    private static CodeTests OfJson(DataRow row, string field, JsonElement tests, string statement)
    {
        if (tests.ValueKind == JsonValueKind.Array && tests.GetArrayLength() > 0 && tests.EnumerateArray().All(test => test.ValueKind == JsonValueKind.String))
        {
            return GenericTests.Asserts(row, field, tests, "");
        }

        if (tests.ValueKind == JsonValueKind.Object && tests.TryGetProperty("fn_name", out _))
        {
            return InputOutput.Read(row, field, tests, statement);
        }

        var cases = CodeContestsReader.Cases(row, field, tests).ToList();
        return cases.Count == 0
            ? throw row.Bad(field, "empty", "a list of inputs and outputs")
            : new CodeTests
            {
                Form = CodeTestForm.StandardIo,
                Cases = cases,
                Output = StatementRules.Of(statement),
                Checker = row.Optional("checker"),
            };
    }

    // MultiPL-E and others: the prompt is a head of a function, the tests are code.
    private static CodeTests OfCode(DataRow row, string field, string statement)
    {
        if (!row.Text(field).Contains("assert", StringComparison.Ordinal) && !row.Text(field).Contains("def ", StringComparison.Ordinal))
        {
            throw row.Bad(field, $"'{DataRow.Shorten(row.Text(field))}'", "JSON, or test code in Python");
        }

        string entryPoint = row.Optional("entry_point");
        TestCode code = TestCode.Of(row, field, entryPoint);
        PythonPrompt python = PythonPrompt.In(statement, entryPoint);
        return new CodeTests
        {
            Form = CodeTestForm.Asserts,
            EntryPoint = entryPoint,
            Preamble = python.Code,
            CompletionContinuesPreamble = python.Code.Length > 0,
            Setup = string.Join("\n\n", new[] { TestCode.ImportsFor([code.Statement]), python.Whole, code.Setup }.Where(part => part.Length > 0)),
            Statements = [code.Statement],
        };
    }
}
