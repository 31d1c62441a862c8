using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A contest row (Codeforces, CodeContests): <c>id</c>, <c>problem</c>, <c>tests</c> with <c>input</c> and <c>output</c>.</summary>
internal static class ContestReader
{
    internal static Problem Read(DataRow row)
    {
        string statement = row.Optional(row.Has("problem") ? "problem" : row.Has("question") ? "question" : "prompt");
        return new Problem
        {
            Id = row.Optional("id") switch { "" => $"{row.Stem}/{row.Index}", var id => id },
            Task = TaskKind.Code,
            Prompt = statement,
            Solution = row.Optional("solution"),
            Tests = new CodeTests
            {
                Form = CodeTestForm.StandardIo,
                Cases = ReadCases(row),
                Output = StatementRules.Of(statement),
                Checker = row.Optional("checker"),
            },
        };
    }

    private static List<CodeCase> ReadCases(DataRow row)
    {
        if (!row.Has("tests") || row.Element.GetProperty("tests") is not { ValueKind: JsonValueKind.Array } tests || tests.GetArrayLength() == 0)
        {
            throw row.Bad("tests", "missing or empty", "a list of inputs and outputs");
        }

        var cases = new List<CodeCase>();
        foreach (JsonElement test in tests.EnumerateArray())
        {
            DataRow place = row with { Element = test };
            if (test.ValueKind != JsonValueKind.Object)
            {
                throw row.Bad($"tests[{cases.Count}]", DataRow.Shorten(test.GetRawText()), "an object with input and output");
            }

            bool several = place.Has("outputs");
            cases.Add(new CodeCase(place.Text("input"), several ? place.Texts("outputs") : [place.Text("output")]));
        }

        return cases;
    }
}
