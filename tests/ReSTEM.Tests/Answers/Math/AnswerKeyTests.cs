using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class AnswerKeyTests
{
    private static readonly MathVerifier Verifier = new();

    [Theory]
    [InlineData("\\frac{1}{2}", "0.5")]
    [InlineData("\\sqrt{12}", "2\\sqrt3")]
    [InlineData("(x+1)^2", "x^2+2x+1")]
    [InlineData("\\frac{x^2-1}{x-1}", "1+x")]
    [InlineData("\\frac{x^2-y^2}{x^2+2xy+y^2}", "\\frac{x-y}{x+y}")]
    [InlineData("1, 2", "\\{2,1\\}")]
    [InlineData("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "(1,2)")]
    [InlineData("x = 7", "7")]
    [InlineData("20\\text{ miles}", "20")]
    [InlineData("\\text{Tuesday}", "tuesday")]
    public async Task Wrong_answers_of_one_meaning_share_a_key(string answer, string other)
    {
        string? key = (await Judge("12345", answer)).AnswerKey;
        Assert.NotNull(key);
        Assert.Equal(key, (await Judge("12345", other)).AnswerKey);
    }

    [Theory]
    [InlineData("(1,2)", "(2,1)")]
    [InlineData("(1,2)", "[1,2]")]
    [InlineData("1,1,2", "1,2")]
    [InlineData("x^2", "x^3")]
    [InlineData("\\sqrt2", "\\sqrt3")]
    public async Task Different_answers_have_different_keys(string answer, string other) =>
        Assert.NotEqual((await Judge("12345", answer)).AnswerKey, (await Judge("12345", other)).AnswerKey);

    [Theory]
    [InlineData("\\sin 3x", "3\\sin x-4\\sin^3 x")]
    [InlineData("\\frac{5}{6}", "0.8333")]
    [InlineData("20\\%", "0.2")]
    public async Task Correct_answers_share_the_key_of_the_reference(string reference, string answer)
    {
        var exact = await Judge(reference, reference);
        var other = await Judge(reference, answer);
        Assert.Equal((Verdict.Correct, Verdict.Correct), (exact.Verdict, other.Verdict));
        Assert.NotNull(exact.AnswerKey);
        Assert.Equal(exact.AnswerKey, other.AnswerKey);
    }

    [Fact]
    public async Task Names_count_where_the_reference_is_an_assignment() =>
        Assert.NotEqual((await Judge("x = 5", "x = 3")).AnswerKey, (await Judge("x = 5", "y = 3")).AnswerKey);

    [Fact]
    public async Task Where_there_is_no_key_answers_are_compared_in_pairs()
    {
        Assert.Null((await Judge("5", "\\sin 3x")).AnswerKey);
        Assert.True(Verifier.SameAnswer(ProblemOf("5"), "\\sin 3x", "3\\sin x-4\\sin^3 x"));
        Assert.False(Verifier.SameAnswer(ProblemOf("5"), "\\sin 3x", "\\sin 2x"));
    }

    [Fact]
    public async Task The_problem_decides_whether_order_and_base_matter()
    {
        Assert.Equal(Verdict.Correct, (await Judge("1, 2", "2, 1")).Verdict);
        Assert.Equal(Verdict.Incorrect, (await Judge("1, 2", "2, 1", "Find a and b, respectively.")).Verdict);
        Assert.Equal(Verdict.Correct, (await Judge("12_5", "7")).Verdict);
        Assert.Equal(Verdict.Incorrect, (await Judge("12_5", "7", "Express 7 in base 5.")).Verdict);
        Assert.Equal(Verdict.Correct, (await Judge("12_5", "12", "Express 7 in base 5.")).Verdict);
    }

    [Fact]
    public async Task The_evidence_holds_rule_forms_and_what_decided()
    {
        var finding = await Judge("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}");
        Assert.Equal("equal-normal-form", finding.Reason);
        Assert.Equal(("box", "1/2*2^(1/2)", "1/2*2^(1/2)", "normal-form"),
            (finding.Evidence["rule"], finding.Evidence["reference"], finding.Evidence["answer"], finding.Evidence["decided-by"]));
    }

    [Theory]
    [InlineData("10^{10^{10}}", "number-size-limit")]
    [InlineData("(10^9)!", "factorial-limit")]
    [InlineData("2^{2^{2^{2^{2^2}}}}", "number-size-limit")]
    [InlineData("(x+y+z+w+1)^{60}", "step-limit")]
    public async Task Work_is_bounded(string answer, string reason)
    {
        var finding = await Judge("5", answer);
        Assert.Equal((Verdict.LimitExceeded, reason), (finding.Verdict, finding.Reason));
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        string nested = string.Concat(Enumerable.Repeat("\\sqrt{", 5000)) + "2" + new string('}', 5000);
        Assert.Equal("answer-length-limit", (await Judge("5", nested)).Reason);
        nested = new string('(', 3000) + "2" + new string(')', 3000);
        Assert.Equal((Verdict.LimitExceeded, "depth-limit"), await Judge("5", nested) is var finding ? (finding.Verdict, finding.Reason) : default);
    }

    private static Problem ProblemOf(string reference, string prompt = "") =>
        new() { Id = "p", Task = TaskKind.Math, Prompt = prompt, Reference = reference };

    private static async Task<Finding> Judge(string reference, string answer, string prompt = "") =>
        await Verifier.VerifyAsync(ProblemOf(reference, prompt), $"so we have $\\boxed{{{answer}}}$.", CancellationToken.None);
}
