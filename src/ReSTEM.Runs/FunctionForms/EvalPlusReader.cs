using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of HumanEval+ or MBPP+ as EvalPlus publishes them: <c>task_id</c>, <c>prompt</c>, <c>entry_point</c>, <c>canonical_solution</c>,
/// <c>base_input</c>, <c>plus_input</c>, <c>contract</c>, <c>atol</c>, and <c>test</c> or <c>assertion</c>, which must pass as well.
/// </summary>
/// <remarks>Liu et al. 2023, arXiv:2305.01210.</remarks>
internal static class EvalPlusReader
{
    internal static Problem Read(DataRow row)
    {
        RowFields.Check(row, "EvalPlus", "base_input", "plus_input", "contract", "test", "assertion");
        string id = row.NonBlank("task_id");
        string prompt = row.Optional("prompt");
        string entryPoint = row.NonBlank("entry_point");
        string solution = row.NonBlank("canonical_solution").ReplaceLineEndings("\n");
        PythonPrompt python = PythonPrompt.In(prompt, entryPoint);
        // The prompt of HumanEval ends in the head of the function, that of MBPP is a text in quotes.
        bool continues = !TestCode.Defines(solution, entryPoint);
        if (continues && !TestCode.Defines(python.Code, entryPoint))
        {
            throw row.Bad("canonical_solution", DataRow.Shorten(solution), $"a definition of {entryPoint}, here or in the prompt");
        }

        string also = EvalPlusOracles.MoreResults(id);
        return new Problem
        {
            Id = id,
            Task = TaskKind.Code,
            Prompt = prompt,
            Solution = solution,
            Tests = new CodeTests
            {
                Form = CodeTestForm.Reference,
                EntryPoint = entryPoint,
                Preamble = continues ? python.Code : "",
                CompletionContinuesPreamble = continues,
                Cases = Cases(row, id),
                Setup = Setup(row, continues ? python.Whole : ""),
                Statements = Statements(row, entryPoint),
                Reference = new ReferenceSolution
                {
                    Source = (continues ? python.Code : "") + solution + also,
                    Contract = row.Optional("contract").ReplaceLineEndings("\n"),
                    AlsoRight = also.Length > 0 ? [EvalPlusOracles.MoreResultsName] : [],
                    Tolerance = Tolerance(row),
                    Oracle = EvalPlusOracles.Of(id, entryPoint),
                },
            },
        };
    }

    private static List<CodeCase> Cases(DataRow row, string id)
    {
        var shapes = EvalPlusInputs.ShapesOf(id);
        var cases = new List<CodeCase>();
        foreach (string field in (string[])["base_input", "plus_input"])
        {
            if (!row.Has(field))
            {
                continue;
            }

            JsonElement inputs = JsonInText.Of(row, field);
            // MBPP+ writes no inputs at all as an empty object.
            bool isEmpty = inputs.ValueKind == JsonValueKind.Object && !inputs.EnumerateObject().Any();
            if (inputs.ValueKind != JsonValueKind.Array && !isEmpty)
            {
                throw row.Bad(field, DataRow.Shorten(inputs.GetRawText()), "a list of lists of arguments");
            }

            cases.AddRange(isEmpty ? [] : inputs.EnumerateArray().Select(input => new CodeCase(Arguments.Of(row, field, input, shapes), [])));
        }

        return cases.Count > 0 ? cases : throw row.Bad("base_input", "empty", "at least one list of arguments");
    }

    private static string Setup(DataRow row, string prompt)
    {
        string imports = row.Has("assertion") ? TestCode.ImportsFor([row.Optional("assertion")]) : "";
        string framework = row.Has("test") ? TestCode.Of(row, "test", row.Optional("entry_point")).Setup : "";
        return string.Join("\n\n", new[] { prompt, imports, framework }.Where(part => part.Length > 0));
    }

    private static List<string> Statements(DataRow row, string entryPoint)
    {
        List<string> statements = [];
        if (!string.IsNullOrWhiteSpace(row.Optional("assertion")))
        {
            statements.Add(row.Optional("assertion"));
        }

        if (!string.IsNullOrWhiteSpace(row.Optional("test")))
        {
            statements.Add(TestCode.Of(row, "test", entryPoint).Statement);
        }

        return statements;
    }

    private static double Tolerance(DataRow row)
    {
        string text = row.Optional("atol");
        return text.Length == 0 ? 0
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double tolerance) && tolerance is >= 0 and < 1 ? tolerance
            : throw row.Bad("atol", text, "a number from 0, below 1");
    }
}
