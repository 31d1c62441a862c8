using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A draw must have room for every label with its end: one that is cut is never kept. To the quickstart's model " good" is 4 tokens and " bad" 3.</summary>
public sealed class LabelRoomTests : IDisposable
{
    private const string Room = "expected at least 5: the label 'praise' is 4 tokens to the model, and the end token follows.";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("e_step.sampling.max_tokens=4", "e_step.sampling.max_tokens is 4, ")]
    [InlineData("validation.sampling.max_tokens=1", "validation.sampling.max_tokens is 1, ")]
    [InlineData("evaluations.held.measure.sampling.max_tokens=4", "evaluations.held.measure.sampling.max_tokens is 4, ")]
    public void A_draw_that_cuts_a_label_is_refused_before_anything_is_drawn(string setting, string fault) =>
        Assert.Equal(fault + Room, Assert.Throws<UsageException>(() => Prepare(setting)).Message);

    [Theory]
    [InlineData("e_step.sampling.max_tokens=5")]
    [InlineData("m_step.data=solutions", "e_step.sampling.max_tokens=4")] // nothing is drawn of training problems
    public void A_draw_with_room_is_not(params string[] settings) => Assert.Equal(2, Prepare(settings).Plan.Problems.Train.Count);

    [Fact]
    public void A_label_without_a_token_and_two_of_the_same_are_refused()
    {
        Assert.EndsWith(
            "what is said for a label, '', has no token, expected at least one; give another text under labels.",
            Fault(new() { ["a"] = " a", ["b"] = "" }), StringComparison.Ordinal);
        Assert.StartsWith("what is said for the labels 'a' and 'b' is the same to the model's tokenizer (", Fault(new() { ["a"] = " a", ["b"] = " a" }), StringComparison.Ordinal);

        static string Fault(Dictionary<string, string> labels)
        {
            var engine = new ManagedEngine(new EngineOptions { Threads = 1 });
            var encoder = new LabelEncoder(engine.Describe(engine.Resolve(Base)), new PromptOptions(), isUntrained: true);
            return Assert.Throws<InvalidDataException>(() => encoder.RoomFault([Classified.Problem("p", "t", labels, 1, 0)], 9)).Message;
        }
    }

    private static string Base => Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart", "base");

    private Preparation Prepare(params string[] settings)
    {
        foreach (string set in new[] { "train", "validation", "held" })
        {
            File.WriteAllText(_scratch.File($"{set}.jsonl"), $"{{\"text\": \"{set} 1\", \"label\": \"praise\"}}\n{{\"text\": \"{set} 2\", \"label\": \"blame\"}}\n");
        }

        string Source(string set) => $"{{files: [{set}.jsonl], labels: {{praise: \" good\", blame: \" bad\"}}}}";
        File.WriteAllText(_scratch.File("run.yaml"), $$$"""
            name: run
            base: {{{Base}}}
            problems: {train: {{{Source("train")}}}, validation: {{{Source("validation")}}} }
            e_step: {sampling: {max_tokens: 5} }
            validation: {sampling: {max_tokens: 5} }
            evaluations: {held: {problems: {{{Source("held")}}}, measure: {samples: 2, k: [1], sampling: {max_tokens: 5} } } }
            """);
        return Preparation.Of(RunPlan.Read(_scratch.File("run.yaml"), settings), new ManagedEngine(new EngineOptions { Threads = 1 }), LoadWatch.None);
    }
}
