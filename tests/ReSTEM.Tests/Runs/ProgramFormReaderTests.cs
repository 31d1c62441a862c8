using System.Text;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class ProgramFormReaderTests
{
    [DataFact]
    public void Every_prompt_of_HumanEval_is_Python_throughout()
    {
        foreach (Problem problem in ProblemFile.Read(SharedData.PathOf("humaneval/HumanEval.jsonl.gz"), new ProblemReadOptions()))
        {
            Assert.Equal(problem.Prompt, problem.Tests!.Preamble);
            Assert.EndsWith(problem.Prompt, problem.Tests.Setup, StringComparison.Ordinal); // after imports for the tests
            Assert.True(problem.Tests.CompletionContinuesPreamble);
        }
    }

    [Theory]
    [InlineData("def f(a):\n", "def f(a):\n", "def f(a):\n    pass\n")]
    [InlineData("def f(a):\n    # here\n", "def f(a):\n    # here\n", "def f(a):\n    # here\n    pass\n")]
    [InlineData("class C:\n  def f(a):", "class C:\n  def f(a):", "class C:\n  def f(a):\n      pass\n")]
    [InlineData("def f(a):\n    '''Sum: '''\n", "def f(a):\n    '''Sum: '''\n", "def f(a):\n    '''Sum: '''\n")]
    [InlineData("def f(a, b={'x': 1}):\n    return a[1:]\n", "def f(a, b={'x': 1}):\n    return a[1:]\n", "def f(a, b={'x': 1}):\n    return a[1:]\n")]
    [InlineData("Write f.\n\ndef f(a):\n    '''It is f.'''\n", "def f(a):\n    '''It is f.'''\n", "def f(a):\n    '''It is f.'''\n")]
    [InlineData("Write f:\n```python\nimport re\ndef f(a):\n    '''It.'''\n```\nThanks.", "import re\ndef f(a):\n    '''It.'''\n", "import re\ndef f(a):\n    '''It.'''\n")]
    [InlineData("Write a function f(a).", "", "")]
    [InlineData("Write a function\ndef g(a):\n    pass\n", "", "")]
    [InlineData("def f(a):\n    '''never ended\n", "", "")]
    [InlineData("def f(a):\nadds one to a\n", "", "")]
    [InlineData("  \n", "", "")]
    public void The_Python_of_a_prompt_is_found(string prompt, string code, string whole)
    {
        var python = PythonPrompt.In(prompt, "f");
        Assert.Equal((code, whole), (python.Code, python.Whole));
    }

    [Theory]
    [InlineData("[NaN, 1, \"NaN\", \"a\\\"Infinity\", -Infinity, Infinity]", "[{\"$float\":\"nan\"}, 1, \"NaN\", \"a\\\"Infinity\", -1e999, 1e999]")]
    [InlineData("[1, \"NaN\"]", null)]
    public void Numbers_of_Python_are_made_JSON_outside_of_texts(string json, string? mended)
    {
        byte[]? bytes = PythonNumbers.Mended(Encoding.UTF8.GetBytes(json));
        Assert.Equal(mended, bytes is null ? null : Encoding.UTF8.GetString(bytes));
    }

    [Theory]
    [InlineData("1j", "0", "1")]
    [InlineData("(1+2j)", "1", "2")]
    [InlineData("-0.5-3e2j", "-0.5", "-300")]
    [InlineData("4", "4", "0")]
    [InlineData("-j", "0", "-1")]
    [InlineData("1e-3", "0.001", "0")]
    public void Complex_numbers_in_texts_are_read(string text, string real, string imaginary)
    {
        using var json = JsonDocument.Parse(PythonShape.NumberOf(text, PythonShapeKind.Complex)!);
        var parts = json.RootElement.GetProperty("$complex");
        Assert.Equal((real, imaginary), (parts[0].GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture), parts[1].GetDouble().ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("()")]
    [InlineData("one")]
    [InlineData("1+j2")]
    public void What_is_no_complex_number_is_none(string text) => Assert.Null(PythonShape.NumberOf(text, PythonShapeKind.Complex));

    [Theory]
    [InlineData("Mbpp/2", "[[1,2],[3]]", """[{"$tuple":[1,2]},{"$tuple":[3]}]""")]
    [InlineData("Mbpp/75", "[[[1],[2]],5]", """[[{"$tuple":[1]},{"$tuple":[2]}],5]""")]
    [InlineData("Mbpp/106", "[[1],[2]]", """[[1],{"$tuple":[2]}]""")]
    [InlineData("Mbpp/115", "[[[1],[]]]", """[[{"$set":[1]},{"$dict":[]}]]""")]
    [InlineData("Mbpp/259", "[[[1],[2]],[[3]]]", """[{"$tuple":[{"$tuple":[1]},{"$tuple":[2]}]},{"$tuple":[{"$tuple":[3]}]}]""")]
    [InlineData("Mbpp/307", "[[1],2,[3]]", """[{"$tuple":[1]},2,[3]]""")]
    [InlineData("Mbpp/580", "[[1,[2,[3]]]]", """[{"$tuple":[1,{"$tuple":[2,{"$tuple":[3]}]}]}]""")]
    [InlineData("Mbpp/722", """[{"a":[1]},2]""", """[{"a":{"$tuple":[1]}},2]""")]
    [InlineData("Mbpp/3", "[[1]]", "[[1]]")]
    [InlineData("HumanEval/2", "[[1]]", "[[1]]")]
    [InlineData("HumanEval/2", """[{"$tuple":[1]}]""", """[{"$dict":[["$tuple",[1]]]}]""")]
    public void Arguments_of_MbppPlus_have_their_types_again(string id, string json, string expected)
    {
        using var input = JsonDocument.Parse(json);
        var row = new DataRow("a.jsonl", 1, 0, input.RootElement);
        Assert.Equal(expected, Arguments.Of(row, "plus_input", input.RootElement, EvalPlusInputs.ShapesOf(id)));
    }

    [Fact]
    public void Of_pickles_only_a_text_is_read()
    {
        Assert.Equal("ab", PickledText.Of([0x80, 4, 0x95, 6, 0, 0, 0, 0, 0, 0, 0, 0x8C, 2, (byte)'a', (byte)'b', 0x94, (byte)'.']));
        Assert.Equal("ab", PickledText.Of([0x80, 2, (byte)'X', 2, 0, 0, 0, (byte)'a', (byte)'b', (byte)'q', 0, (byte)'.']));
        byte[][] others =
        [
            [], [0x80], [(byte)'.'], [0x80, 4, 0x8C, 3, (byte)'a', (byte)'.'], [0x80, 4, (byte)'N', (byte)'.'], [0x80, 4, 0x8C, 1, (byte)'a'],
            [0x80, 4, 0x8C, 1, (byte)'a', 0x8C, 1, (byte)'b', (byte)'.'], [0x80, 4, 0x8C, 1, (byte)'a', (byte)'.', (byte)'.'],
            [0x80, 4, 0x8D, 255, 255, 255, 255, 255, 255, 255, 255, (byte)'.'], [(byte)'c', (byte)'o', (byte)'s', (byte)'\n'],
        ];
        Assert.All(others, pickle => Assert.Null(PickledText.Of(pickle)));
    }

    [Fact]
    public void The_rows_in_the_documentation_are_read()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "docs/program-forms.md")).Where(line => line.StartsWith("{\"id\"", StringComparison.Ordinal))];
        Assert.Equal(
            ["double Calls", "sum StandardIo", "sorted Asserts"],
            rows.Select(row => CodeRowReader.Read(JsonDocument.Parse(row).RootElement, "docs", 1)).Select(problem => $"{problem.Id} {problem.Tests!.Form}"));
    }

    [Theory]
    [InlineData("Answers within 10^-5 of the actual answer will be accepted.", 1e-5)]
    [InlineData("Answers within 10-5 of the actual value are accepted.", 1e-5)]
    [InlineData("answers within <code>1e-6</code>", 0)]
    [InlineData("within $10^{-6}$ of the correct answer", 1e-6)]
    [InlineData("The points lie within 10-20 of the centre.", 0)]
    [InlineData("Return the number of pairs.", 0)]
    public void Tolerances_of_functions_are_read_from_the_statement(string statement, double tolerance) =>
        Assert.Equal(tolerance, AnswerTolerance.Of(statement), 1e-18);
}
