using System.IO.Compression;
using System.Text.Json;
using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class ChoiceVerifierTests
{
    private static readonly ChoiceVerifier Verifier = new();

    [Theory]
    [InlineData("(B)", "So the answer is (B).", Verdict.Correct)]
    [InlineData("(B)", "So the answer is B.", Verdict.Correct)]
    [InlineData("(B)", "the answer is (b) 12/25/1937", Verdict.Correct)]
    [InlineData("(B)", "Because (B) is wrong, the answer is (A).", Verdict.Incorrect)]
    [InlineData("(B)", "So the answer is Bernard.", Verdict.Unparsable)]
    [InlineData("(B)", "<think>the answer is (A)</think>So the answer is (B).", Verdict.Correct)]
    [InlineData("(B)", "<think>So the answer is (B).", Verdict.Unparsable)]
    [InlineData("(B)", "The answer is (A). The answer is (B).", Verdict.Unparsable)]
    [InlineData("(B)", "The answer is (A). No, wait. The answer is (B).", Verdict.Correct)]
    [InlineData("(B)", "The correct option is **B**.", Verdict.Correct)]
    [InlineData("(B)", "\\boxed{\\text{(B) Monday}}", Verdict.Correct)]
    [InlineData("(B)", "So the answer is not (B).", Verdict.Unparsable)]
    [InlineData("Yes", "So the answer is not yes.", Verdict.Unparsable)]
    [InlineData("Yes", "<answer>no</answer> <answer>yes</answer>", Verdict.Unparsable)]
    [InlineData("(B)", "I cannot tell.\nIt may be (B).", Verdict.Unparsable)]
    [InlineData("Yes", "So the answer is yes.", Verdict.Correct)]
    [InlineData("No", "So the answer is Yes.", Verdict.Incorrect)]
    [InlineData("True", "not False is True. So the answer is True.", Verdict.Correct)]
    [InlineData("invalid", "So the answer is valid.", Verdict.Incorrect)]
    [InlineData("] ] >", "So the answer is ] ] >.", Verdict.Correct)]
    [InlineData("] ] >", "So the answer is ]]>.", Verdict.Correct)]
    [InlineData("] ] >", "So the answer is ] >.", Verdict.Incorrect)]
    [InlineData("costume oven", "So the answer is costume  oven.", Verdict.Correct)]
    [InlineData("costume oven", "So the answer is oven costume.", Verdict.Incorrect)]
    [InlineData("-50", "3*4=12\n#### -50", Verdict.Correct)]
    [InlineData("-50", "So the answer is -51.", Verdict.Incorrect)]
    [InlineData("8", "8", Verdict.Correct)]
    [InlineData("8", "", Verdict.Unparsable)]
    public async Task Answers_are_judged_by_exact_match(string reference, string completion, Verdict expected) =>
        Assert.Equal(expected, (await Judge(reference, completion)).Verdict);

    [Theory]
    [InlineData("\\boxed{(B) Monday}", Verdict.Incorrect)]
    [InlineData("\\boxed{(B) Tuesday}", Verdict.Correct)]
    public async Task A_label_beside_the_text_of_another_option_is_wrong(string completion, Verdict expected)
    {
        var problem = new Problem { Id = "p", Task = TaskKind.Choice, Prompt = "Which day?\n(A) Monday\n(B) Tuesday\n(C) Friday", Reference = "(B)" };
        Assert.Equal(expected, (await Verifier.VerifyAsync(problem, completion, CancellationToken.None)).Verdict);
    }

    [Fact]
    public async Task An_empty_reference_matches_nothing() =>
        Assert.Equal(Verdict.Unsupported, (await Judge("", "So the answer is .")).Verdict);

    [Fact]
    public async Task Spellings_of_one_label_share_a_key() => Assert.Equal(
        (await Judge("(B)", "the answer is C.")).AnswerKey, (await Judge("(B)", "the answer is (C) nine")).AnswerKey);

    [DataTheory]
    [InlineData("boolean_expressions")]
    [InlineData("causal_judgement")]
    [InlineData("date_understanding")]
    [InlineData("dyck_languages")]
    [InlineData("formal_fallacies")]
    [InlineData("logical_deduction_three_objects")]
    [InlineData("multistep_arithmetic_two")]
    [InlineData("navigate")]
    [InlineData("object_counting")]
    [InlineData("penguins_in_a_table")]
    [InlineData("reasoning_about_colored_objects")]
    [InlineData("temporal_sequences")]
    [InlineData("tracking_shuffled_objects_three_objects")]
    [InlineData("web_of_lies")]
    [InlineData("word_sorting")]
    public async Task Every_published_target_matches_itself_and_no_other_target(string task)
    {
        using var stream = new GZipStream(File.OpenRead(SharedData.PathOf($"bbh/{task}.json.gz")), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(stream);
        string[] targets = [.. document.RootElement.GetProperty("examples").EnumerateArray()
            .Select(static example => example.GetProperty("target").GetString()!)];
        for (int index = 0; index < targets.Length; index++)
        {
            string other = targets[(index + 1) % targets.Length];
            Assert.Equal(Verdict.Correct, (await Judge(targets[index], $"So the answer is {targets[index]}.")).Verdict);
            if (other != targets[index])
            {
                Assert.Equal(Verdict.Incorrect, (await Judge(targets[index], $"So the answer is {other}.")).Verdict);
            }
        }
    }

    private static async Task<Finding> Judge(string reference, string completion) => await Verifier.VerifyAsync(
        new Problem { Id = "p", Task = TaskKind.Choice, Prompt = "", Reference = reference }, completion, CancellationToken.None);
}
