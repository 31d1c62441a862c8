using ReSTEM.Managed;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class EmbeddingTests
{
    public static TheoryData<string> Models => ParityTests.Models;

    // The LM head is linear, so that it makes of the mean hidden state the mean of the logits, which an independent implementation has given.
    [DataTheory]
    [MemberData(nameof(Models))]
    public void The_head_makes_the_reference_s_mean_logits_of_an_embedding(string name)
    {
        var reference = new ReferenceModel(name);
        float[] embedding = new Embeddings(reference.Weights, null, new EngineOptions { Threads = 2 }).Of([reference.Ids], CancellationToken.None)[0];
        var logits = new float[reference.Weights.Config.VocabularySize];
        new PackedModel(reference.Weights).Head.Multiply(embedding, 1, logits, WorkerPool.Inline);
        float largest = reference.Logits.Max(row => row.Max(MathF.Abs));
        for (int id = 0; id < logits.Length; id++)
        {
            Assert.InRange(logits[id] - reference.Logits.Average(row => (double)row[id]), -1e-5 * largest, 1e-5 * largest);
        }
    }

    [Fact]
    public void An_embedding_depends_on_no_other_text_and_not_on_threads()
    {
        var weights = TestModels.Random(TestModels.Config(tied: false));
        int[][] texts = [[1, 2, 3], [4], [5, 1, 5, 1, 5, 2]];
        float[][] together = new Embeddings(weights, null, new EngineOptions { Threads = 3 }).Of(texts, CancellationToken.None);
        Assert.Equal(together, texts.Select(text => new Embeddings(weights, null, new EngineOptions { Threads = 1 }).Of([text], CancellationToken.None)[0]));
        Assert.NotEqual(together[0], together[1]);
    }

    [Fact]
    public void What_does_not_fit_the_model_is_refused()
    {
        var embeddings = new Embeddings(TestModels.Random(TestModels.Config(tied: false)), null, new EngineOptions { Threads = 1 });
        Assert.Contains("has 0 tokens, expected 1 to", Assert.Throws<ArgumentException>(() => embeddings.Of([[1], []], CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("a token id is -1", Assert.Throws<ArgumentException>(() => embeddings.Of([[-1]], CancellationToken.None)).Message, StringComparison.Ordinal);
    }
}
