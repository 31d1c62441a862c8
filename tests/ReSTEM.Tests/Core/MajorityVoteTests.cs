using System.Numerics;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class MajorityVoteTests
{
    [Theory]
    [InlineData(3, new[] { 2, 2 }, 1)]
    [InlineData(1, new[] { 1, 1, 1, 1 }, 0)]
    [InlineData(2, new[] { 5 }, 2)]
    [InlineData(0, new[] { 3 }, 2)]
    [InlineData(4, new int[0], 3)]
    [InlineData(2, new[] { 2, 2, 2, 1 }, 1)]
    [InlineData(5, new[] { 3, 2, 1 }, 0)]
    public void Expectation_is_the_mean_over_all_subsets(int right, int[] wrong, int abstained)
    {
        // Class 0 is right, 1 and up are wrong, -1 abstains.
        int[] votes =
        [
            .. Enumerable.Repeat(0, right),
            .. wrong.SelectMany((size, i) => Enumerable.Repeat(i + 1, size)),
            .. Enumerable.Repeat(-1, abstained),
        ];
        for (int k = 1; k <= votes.Length; k++)
        {
            var subsets = Enumerable.Range(0, 1 << votes.Length).Where(set => BitOperations.PopCount((uint)set) == k).ToList();
            double expected = subsets.Average(set => Won(votes.Where((_, i) => (set >> i & 1) == 1)));
            Assert.Equal(expected, MajorityVote.Expectation(right, wrong, abstained, k), precision: 12);
        }
    }

    [Fact]
    public void With_one_vote_it_is_the_pass_rate() =>
        Assert.Equal(0.3, MajorityVote.Expectation(3, [4, 2], 1, 1), precision: 12);

    [Fact]
    public void Many_samples_stay_finite_and_a_clear_majority_wins() =>
        Assert.Equal(1, MajorityVote.Expectation(700, [200, 100], 0, 501), precision: 9);

    [Theory]
    [InlineData(2, 0, 3)]
    [InlineData(2, 0, 0)]
    [InlineData(MajorityVote.MaxDrawn, 1, 1)]
    public void Impossible_numbers_of_votes_are_refused(int right, int abstained, int k) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MajorityVote.Expectation(right, [], abstained, k));

    [Fact]
    public void Answers_vote_by_key_and_without_one_by_the_verifier()
    {
        var problem = new Problem { Id = "p", Task = TaskKind.Math, Prompt = "?" };
        Sample[] samples =
        [
            Vote(Verdict.Correct, "7", "7"), Vote(Verdict.Correct, "07", "7"), Vote(Verdict.Incorrect, "8", "8"), Vote(Verdict.Incorrect, "8.0", "8"),
            Vote(Verdict.Incorrect, "odd", null), Vote(Verdict.Incorrect, "odd", null), Vote(Verdict.Incorrect, "even", null), Vote(Verdict.Unparsable, "", null),
        ];
        var classes = AnswerClasses.Of(problem, samples, new FakeVerifier());
        Assert.Equal((2, 1), (classes.Right, classes.Abstained));
        Assert.Equal([2, 2, 1], classes.Wrong);
    }

    private static double Won(IEnumerable<int> votes)
    {
        var counts = votes.Where(vote => vote >= 0).GroupBy(vote => vote).ToDictionary(group => group.Key, group => group.Count());
        int most = counts.Count == 0 ? 0 : counts.Values.Max();
        return counts.GetValueOrDefault(0) is var mine && mine > 0 && mine == most ? 1.0 / counts.Values.Count(count => count == most) : 0;
    }

    private static Sample Vote(Verdict verdict, string answer, string? key) => new(
        new Completion { ProblemId = "p", Index = 0, TokenIds = [], Text = "", FinishReason = FinishReason.EndOfText, LogProbability = 0 },
        new Finding { Verdict = verdict, Reason = "r", Answer = answer, AnswerKey = key });
}
