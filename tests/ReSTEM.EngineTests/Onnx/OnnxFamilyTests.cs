using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>Every family in every variant against the managed engine, which is checked against plain loops elsewhere.</summary>
public sealed class OnnxFamilyTests
{
    public static TheoryData<string> Names() => [.. FamilyModels.All.Select(model => model.Name)];

    [EngineTheory("onnx-cpu")]
    [MemberData(nameof(Names))]
    public void Logits_are_the_managed_engine_s(string name)
    {
        using var scratch = new ScratchFolder();
        using var stored = OnnxUse.Family(scratch, name);
        int[] ids = OnnxUse.Ids(40);
        float[][] logits = OnnxUse.Logits(stored, ids), expected = Managed(stored, ids);
        float largest = expected.Max(row => row.Max(MathF.Abs));
        for (int t = 0; t < ids.Length; t++)
        {
            for (int id = 0; id < logits[t].Length; id++)
            {
                Assert.InRange(logits[t][id] - expected[t][id], -1e-4 * largest, 1e-4 * largest);
            }
        }
    }

    [EngineTheory("onnx-cpu")]
    [MemberData(nameof(Names))]
    public async Task Completions_and_log_probabilities_are_the_managed_engine_s(string name)
    {
        using var scratch = new ScratchFolder();
        using var stored = OnnxUse.Family(scratch, name);
        using var managed = ManagedEngine.Open(stored, "", null, new EngineOptions { Threads = 1 });
        using var policy = OnnxUse.Engine(slots: 6).Open(stored, null, "", null);
        int[] ids = OnnxUse.Ids(40);
        var options = new SamplingOptions { Temperature = 1, MaxTokens = 20 };
        SampleRequest[] requests = [.. Enumerable.Range(0, 24).Select(index =>
            PolicyUse.Request([.. ids.Take(3 + (5 * (index / 4)))], options, $"p{index / 4}", index % 4))];
        var drawn = await PolicyUse.DrawAsync(policy, requests);
        var expected = await PolicyUse.DrawAsync(managed, requests);
        Assert.InRange(drawn.Zip(expected).Count(pair => pair.First.TokenIds.SequenceEqual(pair.Second.TokenIds)), 23, 24);
        float[] one = policy.LogProbabilities([ids], CancellationToken.None).Single();
        float[] other = managed.LogProbabilities([ids], CancellationToken.None).Single();
        Assert.Equal(-other.Average(), -one.Average(), 1e-5 * Math.Max(1, -other.Average()));
    }

    private static float[][] Managed(IWeightSource weights, int[] ids)
    {
        var decoder = new TransformerDecoder(new PackedModel(weights), maxRows: 64, blockCount: 40);
        using KvSequence sequence = KvSequence.TryOpen(decoder.Memory, ids.Length)!;
        sequence.MakeRoom(ids.Length);
        decoder.Forward([.. ids.Select((id, position) => new KvRow(id, position, sequence))]);
        float[][] rows = [.. ids.Select(_ => new float[weights.Config.VocabularySize])];
        for (int row = 0; row < rows.Length; row++)
        {
            decoder.Logits([row], rows[row]);
        }

        return rows;
    }
}
