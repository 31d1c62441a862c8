using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class TrainingSequencesTests
{
    private static readonly Problem Sum = FakeProblem.Make("p", 1, 0)[0];
    private static readonly int Prompt = Sum.Prompt.Length;

    [Fact]
    public void What_the_model_ended_is_trained_on_as_it_was_drawn()
    {
        var sequences = new TrainingSequences(Model(1000), new PromptOptions(), sameTokenizer: true);
        TrainingSequence made = sequences.Of(Sum, Example(FinishReason.EndOfText, "12", [49, 50, 3]))!;
        Assert.Equal([49, 50, 3], made.TokenIds.Skip(made.PromptLength));
        Assert.Equal((Prompt, 1), (made.PromptLength, sequences.Made));
    }

    // The drawn ids hold the stop string, the text does not: training wants the text, a comparison of policies the ids that were drawn.
    [Fact]
    public void Predicted_gain_scores_the_tokens_that_were_drawn_also_where_a_stop_string_ended_them()
    {
        var sequences = new TrainingSequences(Model(1000), new PromptOptions(), sameTokenizer: true);
        var example = Example(FinishReason.StopString, "12", [49, 50, 10, 10]);
        Assert.Equal([49, 50, 3], sequences.Of(Sum, example)!.TokenIds.Skip(Prompt));
        var (ids, first) = sequences.Drawn(Sum, example)!.Value;
        Assert.Equal([49, 50, 10, 10], ids.Skip(first));
    }

    [Fact]
    public void Text_of_another_tokenizer_that_is_too_long_is_left_out_and_counted()
    {
        var sequences = new TrainingSequences(Model(Prompt + 4), new PromptOptions(), sameTokenizer: false);
        Assert.NotNull(sequences.Of(Sum, Example(FinishReason.EndOfText, "123", [7]))); // 3 characters and the end
        Assert.Null(sequences.Of(Sum, Example(FinishReason.EndOfText, "1234", [7])));
        Assert.Null(sequences.Drawn(Sum, Example(FinishReason.EndOfText, "123", [7])));
        Assert.Equal((1, 1), (sequences.Made, sequences.TooLong));
    }

    private static WeightedExample Example(FinishReason reason, string text, int[] ids) => new(
        new Completion { ProblemId = Sum.Id, Index = 0, TokenIds = ids, Text = text, FinishReason = reason, LogProbability = -1 }, text, 1, 1);

    private static ModelInfo Model(int context)
    {
        var engine = new FakeEngine(_ => { }, 1, new FakeTrainer(_ => { }, () => { }, _ => { }, 1));
        return engine.Describe(new PolicyRef("none", "")) with { ContextLength = context };
    }
}
