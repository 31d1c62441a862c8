using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Tests as APPS has them: <c>inputs</c>, <c>outputs</c> and, for functions, <c>fn_name</c>. TACO has them too, and others inside of
/// other fields.
/// </summary>
internal static class InputOutput
{
    /// <summary>The tests.</summary>
    /// <param name="row">For messages.</param>
    /// <param name="field">For messages.</param>
    /// <param name="tests">The object.</param>
    /// <param name="statement">The problem's text, which may say how outputs are compared.</param>
    /// <exception cref="InvalidDataException">They are not of this form.</exception>
    internal static CodeTests Read(DataRow row, string field, JsonElement tests, string statement)
    {
        if (tests.ValueKind != JsonValueKind.Object)
        {
            throw row.Bad(field, DataRow.Shorten(tests.GetRawText()), "an object with inputs and outputs");
        }

        DataRow place = row with { Element = tests };
        RowFields.Check(place, field, "inputs", "outputs", "fn_name");
        string function = place.Optional("fn_name");
        var inputs = List(row, tests, field, "inputs");
        var outputs = List(row, tests, field, "outputs");
        if (inputs.Count == 0 || inputs.Count != outputs.Count)
        {
            throw row.Bad(field, $"{inputs.Count} inputs and {outputs.Count} outputs", "as many of one as of the other, at least one");
        }

        return function.Length > 0
            ? Calls(function, statement, inputs.Zip(outputs, (input, output) => (CallInput(row, field, input), Arguments.Value(row, field, output))))
            : Programs(statement, inputs.Zip(outputs, (input, output) => (Text(row, field, input), Text(row, field, output))));
    }

    /// <summary>Calls of a function, compared as APPS does: tuples as lists, and an output may stand alone in one more list.</summary>
    internal static CodeTests Calls(string function, string statement, IEnumerable<(string Input, string Output)> cases) => new()
    {
        Form = CodeTestForm.Calls,
        EntryPoint = function,
        Preamble = HarnessNames.Apps,
        Cases = [.. cases.Select(one => new CodeCase(one.Input, [one.Output]))],
        Output = RuleOf(statement) with { OneMoreList = true },
    };

    private static OutputRule RuleOf(string statement)
    {
        var rule = StatementRules.Of(statement, printed: false);
        return rule.Tolerance > 0 ? rule : rule with { Tolerance = AnswerTolerance.Of(statement), ToleranceIs = ToleranceKind.AbsoluteOrRelative };
    }

    /// <summary>Whole programs.</summary>
    internal static CodeTests Programs(string statement, IEnumerable<(string Input, string Output)> cases) => new()
    {
        Form = CodeTestForm.StandardIo,
        Cases = [.. cases.Select(one => new CodeCase(one.Input, [one.Output]))],
        Output = StatementRules.Of(statement),
    };

    /// <summary>A list of arguments: as such, or in lines of a text; a dictionary that comes first has integer keys where all can be that.</summary>
    internal static string CallInput(DataRow row, string field, JsonElement input) => input.ValueKind == JsonValueKind.String
        ? Arguments.OfLines(row, field, row.TextOf(field, input))
        : Arguments.Of(row, field, input, new PythonShape(PythonShapeKind.DictWithIntegerKeys), PythonShape.AsIs);

    /// <summary>A text; some programs' inputs are published as lists of lines.</summary>
    internal static string Text(DataRow row, string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => row.TextOf(field, value),
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(line => Text(row, field, line))),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw row.Bad(field, DataRow.Shorten(value.GetRawText()), "a text"),
    };

    private static List<JsonElement> List(DataRow row, JsonElement tests, string field, string part) =>
        tests.TryGetProperty(part, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()]
            : throw row.Bad($"{field}.{part}", "missing or no list", "a list");
}
