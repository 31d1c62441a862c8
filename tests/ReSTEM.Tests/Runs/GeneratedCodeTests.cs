using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class GeneratedCodeTests
{
    private static readonly CodeArguments Constants = new(3, 'a', 'b');

    /// <summary>What CPython 3.11 gives for the expressions with x = -7 and 5.</summary>
    private static readonly Dictionary<string, (string, string)> PythonOnNumbers = new()
    {
        ["x + 3"] = ("-4", "8"),
        ["x - 3"] = ("-10", "2"),
        ["x * 3"] = ("-21", "15"),
        ["x // 3"] = ("-3", "1"),
        ["x % 3"] = ("2", "2"),
        ["3 - x"] = ("10", "-2"),
        ["max(x, 3)"] = ("3", "5"),
        ["min(x, 3)"] = ("-7", "3"),
        ["x * x"] = ("49", "25"),
        ["x + x"] = ("-14", "10"),
        ["-x"] = ("7", "-5"),
        ["abs(x)"] = ("7", "5"),
        ["abs(x - 3)"] = ("10", "2"),
    };

    /// <summary>The same with x = [4, -3, 0, 9, -3] and [2, 3].</summary>
    private static readonly Dictionary<string, (string, string)> PythonOnLists = new()
    {
        ["[v + 3 for v in x]"] = ("[7, 0, 3, 12, 0]", "[5, 6]"),
        ["[v - 3 for v in x]"] = ("[1, -6, -3, 6, -6]", "[-1, 0]"),
        ["[v * 3 for v in x]"] = ("[12, -9, 0, 27, -9]", "[6, 9]"),
        ["[v * v for v in x]"] = ("[16, 9, 0, 81, 9]", "[4, 9]"),
        ["[-v for v in x]"] = ("[-4, 3, 0, -9, 3]", "[-2, -3]"),
        ["[abs(v) for v in x]"] = ("[4, 3, 0, 9, 3]", "[2, 3]"),
        ["[v for v in x if v > 3]"] = ("[4, 9]", "[]"),
        ["[v for v in x if v < 3]"] = ("[-3, 0, -3]", "[2]"),
        ["[v for v in x if v % 2 == 0]"] = ("[4, 0]", "[2]"),
        ["[v for v in x if v % 2 == 1]"] = ("[-3, 9, -3]", "[3]"),
        ["x[:3]"] = ("[4, -3, 0]", "[2, 3]"),
        ["x[3:]"] = ("[9, -3]", "[]"),
        ["x[-3:]"] = ("[0, 9, -3]", "[2, 3]"),
        ["x[::2]"] = ("[4, 0, -3]", "[2]"),
        ["x[::-1]"] = ("[-3, 9, 0, -3, 4]", "[3, 2]"),
        ["sorted(x)"] = ("[-3, -3, 0, 4, 9]", "[2, 3]"),
        ["sorted(x, reverse=True)"] = ("[9, 4, 0, -3, -3]", "[3, 2]"),
        ["sum(x)"] = ("7", "5"),
        ["len(x)"] = ("5", "2"),
        ["max(x)"] = ("9", "3"),
        ["min(x)"] = ("-3", "2"),
        ["len([v for v in x if v > 3])"] = ("2", "0"),
        ["len([v for v in x if v < 3])"] = ("3", "1"),
    };

    /// <summary>The same with x = "aBca" and "Ab".</summary>
    private static readonly Dictionary<string, (string, string)> PythonOnTexts = new()
    {
        ["x.upper()"] = ("\"ABCA\"", "\"AB\""),
        ["x.lower()"] = ("\"abca\"", "\"ab\""),
        ["x.swapcase()"] = ("\"AbCA\"", "\"aB\""),
        ["x.capitalize()"] = ("\"Abca\"", "\"Ab\""),
        ["x[::-1]"] = ("\"acBa\"", "\"bA\""),
        ["x[:3]"] = ("\"aBc\"", "\"Ab\""),
        ["x[3:]"] = ("\"a\"", "\"\""),
        ["x[-3:]"] = ("\"Bca\"", "\"Ab\""),
        ["x[::2]"] = ("\"ac\"", "\"A\""),
        ["x + x"] = ("\"aBcaaBca\"", "\"AbAb\""),
        ["x.replace('a', '')"] = ("\"Bc\"", "\"Ab\""),
        ["x.replace('a', 'b')"] = ("\"bBcb\"", "\"Ab\""),
        ["x + 'a'"] = ("\"aBcaa\"", "\"Aba\""),
        ["len(x)"] = ("4", "2"),
        ["x.count('a')"] = ("2", "0"),
    };

    [Fact]
    public void Every_primitive_does_what_its_python_does()
    {
        Check(CodePrimitives.Numbers, PythonOnNumbers, -7L, 5L);
        Check([.. CodePrimitives.Lists, .. CodePrimitives.ListEnds], PythonOnLists, new long[] { 4, -3, 0, 9, -3 }, new long[] { 2, 3 });
        Check([.. CodePrimitives.Texts, .. CodePrimitives.TextEnds], PythonOnTexts, "aBca", "Ab");

        static void Check(IReadOnlyList<CodePrimitive> primitives, Dictionary<string, (string, string)> python, object first, object second)
        {
            Assert.Equal(python.Count, primitives.Count);
            foreach (CodePrimitive primitive in primitives)
            {
                CodeStep step = new(primitive, Constants);
                Assert.Equal(python[step.Expression], (GeneratedCode.Json(step.Apply(first)!), GeneratedCode.Json(step.Apply(second)!)));
            }
        }
    }

    [Fact]
    public void A_function_reads_as_documented()
    {
        CodeStep Step(string phrase) => new(CodePrimitives.Numbers.Single(primitive => primitive.Phrase == phrase), Constants);
        GeneratedCode code = new(CodeType.Number, [Step("add {k}"), Step("square it"), Step("remainder by {k}")], [2L, -1L]);
        Assert.Equal("# number: add 3, then square it, then remainder by 3", code.Prompt);
        Assert.Equal("def f(x):\n    x = x + 3\n    x = x * x\n    return x % 3", GeneratedCode.Write(code.Steps));
        Assert.Equal(["1", "1"], code.Outputs(code.Steps)); // 5 * 5 = 25 = 8 * 3 + 1; 2 * 2 = 4 = 3 + 1
    }

    [Fact]
    public void Largest_of_nothing_is_an_error_as_in_python()
    {
        CodePrimitive largest = CodePrimitives.ListEnds.Single(primitive => primitive.Phrase == "largest");
        Assert.Null(largest.Apply(Array.Empty<long>(), Constants));
    }

    [Fact]
    public void Tests_have_enough_inputs_and_half_of_them_are_long()
    {
        foreach (Problem problem in GeneratedProblems.Create([GeneratedKind.Code], ProblemSplit.Train, 200, 1, new()))
        {
            CodeTests tests = problem.Tests!;
            Assert.Equal((CodeTestForm.Calls, "f", true), (tests.Form, tests.EntryPoint, tests.Output.TypesMatter));
            Assert.InRange(tests.Cases.Count, 6, 8);
            Assert.True(tests.Cases.Select(test => test.Accepted.Single()).Distinct().Count() > 1);
            int[] lengths = [.. tests.Cases.Select(test => Length(JsonDocument.Parse(test.Input).RootElement[0]))];
            Assert.True(problem.Metadata["shape"] == "number" || lengths.Count(length => length > 9) >= lengths.Length / 2);
            Assert.InRange(problem.Solution.Split('\n').Length - 1, 2, 4);
        }

        static int Length(JsonElement input) => input.ValueKind switch
        {
            JsonValueKind.Array => input.GetArrayLength(),
            JsonValueKind.String => input.GetString()!.Length,
            _ => 0,
        };
    }

    [Fact]
    public void A_bug_is_another_text_of_the_same_form()
    {
        RandomSequence random = RandomStream.Of(1, RandomPurpose.Corpus).Sequence();
        for (int i = 0; i < 300; i++)
        {
            GeneratedCode code = CodeGenerator.Draw(random, (ProblemLevel)(i % 2));
            string buggy = CodeGenerator.WriteWithBug(code, random);
            Assert.NotEqual(GeneratedCode.Write(code.Steps), buggy);
            Assert.Matches("^def f\\(x\\):\n(    x = [^\n]+\n)*    return [^\n]+$", buggy);
        }
    }
}
