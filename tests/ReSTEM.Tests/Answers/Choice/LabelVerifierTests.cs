using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class LabelVerifierTests
{
    private static readonly Problem Problem = Classified.Problem(
        "p", "text", new Dictionary<string, string> { ["positive"] = " good", ["negative"] = " bad", ["mixed"] = " good and bad" }, 0.6, 0.3, 0.1);

    [Theory]
    [InlineData(" good", Verdict.Correct, "positive", "0.6")]
    [InlineData("Good\n", Verdict.Correct, "positive", "0.6")]
    [InlineData(" good and bad", Verdict.Incorrect, "mixed", "0.1")]
    [InlineData("<think>good?</think> bad", Verdict.Incorrect, "negative", "0.3")]
    public async Task The_label_that_is_said_is_judged_by_the_hard_label(string completion, Verdict verdict, string answer, string agreement)
    {
        Finding finding = await new LabelVerifier().VerifyAsync(Problem, completion, CancellationToken.None);
        Assert.Equal((verdict, answer, answer), (finding.Verdict, finding.Answer, finding.AnswerKey));
        Assert.Equal(agreement, finding.Evidence["agreement"]);
    }

    [Theory]
    [InlineData("", "no-label")]
    [InlineData("good bad", "no-label")]
    [InlineData("positive", "no-label")]
    [InlineData("<think>good", "unclosed-reasoning")]
    public async Task What_is_no_label_is_unparsable(string completion, string reason)
    {
        Finding finding = await new LabelVerifier().VerifyAsync(Problem, completion, CancellationToken.None);
        Assert.Equal((Verdict.Unparsable, reason), (finding.Verdict, finding.Reason));
    }

    [Fact]
    public async Task Case_counts_where_it_alone_tells_labels_apart()
    {
        Problem cased = Classified.Problem("p", "text", new Dictionary<string, string> { ["lower"] = "us", ["upper"] = "US" }, 0, 1);
        Assert.Equal("upper", (await new LabelVerifier().VerifyAsync(cased, "US", CancellationToken.None)).Answer);
        Assert.Equal(Verdict.Unparsable, (await new LabelVerifier().VerifyAsync(cased, "Us", CancellationToken.None)).Verdict);
    }
}
