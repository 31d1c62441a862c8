using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class AnswerExtractionTests
{
    [Theory]
    [InlineData("so $x = \\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}", "box")]
    [InlineData("\\boxed{1} is wrong, hence \\boxed{2}", "2", "box")]
    [InlineData("\\boxed 7$ apples", "7 \\text{ apples}", "box")]
    [InlineData("\\fbox{$3$}", "3", "box")]
    [InlineData("\\boxed{\\{1,2\\}}", "\\{1,2\\}", "box")]
    [InlineData("\\boxed{\\boxed{3}}", "3", "box")]
    [InlineData("16 - 3 = <<16-3=13>>13\n#### 13", "13", "marker")]
    [InlineData("#### 1\nno, rather\n#### -2.5\n", "-2.5", "marker")]
    [InlineData("Final Answer: The final answer is $\\frac{3}{4}$. I hope it is correct.", "\\frac{3}{4}", "phrase")]
    [InlineData("The answer is 5. I checked that 7 is wrong.", "5", "phrase")]
    [InlineData("The answer is: **12 miles**.", "12 miles", "phrase")]
    [InlineData("**Answer:** $x=3$", "x=3", "phrase")]
    [InlineData("So the answer is 3.5.", "3.5", "phrase")]
    [InlineData("So the answer is 4:30 p.m.", "4:30 p.m", "phrase")]
    [InlineData("Adding up, we get $2+3=5$.", "5", "statement")]
    [InlineData("Therefore\n\\[x = \\frac{1}{2}.\\]", "x = \\frac{1}{2}", "whole")]
    [InlineData("  x^2 + 1  ", "x^2 + 1", "whole")]
    [InlineData("$(1, 2)$", "(1, 2)", "whole")]
    [InlineData("The side turns out to be 16 cm.", "16 cm", "statement")]
    [InlineData("There were 3 boxes of 4.\nShe has 1,200 apples left.", "1,200 apples", "statement")]
    [InlineData("They picked 3 boxes.\nShe then picks\nanother 18 eggs.", "18", "last-number")]
    public void The_first_rule_that_applies_finds_the_answer(string completion, string answer, string rule)
    {
        var extraction = AnswerExtractor.Find(completion, "", true, string.Equals);
        Assert.Equal((answer, rule), (extraction?.Text, extraction?.Rule));
    }

    [Theory]
    [InlineData("The total cost is $30 and the change is $20.")]
    [InlineData("So she has 5 apples left, while her brother has 8.")]
    [InlineData("Hence the first is $\\frac12$, and the second is $\\frac13$.")]
    [InlineData("She needs 132 spoons of flour to make 16 muffins.")]
    [InlineData("It takes 12 days for its height to be 600 inches.")]
    [InlineData("There come 6 ounces from the first and 1 pound, which is 16 ounces, from the third player, for a total of 30 ounces.")]
    public void A_sentence_that_gives_values_to_two_things_states_neither(string completion) =>
        Assert.NotEqual("statement", AnswerExtractor.Find(completion, "", true, string.Equals)?.Rule);

    [Theory]
    [InlineData("")]
    [InlineData("   \n ")]
    [InlineData("I do not know how to solve this problem, sorry.")]
    [InlineData("We have 3 boxes,\nbut then I am lost somewhere on the way")]
    [InlineData("\\boxed{}")]
    [InlineData("\\boxed{ }")]
    [InlineData("first \\boxed{4}, then cut off at \\boxed{0")]
    [InlineData("<answer>0")]
    public async Task No_answer_is_unparsable(string completion) =>
        Assert.Equal((Verdict.Unparsable, "no-answer"), await Judge("0", completion));

    [Fact]
    public async Task Without_the_last_resort_a_bare_number_in_prose_is_no_answer()
    {
        var strict = new MathVerifier(new MathVerifierOptions { AllowLastNumber = false });
        var problem = new Problem { Id = "p", Task = TaskKind.Math, Prompt = "", Reference = "18" };
        const string Completion = "Then she goes to the market with 18 eggs.";
        Assert.Equal(Verdict.Unparsable, (await strict.VerifyAsync(problem, Completion, CancellationToken.None)).Verdict);
        Assert.Equal(Verdict.Correct, (await new MathVerifier().VerifyAsync(problem, Completion, CancellationToken.None)).Verdict);
    }

    [Theory]
    [InlineData("2, 4", "the roots are $\\boxed{2}$ and $\\boxed{4}$.", true)]
    [InlineData("4", "the roots are $\\boxed{2}$ and $\\boxed{4}$.", false)]
    [InlineData("2", "the roots are $\\boxed{2}$ and $\\boxed{4}$.", false)]
    [InlineData("2, 4", "First \\boxed{2}. Later on, we get \\boxed{4}", true)]
    [InlineData("4", "First \\boxed{2}. Later on, we get \\boxed{4}", false)]
    public async Task Boxes_that_a_sentence_joins_are_one_answer(string reference, string completion, bool correct) =>
        Assert.Equal(correct, (await Judge(reference, completion)).Verdict == Verdict.Correct);

    [Theory]
    [InlineData("<think>\\boxed{5}", "unclosed-reasoning")]
    [InlineData("\\boxed{4}, \\boxed{5}", "no-single-answer")]
    [InlineData("5 or \\boxed{6}", "no-single-answer")]
    [InlineData("\\boxed{5}. That is wrong.", "no-answer")]
    public async Task A_completion_that_commits_to_nothing_says_why(string completion, string reason) =>
        Assert.Equal((Verdict.Unparsable, reason), await Judge("5", completion));

    [Theory]
    [InlineData("x = \\boxed{2} or x = \\boxed{3}", Verdict.Correct)]
    [InlineData("\\boxed{3}", Verdict.Correct)]
    [InlineData("\\boxed{2}", Verdict.Incorrect)]
    [InlineData("\\boxed{2}, \\boxed{3}, \\boxed{4}", Verdict.Unparsable)]
    public async Task A_solution_of_several_values_completes_a_reference_that_has_its_last_box(string completion, Verdict expected)
    {
        var problem = new Problem { Id = "p", Task = TaskKind.Math, Prompt = "", Reference = "3", Solution = "So $x$ is \\boxed{2} or \\boxed{3}." };
        Assert.Equal(expected, (await new MathVerifier().VerifyAsync(problem, completion, CancellationToken.None)).Verdict);
    }

    [Fact]
    public async Task An_empty_reference_matches_nothing()
    {
        Assert.Equal(Verdict.Unsupported, (await Judge("", "\\boxed{0}")).Verdict);
        Assert.NotEqual(Verdict.Correct, (await Judge("", "\\boxed{}")).Verdict);
        Assert.NotEqual(Verdict.Correct, new MathVerifier().Compare("", "").Verdict);
    }

    // About 0.2 s; a search that is quadratic in a million characters takes minutes.
    [Theory]
    [InlineData("\\boxed{1} ")]
    [InlineData("the answer is ")]
    [InlineData("<answer>")]
    [InlineData("\n")]
    [InlineData("or ")]
    [InlineData("\\boxed{\\boxed{")]
    [InlineData("\\textcolor{red}{")]
    public async Task A_text_that_repeats_itself_is_searched_in_linear_time(string piece)
    {
        string text = "\\boxed{5} " + string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length)) + " The answer is 5.";
        Assert.NotEqual(Verdict.VerifierFailed, (await Judge("5", text)).Verdict); // in quadratic time this would take hours
    }

    [Fact]
    public async Task A_megabyte_is_searched_quickly_and_a_megabyte_answer_is_refused()
    {
        Assert.Equal(Verdict.Correct, (await Judge("7", new string('x', 1_000_000) + "\n#### 7")).Verdict);
        Assert.Equal((Verdict.LimitExceeded, "answer-length-limit"), await Judge("7", "\\boxed{" + new string('1', 1_000_000) + "}"));
        Assert.NotEqual(Verdict.Correct, (await Judge("7", string.Concat(Enumerable.Repeat("\\boxed{", 150_000)))).Verdict);
    }

    private static async Task<(Verdict Verdict, string Reason)> Judge(string reference, string completion)
    {
        var problem = new Problem { Id = "p", Task = TaskKind.Math, Prompt = "", Reference = reference };
        var finding = await new MathVerifier().VerifyAsync(problem, completion, CancellationToken.None);
        return (finding.Verdict, finding.Reason);
    }
}
