using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of LiveCodeBench: <c>question_title</c>, <c>question_content</c>, <c>starter_code</c>, <c>public_test_cases</c> and
/// <c>private_test_cases</c>, which are JSON in a text or, the private ones, that in a pickle, zlib and base64. A test is for a program
/// (<c>stdin</c>) or for the function that <c>metadata</c> names (<c>functional</c>): then its input has an argument a line, in JSON.
/// </summary>
/// <remarks>Jain et al. 2024, arXiv:2403.07974.</remarks>
internal static class LiveCodeBenchReader
{
    private const string Public = "public_test_cases";
    private const string Private = "private_test_cases";

    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "LiveCodeBench", Public, Private);
        string content = row.Optional("question_content");
        string starter = row.Optional("starter_code");
        var cases = new List<(string Field, DataRow Test)>();
        cases.AddRange(Tests(row, Public));
        cases.AddRange(Tests(row, Private));
        if (cases.Count == 0)
        {
            throw row.Bad(Private, "empty", "at least one test, here or among the public ones");
        }

        string[] kinds = [.. cases.Select(one => one.Test.Optional("testtype")).Select(kind => kind.Length == 0 ? "stdin" : kind).Distinct()];
        CodeTests tests = kinds switch
        {
            ["stdin"] => InputOutput.Programs(content, cases.Select(one => (Text(one, "input"), Text(one, "output")))),
            ["functional"] => Functional(row, content, cases),
            _ => throw row.Bad(Public, $"of the kinds {string.Join(", ", kinds)}", "all of testtype stdin, or all functional"),
        };
        return new Problem
        {
            Id = row.Optional("question_id") switch { "" => $"{row.Stem}/{row.Index}", var id => $"livecodebench/{id}" },
            Task = TaskKind.Code,
            Prompt = starter.Trim().Length > 0 ? $"{content}\n\n{starter}" : content,
            Tests = tests with { Preamble = HarnessNames.LiveCodeBench, Starter = kinds is ["functional"] ? starter : "" },
            Metadata = row.Has("difficulty") ? new Dictionary<string, string> { ["difficulty"] = row.Optional("difficulty") } : [],
        };
    }

    private static CodeTests Functional(DataRow row, string content, List<(string Field, DataRow Test)> cases)
    {
        JsonElement metadata = row.Has("metadata") ? JsonInText.Of(row, "metadata") : default;
        string function = metadata.ValueKind == JsonValueKind.Object ? (row with { Element = metadata }).Optional("func_name") : "";
        if (function.Length == 0)
        {
            throw row.Bad("metadata", "without func_name", "the name of the function that the tests call");
        }

        CodeTests tests = InputOutput.Calls(function, content, cases.Select(one => (
            Arguments.OfLines(row, one.Field, Text(one, "input")),
            Arguments.Value(row, one.Field, JsonInText.Parse(row, one.Field, Text(one, "output"))))));
        return tests with { Output = tests.Output with { OneMoreList = false } };
    }

    private static IEnumerable<(string Field, DataRow Test)> Tests(DataRow row, string field)
    {
        if (!row.Has(field) || (row.Element.GetProperty(field).ValueKind == JsonValueKind.String && row.Text(field).Length == 0))
        {
            return [];
        }

        JsonElement list = row.Element.GetProperty(field);
        if (list.ValueKind == JsonValueKind.String)
        {
            string text = row.Text(field);
            list = JsonInText.TryParse(text) ?? JsonInText.Parse(row, field, PickledText.FromCompressed(text)
                ?? throw row.Bad(field, $"'{DataRow.Shorten(text)}'", "JSON, or base64 of zlib of a pickled text"));
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(test => test.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray().Select(test => (field, row with { Element = test }))]
            : throw row.Bad(field, DataRow.Shorten(list.GetRawText()), "a list of objects with input, output and testtype");
    }

    private static string Text((string Field, DataRow Test) one, string part) => one.Test.Text(part);
}
