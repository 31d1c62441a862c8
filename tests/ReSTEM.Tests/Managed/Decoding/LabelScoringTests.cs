using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;

namespace ReSTEM.Tests;

/// <summary>Labels by their probabilities on the quickstart's model: exact, and computed together with the bits that each has alone.</summary>
public sealed class LabelScoringTests
{
    private static readonly string Base = Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart", "base");

    private const long BlockBytes = 2 * 4 * 160 * 4 * 16; // keys and values of 4 layers, 160 float32 for each of 16 positions

    // "1" is a beginning of "12" and of "123": only the end token tells them apart.
    private static readonly Dictionary<string, string> Labels = new() { ["one"] = "1", ["twelve"] = "12", ["more"] = "123", ["other"] = "abc" };

    private static readonly Problem[] Problems =
    [
        .. Enumerable.Range(0, 9).Select(i => Classified.Problem($"p{i}", $"{new string('x', i * 7)}Add {i} and {i + 3}. The sum is ", Labels, 0.25, 0.5, 0.25, 0)),
    ];

    [Fact]
    public void Probabilities_are_products_over_tokens_and_the_end()
    {
        using var use = new Use();
        int end = use.Model.EndOfTextId;
        foreach (LabelPrediction prediction in use.Scorer.Predict(Problems, CancellationToken.None))
        {
            int[] prompt = use.Model.Encode(Problems.Single(problem => problem.Id == prediction.ProblemId).Prompt, addSpecialTokens: true);
            double[] expected = [.. Labels.Values.Select(said =>
            {
                int[] label = [.. use.Model.Encode(said, addSpecialTokens: false), end];
                double sum = 0;
                for (int t = 0; t < label.Length; t++)
                {
                    // one question at a time: the last log-probability of what was said so far
                    sum += use.Policy.LogProbabilities([[.. prompt, .. label[..(t + 1)]]], CancellationToken.None).Single()[^1];
                }

                return sum;
            })];
            Assert.Equal(expected, prediction.LogProbabilities);
            Assert.InRange(prediction.Mass, 0, 1);
            Assert.Equal(1, prediction.Probabilities().Sum(), 12);
            double total = expected.Sum(log => Math.Exp(log));
            Assert.All(expected.Zip(prediction.Probabilities()), pair => Assert.Equal(Math.Exp(pair.First) / total, pair.Second, 12));
        }
    }

    [Theory]
    [InlineData(1, EngineDtype.Float32)]
    [InlineData(3, EngineDtype.Float32)]
    [InlineData(2, EngineDtype.Bfloat16)]
    public void What_is_shared_changes_no_bit(int threads, EngineDtype dtype)
    {
        using var use = new Use(threads, dtype);
        int[] prompt = [.. Enumerable.Range(0, 200).Select(t => (t * t * 7) % 500)];
        IReadOnlyList<int>[] sequences =
        [
            [.. prompt, 5, 6, 7], [.. prompt, 5], [.. prompt, 8, 9], prompt, [.. prompt, 5, 6], // prefixes of each other, and the prompt itself
            [1], [1, 2], [.. prompt[..100]], [.. prompt[..90], 3, 4], [.. prompt[50..90]], [.. prompt[50..90]],
        ];
        float[][] together = [.. use.Policy.LogProbabilities(sequences, CancellationToken.None)];
        Assert.Equal(sequences.Length, together.Length);
        for (int i = 0; i < sequences.Length; i++)
        {
            Assert.Equal(use.Policy.LogProbabilities([sequences[i]], CancellationToken.None).Single(), together[i]);
        }
    }

    [Fact]
    public void Where_memory_is_short_the_bits_are_the_same()
    {
        using var wide = new Use();
        LabelPrediction[] expected = [.. wide.Scorer.Predict(Problems, CancellationToken.None)];
        using var narrow = new Use(threads: 1, memory: 9 * BlockBytes);
        Assert.Equal(expected.Select(one => one.LogProbabilities), narrow.Scorer.Predict(Problems, CancellationToken.None).Select(one => one.LogProbabilities));
    }

    [Fact]
    public void The_prompt_is_computed_once_for_all_labels()
    {
        IReadOnlyList<int> prompt = [.. Enumerable.Range(0, 40)];
        IReadOnlyList<int>[] sequences = [[.. prompt, 1, 9], [.. prompt, 2, 9], [.. prompt, 2, 3, 9]];
        ScoredGroup group = Assert.Single(ScoredGroup.Of(sequences, 512, (_, _) => false));
        Assert.Equal(39 + (2 + 2 + 3), group.Rows); // the prompt but for its last token, which each label has with its own tokens but the last
        Assert.Equal(3, ScoredGroup.Of(sequences, 512, (_, _) => true).Count());
        Assert.Equal(2, ScoredGroup.Of(sequences, 44, (_, _) => false).Count());
        Assert.Equal(2, ScoredGroup.Of([[1, 2, 3], [4, 5, 6]], 512, (_, _) => false).Count());
    }

    [Fact]
    public void Labels_that_are_one_to_the_tokenizer_or_nothing_are_refused()
    {
        using var use = new Use();
        Refused(new() { ["a"] = "x", ["b"] = "" }, "what is said for a label, '', has no token, expected at least one; give another text under labels.");
        Refused(new() { ["a"] = "x", ["b"] = "x" }, "what is said for the labels 'a' and 'b' is the same to the model's tokenizer (");

        void Refused(Dictionary<string, string> labels, string message) => Assert.StartsWith(
            message, Assert.Throws<InvalidDataException>(() => use.Encoder.Of(Classified.Problem("p", "text", labels, 1, 0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_does_not_fit_with_its_longest_label_is_named()
    {
        using var use = new Use();
        Problem problem = Classified.Problem("long", string.Concat(Enumerable.Repeat("zqj", 200)), Labels, 1, 0, 0, 0);
        Assert.StartsWith("problem 'long' has ", Assert.Throws<InvalidDataException>(() => use.Scorer.Predict([problem], CancellationToken.None).ToList()).Message, StringComparison.Ordinal);
        Assert.False(use.Encoder.Fits(use.Encoder.Of(problem)));
    }

    private sealed class Use : IDisposable
    {
        internal Use(int threads = 1, EngineDtype dtype = EngineDtype.Float32, long memory = 0)
        {
            var options = new EngineOptions { Threads = threads, Dtype = dtype };
            var engine = new ManagedEngine(memory == 0 ? options : options with { KvMemoryBytes = memory, Slots = 1 });
            PolicyRef named = engine.Resolve(Base);
            (Model, Policy) = (engine.Describe(named), engine.Open(named));
            Encoder = new LabelEncoder(Model, new PromptOptions(), isUntrained: true);
            Scorer = new LabelScorer(Policy, Encoder);
        }

        internal ModelInfo Model { get; }

        internal IPolicy Policy { get; }

        internal LabelEncoder Encoder { get; }

        internal LabelScorer Scorer { get; }

        public void Dispose() => Policy.Dispose();
    }
}
