using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.Tests;

public sealed class CodeExtractionTests
{
    private static readonly CodeTests Function = new() { Form = CodeTestForm.Calls, EntryPoint = "f" };

    private static readonly CodeTests Continuation = new()
    {
        Form = CodeTestForm.Asserts,
        EntryPoint = "f",
        Preamble = "def f(x):\n    \"\"\"Doubles.\"\"\"\n",
        CompletionContinuesPreamble = true,
    };

    [Theory]
    [InlineData("def f(x):\n    return 2 * x", "unfenced")]
    [InlineData("```python\ndef f(x):\n    return 2 * x\n```", "fenced-block")]
    [InlineData("Sure!\n```py\ndef f(x):\n    return 2 * x\n```\nIt doubles.", "fenced-block")]
    [InlineData("```Python3\n\ndef f(x):\n    return 2 * x\n\n```", "fenced-block")]
    public void A_plain_program_is_found_without_reading_python(string completion, string kind)
    {
        var found = CodeExtraction.Plain(Function, completion, []);
        Assert.Equal(("def f(x):\n    return 2 * x", kind), (found!.Code, found.Kind));
        Assert.Equal([found.Code], found.Sources);
    }

    [Theory]
    [InlineData("```\ndef f(x):\n    return 1\n```")] // the prompt may have opened a fence
    [InlineData("```python\ndef f(x):\n    return 1")]
    [InlineData("Answer: ```python\ndef f(x):\n    return 1\n```")]
    [InlineData("```python\ndef f(x):\n    return 1```")]
    [InlineData("~~~py\ndef f(x):\n    return 1\n~~~")]
    [InlineData("```python\ndef g(x):\n    return 1\n```")]
    [InlineData("```python\ndef f(x):\n    return 1\n```\n```python\nprint(f(3))\n```")]
    [InlineData("<answer>def f(x): return 1</answer>")]
    public void Everything_else_is_for_the_reader(string completion) => Assert.Null(CodeExtraction.Plain(Function, completion, []));

    [Theory]
    [InlineData("")]
    [InlineData("   \n\n")]
    public void Nothing_is_no_code(string completion) => Assert.Equal("no-code", CodeExtraction.Plain(Function, completion, [])!.Reason);

    [Fact]
    public void A_continuation_goes_on_where_the_prompt_ends() =>
        Assert.Equal([Continuation.Preamble + "    return 2 * x\n"], CodeExtraction.Plain(Continuation, "    return 2 * x\n", [])!.Sources);

    [Fact]
    public void A_whole_function_comes_after_the_prompt_as_a_source_of_its_own()
    {
        var found = CodeExtraction.Plain(Continuation, "```python\nfrom __future__ import annotations\ndef f(x):\n    return 2 * x\n```", []);
        Assert.Equal([Continuation.Preamble, found!.Code], found.Sources);
    }

    [Theory]
    [InlineData("<think>\ndef f(x): return 1\n</think>\nprint(2)", "print(2)", "")]
    [InlineData("print(2)\n[DONE]\nYou are an expert", "print(2)\n", "end-mark")]
    [InlineData("print(2)<|im_end|>", "print(2)", "end-mark")]
    [InlineData("\uFEFFprint(2)", "print(2)", "spaces")]
    [InlineData("print([DONE])", "print([DONE])", "")]
    [InlineData("x = '<|endoftext|>'\nprint(x)", "x = '<|endoftext|>'\nprint(x)", "")]
    [InlineData("python\nprint(2)", "print(2)", "fence")]
    [InlineData("python\n", "python\n", "")]
    [InlineData("a\r\nb", "a\nb", "")]
    public void Reasoning_end_marks_and_byte_order_marks_are_no_part_of_the_text(string completion, string text, string repairs)
    {
        var used = new List<string>();
        Assert.Equal(text, CodeExtraction.Text(completion, CodeRepairs.All, used));
        Assert.Equal(repairs, string.Join(' ', used));
    }

    [Fact]
    public void Without_repairs_marks_stay() => Assert.Equal("x\n[DONE]", CodeExtraction.Text("x\n[DONE]", CodeRepairs.None, []));

    [Fact]
    public void Reasoning_that_never_ends_leaves_no_text() => Assert.Null(CodeExtraction.Text("<think>\nprint(2)", CodeRepairs.All, []));

    [Fact]
    public void The_tests_want_what_they_call_and_do_not_define()
    {
        var tests = new CodeTests
        {
            Form = CodeTestForm.Asserts,
            Statements = ["def check(candidate):\n    assert candidate(1) == 2\n\ncheck(Solution().f)", "s = Stack()\ns.push(1)"],
        };
        Assert.Equal(["candidate", "Solution", "Stack"], CodeExtraction.Wanted(tests));
        Assert.Equal("f", CodeExtraction.Wanted(tests with { EntryPoint = "f" }).First());
    }
}
