using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class DataPromptTests
{
    private static readonly SynthesisOptions ZeroShot = new()
    {
        Seed = 5,
        Labels = [KeyValuePair.Create("good", "kind"), KeyValuePair.Create("bad", "harsh")],
        Context = "You review dishes.",
        DataPrompt = "A {label} review of {dish}:",
        Attributes = [KeyValuePair.Create<string, IReadOnlyList<string>>("dish", ["soup", "{label}"])],
        PerLabel = 3,
        Sampling = new SamplingOptions(),
    };

    private static readonly SynthesisOptions FewShot = ZeroShot with
    {
        DataPrompt = "{examples}\nA {label} one:",
        Examples = new RealExamples(
            [.. Enumerable.Range(0, 12).Select(i => new RealText($"r{i}", $"{{text}} {i}", i % 2 == 0 ? "good" : "bad"))], 3, "* {text}", " | "),
    };

    [Fact]
    public void A_prompt_has_context_label_and_attributes_and_braces_in_values_are_text()
    {
        var prompts = DataPrompts.Of(ZeroShot, 1, [40, 1]);
        Assert.Equal(["good/000000", "bad/000000", "good/000001"], prompts.Take(3).Select(prompt => prompt.Problem.Id));
        Assert.Equal(
            ["You review dishes.\n\nA kind review of soup:", "You review dishes.\n\nA kind review of {label}:"],
            prompts.Where(prompt => prompt.Label == "good").Select(prompt => prompt.Problem.Prompt).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("You review", DataPrompts.Of(ZeroShot with { Prompt = new PromptOptions { Chat = new ChatOptions() } }, 1, [1, 1])[0].Problem.Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_are_of_the_label_different_and_drawn_anew_for_each_prompt()
    {
        var prompts = DataPrompts.Of(FewShot, 1, [30, 30]);
        Assert.All(prompts, prompt =>
        {
            Assert.Equal(3, prompt.ExampleIds.Distinct().Count());
            Assert.All(prompt.ExampleIds, id => Assert.Equal(prompt.Label == "good" ? 0 : 1, int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) % 2));
            Assert.Contains(string.Join(" | ", prompt.ExampleIds.Select(id => $"* {{text}} {id[1..]}")), prompt.Problem.Prompt, StringComparison.Ordinal);
        });
        Assert.True(prompts.Select(prompt => string.Join(' ', prompt.ExampleIds)).Distinct().Count() > 30);
        Assert.Equal(12, prompts.SelectMany(prompt => prompt.ExampleIds).Distinct().Count());
    }

    // A prompt is a function of its own address: neither how many there are nor which were made before changes it.
    [Fact]
    public void More_prompts_begin_with_the_same_and_another_round_or_seed_has_others()
    {
        string[] few = [.. DataPrompts.Of(FewShot, 2, [5, 5]).Select(prompt => prompt.Problem.Prompt)];
        Assert.Equal(few, DataPrompts.Of(FewShot, 2, [9, 9]).Take(10).Select(prompt => prompt.Problem.Prompt));
        Assert.NotEqual(few, DataPrompts.Of(FewShot, 3, [5, 5]).Select(prompt => prompt.Problem.Prompt));
        Assert.NotEqual(few, DataPrompts.Of(FewShot with { Seed = 6 }, 2, [5, 5]).Select(prompt => prompt.Problem.Prompt));
    }

    [Theory]
    [InlineData("{completion}", " \"So good.\"\n", "So good.")]
    [InlineData("{completion}", "\"So\" he said, \"good\"", "\"So\" he said, \"good\"")]
    [InlineData("The {dish} was {completion}", "fine. ", "The soup was fine.")]
    public void A_text_is_what_was_written_without_quotation_marks_and_blanks_around_it(string template, string completion, string expected)
    {
        var prompt = new DataPrompt(new Problem { Id = "x", Task = TaskKind.Choice, Prompt = "" }, 1, 0, "good", new Dictionary<string, string> { ["dish"] = "soup" }, []);
        Assert.Equal(expected, DataPrompts.TextOf(ZeroShot with { Text = template }, prompt, completion));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a kind review of soup", "prompt-leak")] // a line, but for case and punctuation
    [InlineData("It says to write one two three four about it", "prompt-leak")]
    [InlineData("It says one two three only", "text")] // three in a row
    [InlineData("\u2615", "text")] // without words
    public async Task Leaks_are_lines_of_the_prompt_or_words_in_a_row(string completion, string reason)
    {
        var verifier = new LeakVerifier(ZeroShot with { LeakWords = 4 });
        var problem = new Problem { Id = "x", Task = TaskKind.Choice, Prompt = "Write one, TWO three: four.\nA kind review of soup:" };
        Assert.Equal(reason, (await verifier.VerifyAsync(problem, completion, CancellationToken.None)).Reason);
    }

    [Fact]
    public void The_next_round_draws_what_is_missing_and_what_will_be_lost()
    {
        var pool = new TextPool(ZeroShot with { PerLabel = 10 });
        Assert.Equal([10, 10], pool.NextRound());
        var prompts = DataPrompts.Of(ZeroShot, 1, [10, 10]);
        foreach (DataPrompt prompt in prompts)
        {
            pool.Add(prompt, Drawn(prompt.Label == "bad" ? " " : prompt.Number < 4 ? $"text {prompt.Number}" : "same"));
        }

        // good: 4 texts and the first "same"; so 5 of 10 are good, and 5 missing need 10. bad: none, so tenfold.
        Assert.Equal([10, 100], pool.NextRound());
        Assert.Equal(["text 0", "text 1", "text 2", "text 3", "same"], pool.Kept.Select(text => text.Text));
    }

    private static Sample Drawn(string text) => new(
        new Completion { ProblemId = "x", Index = 0, TokenIds = [], Text = text, FinishReason = FinishReason.EndOfText, LogProbability = 0 },
        new Finding { Verdict = Verdict.Correct, Reason = LeakVerifier.Usable });
}
