using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Rows whose tests are inside of an object that says how to verify: <c>verification_info</c> with <c>language</c> and <c>test_cases</c>
/// (<c>type</c> stdin_stdout or function_call, <c>fn_name</c>, <c>input</c>, <c>output</c>), as PrimeIntellect and open-r1 have them; or
/// <c>reward_model</c> with <c>ground_truth</c>, which holds inputs and outputs as APPS has them (PRIME, Eurus).
/// </summary>
internal static class VerificationReader
{
    private const string Info = "verification_info";
    private const string Model = "reward_model";

    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "verification_info", Info, Model, "gold_standard_solution", "in_source_id", "task_type");
        string prompt = Prompt(row);
        return new Problem
        {
            Id = row.Optional(row.Has("problem_id") ? "problem_id" : "id") switch { "" => $"{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = prompt,
            Solution = row.Optional("gold_standard_solution"),
            Tests = row.Has(Info) ? OfInfo(row, prompt) : OfModel(row, prompt),
        };
    }

    private static CodeTests OfInfo(DataRow row, string prompt)
    {
        JsonElement info = JsonInText.Of(row, Info);
        if (info.ValueKind != JsonValueKind.Object || !info.TryGetProperty("test_cases", out JsonElement list)
            || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw row.Bad(Info, DataRow.Shorten(info.GetRawText()), "an object with language and at least one of test_cases");
        }

        DataRow place = row with { Element = info };
        RowFields.Check(place, Info, "test_cases");
        string language = place.Optional("language");
        if (language is not ("" or "python" or "python3" or "Python"))
        {
            throw row.Bad($"{Info}.language", $"'{language}'", "python");
        }

        var cases = list.EnumerateArray().Select(test => test.ValueKind == JsonValueKind.Object
            ? row with { Element = test }
            : throw row.Bad($"{Info}.test_cases", DataRow.Shorten(test.GetRawText()), "objects of type, fn_name, input and output")).ToList();
        cases.ForEach(test => RowFields.Check(test, $"{Info}.test_cases", "input", "output", "fn_name"));
        string[] kinds = [.. cases.Select(test => test.Optional("type")).Distinct()];
        string[] functions = [.. cases.Select(test => test.Optional("fn_name")).Distinct()];
        return (kinds, functions) switch
        {
            ([("stdin_stdout" or "stdin" or "")], [""]) => InputOutput.Programs(
                prompt, cases.Select(test => (Part(test, "input", InputOutput.Text), Part(test, "output", InputOutput.Text)))),
            ([("function_call" or "functional")], [{ Length: > 0 } function]) => InputOutput.Calls(
                function, prompt, cases.Select(test => (Part(test, "input", InputOutput.CallInput), Part(test, "output", Output)))),
            _ => throw row.Bad(
                $"{Info}.test_cases", $"of the kinds {string.Join(", ", kinds)} for '{string.Join(", ", functions)}'",
                "all stdin_stdout, or all function_call with one fn_name"),
        };
    }

    private static CodeTests OfModel(DataRow row, string prompt)
    {
        JsonElement model = JsonInText.Of(row, Model);
        if (model.ValueKind != JsonValueKind.Object || !model.TryGetProperty("ground_truth", out _))
        {
            throw row.Bad(Model, DataRow.Shorten(model.GetRawText()), "an object with ground_truth");
        }

        return InputOutput.Read(row, $"{Model}.ground_truth", JsonInText.Of(row with { Element = model }, "ground_truth"), prompt);
    }

    private static string Part(DataRow test, string part, Func<DataRow, string, JsonElement, string> read) => test.Has(part)
        ? read(test, $"{Info}.test_cases.{part}", test.Element.GetProperty(part))
        : throw test.Bad($"{Info}.test_cases.{part}", "missing", "the test's");

    // JSON in a text, where it is that; else the text itself is the result.
    private static string Output(DataRow test, string field, JsonElement value) => value.ValueKind == JsonValueKind.String
        && JsonInText.TryParse(test.TextOf(field, value)) is { } json
            ? Arguments.Value(test, field, json)
            : Arguments.Value(test, field, value);

    /// <summary>The text, or the last message of a conversation.</summary>
    private static string Prompt(DataRow row)
    {
        if (!row.Has("prompt") || row.Element.GetProperty("prompt") is not { ValueKind: JsonValueKind.Array } messages)
        {
            return row.Optional(row.Has("prompt") ? "prompt" : "problem");
        }

        return messages.GetArrayLength() > 0 && messages[messages.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last
            ? (row with { Element = last }).Text("content")
            : throw row.Bad("prompt", DataRow.Shorten(messages.GetRawText()), "a text, or messages with content");
    }
}
