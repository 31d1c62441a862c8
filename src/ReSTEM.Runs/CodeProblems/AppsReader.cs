using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of APPS: <c>question</c>, <c>input_output</c> with <c>inputs</c>, <c>outputs</c> and, for call-based problems, <c>fn_name</c>.
/// <c>input_output</c> and <c>solutions</c> may be JSON texts, as in the published files, or JSON itself.
/// </summary>
/// <remarks>Hendrycks et al. 2021, arXiv:2105.09938, section 3 and appendix.</remarks>
internal static class AppsReader
{
    internal static Problem Read(DataRow row)
    {
        string question = row.Optional("question");
        string starter = row.Optional("starter_code");
        JsonElement tests = Unwrap(row, "input_output");
        if (tests.ValueKind != JsonValueKind.Object)
        {
            throw row.Bad("input_output", DataRow.Shorten(tests.GetRawText()), "an object with inputs and outputs");
        }

        string function = tests.TryGetProperty("fn_name", out JsonElement name) ? name.GetString() ?? "" : "";
        var inputs = List(row, tests, "inputs");
        var outputs = List(row, tests, "outputs");
        if (inputs.Count == 0 || inputs.Count != outputs.Count)
        {
            throw row.Bad("input_output", $"{inputs.Count} inputs and {outputs.Count} outputs", "as many of one as of the other, at least one");
        }

        bool calls = function.Length > 0;
        return new Problem
        {
            Id = $"apps/{row.Optional("split") switch { "" => row.Stem, var split => split }}/{Number(row)}",
            Task = TaskKind.Code,
            Prompt = starter.Trim().Length > 0 ? $"{question}\n\n{starter}" : question,
            Solution = FirstSolution(row),
            Tests = new CodeTests
            {
                Form = calls ? CodeTestForm.Calls : CodeTestForm.StandardIo,
                EntryPoint = function,
                Preamble = HarnessNames.Apps,
                Starter = calls ? starter : "",
                Cases = [.. inputs.Zip(outputs, (input, output) => new CodeCase(Text(input, calls), [Text(output, calls)]))],
                Output = StatementRules.Of(question) with { IntegerKeys = calls },
            },
            Metadata = row.Has("difficulty") ? new Dictionary<string, string> { ["difficulty"] = row.Optional("difficulty") } : [],
        };
    }

    /// <summary>All human-written solutions of a row.</summary>
    internal static IReadOnlyList<string> Solutions(DataRow row) => row.Has("solutions")
        ? [.. Unwrap(row, "solutions").EnumerateArray().Select(solution => solution.GetString() ?? "")]
        : [];

    private static string FirstSolution(DataRow row) => Solutions(row) is [var first, ..] ? first : "";

    private static string Number(DataRow row) => row.Has("problem_id") ? row.Optional("problem_id")
        : row.Has("id") ? row.Optional("id")
        : row.Index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Some programs' inputs are published as lists of lines.
    private static string Text(JsonElement value, bool asJson) => (asJson, value.ValueKind) switch
    {
        (true, _) => value.GetRawText(),
        (_, JsonValueKind.String) => value.GetString() ?? "",
        (_, JsonValueKind.Array) => string.Join('\n', value.EnumerateArray().Select(line => Text(line, asJson: false))),
        _ => value.GetRawText(),
    };

    private static List<JsonElement> List(DataRow row, JsonElement tests, string field) =>
        tests.TryGetProperty(field, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()]
            : throw row.Bad($"input_output.{field}", "missing", "a list");

    private static JsonElement Unwrap(DataRow row, string field)
    {
        if (!row.Has(field))
        {
            throw row.Bad(field, "missing", "JSON, or JSON in a text");
        }

        JsonElement value = row.Element.GetProperty(field);
        if (value.ValueKind != JsonValueKind.String)
        {
            return value;
        }

        try
        {
            using var document = JsonDocument.Parse(row.Text(field));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw row.Bad(field, DataRow.Shorten(row.Text(field)), "JSON");
        }
    }
}
