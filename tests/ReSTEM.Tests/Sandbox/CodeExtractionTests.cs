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
    [InlineData("def f(x):\n    return 2 * x", "def f(x):\n    return 2 * x")]
    [InlineData("```python\ndef f(x):\n    return 1\n```", "def f(x):\n    return 1")]
    [InlineData("```\ndef f(x):\n    return 1\n```", "def f(x):\n    return 1")]
    [InlineData("~~~py\ndef f(x):\n    return 1\n~~~\nbye", "def f(x):\n    return 1")]
    [InlineData("Sure!\n```python\ndef f(x):\n    return 1", "def f(x):\n    return 1")]
    [InlineData("```python\ndef f(x):\n    return 1\n```\nBetter:\n```python\ndef f(x):\n    return 2\n```", "def f(x):\n    return 2")]
    [InlineData("```python\ndef f(x):\n    return 1\n```\nRun it:\n```python\nprint(f(3))\n```", "def f(x):\n    return 1")]
    [InlineData("```java\nint f(int x) {}\n```\n```python\ndef f(x):\n    return 1\n```", "def f(x):\n    return 1")]
    public void Code_is_found(string completion, string code) =>
        Assert.Equal(code, CodeExtraction.Extract(Function, completion).Code);

    [Theory]
    [InlineData("", "no-code")]
    [InlineData("   \n\n", "no-code")]
    [InlineData("I do not know how to do this.", "no-code")]
    [InlineData("```\n\n```", "no-code")]
    [InlineData("```cpp\nint main() { return 0; }\n```", "language-mismatch")]
    [InlineData("```javascript\nfunction f(x) { return x }\n```", "language-mismatch")]
    public void No_code_is_told_with_its_reason(string completion, string reason)
    {
        var found = CodeExtraction.Extract(Function, completion);
        Assert.Empty(found.Sources);
        Assert.Equal(reason, found.Reason);
    }

    [Fact]
    public void Chatter_around_unfenced_code_is_cut_in_a_later_reading()
    {
        var found = CodeExtraction.Extract(Function, "Here is the function:\ndef f(x):\n    return 2 * x\nThis doubles x, as asked.\n");
        Assert.Contains("def f(x):\n    return 2 * x", found.Sources);
    }

    [Fact]
    public void An_indented_continuation_goes_on_where_the_prompt_ends() =>
        Assert.Equal(
            Continuation.Preamble + "    return 2 * x\n",
            CodeExtraction.Extract(Continuation, "    return 2 * x\n").Sources[0]);

    [Fact]
    public void A_continuation_that_forgot_its_indentation_gets_it()
    {
        var sources = CodeExtraction.Extract(Continuation, "y = 2 * x\nreturn y").Sources;
        Assert.Contains(Continuation.Preamble + "    y = 2 * x\n    return y", sources);
    }

    [Fact]
    public void A_continuation_ends_at_prose_or_at_the_fence_that_the_prompt_opened()
    {
        Assert.Contains(
            Continuation.Preamble + "    return 2 * x",
            CodeExtraction.Extract(Continuation, "    return 2 * x\nThe function doubles its argument.").Sources);
        Assert.Equal(
            "    return 2 * x",
            CodeExtraction.Extract(Continuation, "    return 2 * x\n```\nThe function doubles.").Code);
    }

    [Fact]
    public void A_whole_function_replaces_the_one_in_the_prompt()
    {
        var found = CodeExtraction.Extract(Continuation, "```python\ndef f(x):\n    return 2 * x\n```");
        Assert.Equal(Continuation.Preamble + "\ndef f(x):\n    return 2 * x", found.Sources[0]);
    }
}
