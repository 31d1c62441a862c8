using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>What stands in blackboard bold is a name, and all of it is the name.</summary>
public sealed class BlackboardTests
{
    [Theory]
    [InlineData(@"\mathbb{F_{16}}", @"\mathbb{F_{25}}")]
    [InlineData(@"\mathbb{F_{16}}", @"\mathbb{F}")]
    [InlineData(@"\mathbb{(1,2)}", @"\mathbb{[1,2)}")]
    [InlineData(@"\mathbb{(1,2)}", @"\mathbb{(1,2]}")]
    [InlineData(@"\mathbb{x<y}", @"\mathbb{x>y}")]
    public void Other_names_are_other_answers(string answer, string other)
    {
        var verifier = new MathVerifier();
        Assert.NotEqual(Verdict.Correct, verifier.Compare(answer, other).Verdict);
        Assert.Equal(Verdict.Correct, verifier.Compare(answer, answer).Verdict);
    }
}
