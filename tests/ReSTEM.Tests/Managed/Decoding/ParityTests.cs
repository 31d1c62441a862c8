using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class ParityTests
{
    public static TheoryData<string> Models =>
    [
        "llama-gqa-rope3", "llama-tied-bf16-sharded", "qwen2-bias-tied", "qwen3-qknorm", "mistral-window", "gemma1", "gpt2-small",
        "gpt2-bare-names",
    ];

    [DataTheory]
    [MemberData(nameof(Models))]
    public void Logits_agree_with_the_reference(string name)
    {
        var reference = new ReferenceModel(name);
        float[][] logits = Logits(reference);
        float largest = reference.Logits.Max(row => row.Max(MathF.Abs));
        for (int t = 0; t < logits.Length; t++)
        {
            for (int id = 0; id < logits[t].Length; id++)
            {
                Assert.InRange(logits[t][id] - reference.Logits[t][id], -1e-5 * largest, 1e-5 * largest);
            }
        }
    }

    [DataTheory]
    [MemberData(nameof(Models))]
    public void Loss_agrees_with_the_reference(string name)
    {
        var reference = new ReferenceModel(name);
        using var policy = ManagedEngine.Open(reference.Weights, "", null, new EngineOptions { Threads = 1 });
        float[] logProbabilities = policy.LogProbabilities([reference.Ids], CancellationToken.None).Single();
        int[] counted = [.. Enumerable.Range(1, reference.Ids.Length - 1).Where(t => reference.Mask[t] == 1)];
        Assert.Equal(0, logProbabilities[0]);
        Assert.InRange(-counted.Average(t => (double)logProbabilities[t]) - reference.Loss, -1e-5, 1e-5);
    }

    [DataTheory]
    [MemberData(nameof(Models))]
    public async Task Greedy_continuation_is_the_reference(string name)
    {
        var reference = new ReferenceModel(name);
        using var policy = ManagedEngine.Open(reference.Weights, "", null, new EngineOptions { Threads = 2 });
        var options = new SamplingOptions { Temperature = 0, MaxTokens = reference.Greedy.Length };
        List<Completion> drawn = await PolicyUse.DrawAsync(policy, [PolicyUse.Request(reference.Ids, options)]);
        Assert.Equal(reference.Greedy, drawn.Single().TokenIds);
        Assert.Equal(FinishReason.MaxTokens, drawn.Single().FinishReason);
    }

    internal static float[][] Logits(ReferenceModel reference, NumberFormat format = NumberFormat.Float32)
    {
        var decoder = new TransformerDecoder(new PackedModel(reference.Weights, format: format), maxRows: 200, blockCount: 40);
        using KvSequence sequence = KvSequence.TryOpen(decoder.Memory, reference.Ids.Length)!;
        sequence.MakeRoom(reference.Ids.Length);
        decoder.Forward([.. reference.Ids.Select((id, position) => new KvRow(id, position, sequence))]);
        float[][] rows = [.. reference.Ids.Select(_ => new float[reference.Weights.Config.VocabularySize])];
        for (int row = 0; row < rows.Length; row++)
        {
            decoder.Logits([row], rows[row]);
        }

        return rows;
    }
}
