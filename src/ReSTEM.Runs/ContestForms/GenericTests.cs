using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Tests of our own form: an object <c>tests</c> of one of <c>stdin</c>, a list of <c>input</c> and <c>output</c>; <c>asserts</c>, a list
/// of statements; <c>calls</c>, a list of <c>function</c>, <c>args</c>, <c>kwargs</c> and <c>expected</c>.
/// </summary>
internal static class GenericTests
{
    private static readonly string[] Kinds = ["stdin", "asserts", "calls"];

    /// <summary>Whether tests are of this form.</summary>
    internal static bool IsIn(JsonElement tests) =>
        tests.ValueKind == JsonValueKind.Object && tests.EnumerateObject().Any(part => Kinds.Contains(part.Name));

    /// <exception cref="InvalidDataException">They are of no known kind, or of several.</exception>
    internal static CodeTests Read(DataRow row, string field, JsonElement tests, string statement)
    {
        string[] parts = [.. tests.EnumerateObject().Select(part => row.Name(part))];
        string[] kinds = [.. parts.Intersect(Kinds)];
        if (kinds.Length != 1 || parts.Length > (kinds[0] == "asserts" && parts.Contains("setup") ? 2 : 1))
        {
            throw row.Bad(field, $"an object of {string.Join(", ", parts)}", "an object of one of stdin, asserts (with setup where needed) and calls");
        }

        JsonElement list = tests.GetProperty(kinds[0]);
        string place = $"{field}.{kinds[0]}";
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw row.Bad(place, DataRow.Shorten(list.GetRawText()), "a list of at least one test");
        }

        return kinds[0] switch
        {
            "stdin" => new CodeTests
            {
                Form = CodeTestForm.StandardIo,
                Cases = [.. list.EnumerateArray().Select((test, index) => Case(row, $"{place}[{index}]", test))],
                Output = StatementRules.Of(statement),
                Checker = row.Optional("checker"),
            },
            "asserts" => Asserts(row, place, list, (row with { Element = tests }).Optional("setup")),
            _ => Calls(row, place, list),
        };
    }

    /// <summary>Assert statements, one text each; the prompt's Python helps them where there is any.</summary>
    internal static CodeTests Asserts(DataRow row, string field, JsonElement list, string setup)
    {
        string[] statements = [.. list.EnumerateArray().Select(statement => statement.ValueKind == JsonValueKind.String
            ? row.TextOf(field, statement)
            : throw row.Bad(field, DataRow.Shorten(statement.GetRawText()), "assert statements in texts"))];
        if (statements.FirstOrDefault(statement => !statement.Contains("assert", StringComparison.Ordinal)) is { } other)
        {
            throw row.Bad(field, $"'{DataRow.Shorten(other)}'", "assert statements");
        }

        string entryPoint = row.Optional("entry_point");
        PythonPrompt python = PythonPrompt.In(row.Optional("prompt"), entryPoint);
        bool continues = entryPoint.Length > 0 && TestCode.Defines(python.Code, entryPoint);
        return new CodeTests
        {
            Form = CodeTestForm.Asserts,
            EntryPoint = entryPoint,
            Preamble = continues ? python.Code : "",
            CompletionContinuesPreamble = continues,
            Setup = string.Join('\n', new[] { TestCode.ImportsFor(statements), continues ? python.Whole : "", setup }.Where(part => part.Length > 0)),
            Statements = statements,
        };
    }

    private static CodeCase Case(DataRow row, string place, JsonElement test)
    {
        // Arguments, files and the like would have to be there for the program.
        string? unknown = test.ValueKind == JsonValueKind.Object
            ? (row with { Element = test }).Fields.FirstOrDefault(name => name is not ("input" or "output" or "outputs" or "type" or "testtype"))
            : null;
        return unknown is null ? ContestReader.Case(row, place, test) : throw row.Bad($"{place}.{unknown}", "there", "input and output or outputs only");
    }

    private static CodeTests Calls(DataRow row, string field, JsonElement list)
    {
        string entryPoint = row.Optional("entry_point");
        var cases = new List<CodeCase>();
        foreach (JsonElement call in list.EnumerateArray())
        {
            string place = $"{field}[{cases.Count}]";
            DataRow part = call.ValueKind == JsonValueKind.Object
                ? row with { Element = call }
                : throw row.Bad(place, DataRow.Shorten(call.GetRawText()), "an object of function, args, kwargs and expected");
            if (part.Fields.FirstOrDefault(name => name is not ("function" or "args" or "kwargs" or "expected")) is { } unknown)
            {
                throw row.Bad($"{place}.{unknown}", "there", "function, args, kwargs and expected only");
            }

            if (!call.TryGetProperty("expected", out JsonElement expected))
            {
                throw row.Bad($"{place}.expected", "missing", "what the call returns");
            }

            string function = part.Has("function") ? part.NonBlank("function") : entryPoint;
            if (function.Length == 0)
            {
                throw row.Bad($"{place}.function", "missing", "the name of what is called, here or as entry_point");
            }

            bool named = part.Has("kwargs");
            if (named && call.GetProperty("kwargs").ValueKind != JsonValueKind.Object)
            {
                throw row.Bad($"{place}.kwargs", DataRow.Shorten(call.GetProperty("kwargs").GetRawText()), "an object");
            }

            cases.Add(new CodeCase(
                part.Has("args") ? Arguments.Of(row, $"{place}.args", call.GetProperty("args")) : "[]",
                [Arguments.Value(row, $"{place}.expected", expected)])
            {
                Function = function,
                Named = named ? Arguments.Value(row, $"{place}.kwargs", call.GetProperty("kwargs")) : "",
            });
        }

        PythonPrompt python = PythonPrompt.In(row.Optional("prompt"), entryPoint);
        bool continues = entryPoint.Length > 0 && TestCode.Defines(python.Code, entryPoint);
        return new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = entryPoint.Length > 0 ? entryPoint : cases[0].Function,
            Preamble = continues ? python.Code : "",
            CompletionContinuesPreamble = continues,
            Cases = cases,
        };
    }
}
