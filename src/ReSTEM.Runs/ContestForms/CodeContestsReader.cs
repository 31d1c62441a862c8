using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of CodeContests: <c>name</c>, <c>description</c>, and <c>public_tests</c>, <c>private_tests</c> and <c>generated_tests</c>, each
/// two lists <c>input</c> and <c>output</c>, or a list of objects with both.
/// </summary>
/// <remarks>Li et al. 2022, arXiv:2203.07814, section 3.2 and appendix B.</remarks>
internal static class CodeContestsReader
{
    private static readonly string[] Fields = ["public_tests", "private_tests", "generated_tests"];

    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "CodeContests", [.. Fields, "incorrect_solutions", "input_file", "output_file"]);
        foreach (string file in (string[])["input_file", "output_file"])
        {
            if (!string.IsNullOrWhiteSpace(row.Optional(file)))
            {
                throw row.Bad(file, $"'{row.Optional(file)}'", "empty: programs read standard input and write standard output");
            }
        }

        string statement = row.Optional(row.Has("description") ? "description" : "problem");
        var cases = Fields.Where(row.Has).SelectMany(field => Cases(row, field, JsonInText.Of(row, field))).ToList();
        return new Problem
        {
            Id = row.Optional(row.Has("id") ? "id" : "name") switch { "" => $"{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = statement,
            Solution = Solution(row),
            Tests = cases.Count > 0
                ? new CodeTests { Form = CodeTestForm.StandardIo, Cases = cases, Output = StatementRules.Of(statement) }
                : throw row.Bad("public_tests", "empty", "at least one test, here or in private_tests or generated_tests"),
        };
    }

    /// <summary>Cases as two lists or as a list of objects.</summary>
    internal static IEnumerable<CodeCase> Cases(DataRow row, string field, JsonElement tests)
    {
        DataRow place = row with { Element = tests };
        switch (tests.ValueKind)
        {
            case JsonValueKind.Object when tests.EnumerateObject().All(part => part.Name is "input" or "output" or "inputs" or "outputs"):
                var inputs = place.Texts(place.Has("inputs") ? "inputs" : "input");
                var outputs = place.Texts(place.Has("outputs") ? "outputs" : "output");
                return inputs.Count == outputs.Count
                    ? inputs.Zip(outputs, (input, output) => new CodeCase(input, [output]))
                    : throw row.Bad(field, $"{inputs.Count} inputs and {outputs.Count} outputs", "as many of one as of the other");
            case JsonValueKind.Array:
                return [.. tests.EnumerateArray().Select((test, index) => ContestReader.Case(row, $"{field}[{index}]", test))];
            default:
                throw row.Bad(field, DataRow.Shorten(tests.GetRawText()), "lists of inputs and outputs");
        }
    }

    private static string Solution(DataRow row)
    {
        if (!row.Has("solutions") || row.Element.GetProperty("solutions") is not { ValueKind: JsonValueKind.Object } solutions
            || !solutions.TryGetProperty("language", out JsonElement languages) || !solutions.TryGetProperty("solution", out JsonElement texts)
            || languages.ValueKind != JsonValueKind.Array || texts.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        int at = languages.EnumerateArray().ToList().FindIndex(language => language.GetRawText() is "3" or "\"PYTHON3\"");
        return at >= 0 && at < texts.GetArrayLength() && texts[at].ValueKind == JsonValueKind.String ? row.TextOf("solutions", texts[at]) : "";
    }
}
