using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTEM.Runs;

/// <summary>
/// Holds readers to what a row says: a field that looks like tests and that the form does not know is an error, so that no test is ever
/// dropped.
/// </summary>
internal static partial class RowFields
{
    // What rows of any form may have besides; nothing in them is a test, whatever they say.
    private static readonly HashSet<string> AlwaysHarmless =
    [
        "id", "task", "task_id", "problem_id", "question_id", "completion", "completions", "prompt", "question", "problem", "description",
        "text", "name", "entry_point", "solution", "solutions", "canonical_solution", "reference_solution", "code", "starter_code", "answer",
        "source", "difficulty", "split", "url", "tags", "metadata", "choices", "verdict", "reward", "samples", "messages", "model",
    ];

    /// <summary>Throws when a field looks like tests and is none of those that the form knows.</summary>
    /// <param name="row">The row, or an object in it.</param>
    /// <param name="form">For the message.</param>
    /// <param name="known">The fields that the form's reader uses, and those that it knows to be no tests.</param>
    /// <exception cref="InvalidDataException">There is such a field; it is named.</exception>
    internal static void Check(DataRow row, string form, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty property in row.Element.EnumerateObject())
        {
            string name = row.Name(property);
            if (!known.Contains(name) && !AlwaysHarmless.Contains(name) && LooksLikeTests(name, property.Value))
            {
                throw row.Bad(
                    name, $"there and looks like tests ({DataRow.Shorten(property.Value.GetRawText())})", $"no tests that the form {form} does not know");
            }
        }
    }

    private static bool LooksLikeTests(string name, JsonElement value) => HoldsSomething(value)
        && (TestWord().IsMatch(Lower(name))
            || (JudgeWord().IsMatch(Lower(name)) && (value.ValueKind != JsonValueKind.String || JudgingCode().IsMatch(value.GetRawText())))
            || (value.ValueKind == JsonValueKind.String && TestCode().IsMatch(value.GetRawText())));

    // Numbers and truth values say something about tests at most.
    private static bool HoldsSomething(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => !string.IsNullOrWhiteSpace(value.GetRawText().Trim('"')),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Lower(string name) => string.Join('_', Words().Matches(name).Select(word => word.Value.ToLowerInvariant()));

    // Who may judge; a text is only a name of one unless it is code.
    [GeneratedRegex("(^|_)(judges?|spj|graders?|evaluators?|eval|validators?|validation|scorers?|verifiers?|harness|invariants?|properties|fuzz|fuzzers?|criteria|spec|specs|unit)(_|$)")]
    private static partial Regex JudgeWord();

    [GeneratedRegex(@"(^""|\\n)\s*(def|class|import|from|return) |\blambda\b")]
    private static partial Regex JudgingCode();

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Words();

    [GeneratedRegex("(^|_)(((unit|py|doc|base|plus)?tests?|testcases?|asserts?|assertions?|checks?|checkers?|cases|inputs?_outputs?|inputs|outputs|plus_input|base_input|io|expected|verification|verifications|oracle|contract|ground_truth|reward_model)(_|$))")]
    private static partial Regex TestWord();

    // In the raw text of JSON, where a line break is \n.
    [GeneratedRegex(@"(^""|\\n)\s*(\\t)*(assert[ (]|def check\(|def test_\w*\(|class \w+\((unittest\.)?TestCase\))")]
    private static partial Regex TestCode();
}
