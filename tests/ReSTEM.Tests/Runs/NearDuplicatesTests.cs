using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class NearDuplicatesTests
{
    private const string Long = "A train leaves the station at noon and drives 60 miles an hour for 3 hours, how far is it?";

    [Theory]
    [InlineData("What is $1 + 2$?", "what  is 1+2 ?", true)]
    [InlineData("What is 1 + 2?", "What is 1 - 2?", null)] // another operator is another problem
    [InlineData("What is 12?", "What is 1 2?", true)] // spaces are not looked at
    [InlineData(Long, "Yesterday: " + Long + " Round it.", false)]
    [InlineData("leaves the station at noon and drives 60 miles an hour for", "the station at noon and drives 60 miles an hour for 3 hours", null)] // twelve and fewer words in common
    public void Near_is_the_same_text_but_for_punctuation_or_thirteen_words_in_a_row(string first, string second, bool? sameText)
    {
        var found = NearDuplicates.Find([Problem("a", first)], [Problem("other", "something else"), Problem("b", second)]);
        Assert.Equal(sameText, found.Select(pair => (bool?)pair.IsSameText).SingleOrDefault());
        Assert.All(found, pair => Assert.Equal(("a", "b"), (pair.First.Id, pair.Second.Id)));
    }

    private static Problem Problem(string id, string prompt) => FakeProblem.Make("x", 1, 0)[0] with { Id = id, Prompt = prompt };
}
