using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Tests;
using ReSTEM.Torch;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

/// <summary>Sampling on libtorch against published numbers, and every family against the managed engine.</summary>
public sealed class TorchReferenceTests
{
    private const double Bfloat16 = 1.0 / 256; // half a unit in the last of 8 bits

    public static TheoryData<string> Published() => SharedData.Present
        ? [.. Directory.EnumerateDirectories(SharedData.PathOf("models")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
        : ["the folder is missing"];

    public static TheoryData<string> Families() => [.. FamilyModels.All.Select(model => model.Name)];

    [EngineDataTheory("torch-cpu")]
    [MemberData(nameof(Published))]
    public async Task Logits_loss_and_greedy_continuation_are_the_published_ones(string model)
    {
        var reference = new ReferenceModel(model);
        float[][] logits = Logits(reference.Weights, reference.Ids, TorchUse.Settings());
        double largest = reference.Logits.Max(row => row.Max(Math.Abs));
        Assert.InRange(Largest(logits, reference.Logits), 0, 1e-4 * largest);

        using var policy = TorchUse.Open(reference.Weights, TorchUse.Settings());
        float[] scores = policy.LogProbabilities([reference.Ids], CancellationToken.None).Single();
        double loss = -scores.Skip(1).Zip(reference.Mask.Skip(1), (score, mask) => score * mask).Sum(value => (double)value) / reference.Mask.Skip(1).Sum();
        Assert.Equal(reference.Loss, loss, 1e-5);

        var options = new SamplingOptions { Temperature = 0, MaxTokens = reference.Greedy.Length };
        var drawn = await PolicyUse.DrawAsync(policy, [PolicyUse.Request(reference.Ids, options)]);
        Assert.Equal(reference.Greedy, drawn.Single().TokenIds);
    }

    [EngineDataTheory("torch-cpu")]
    [MemberData(nameof(Published))]
    public void Logits_in_bfloat16_differ_by_its_rounding(string model)
    {
        var reference = new ReferenceModel(model);
        float[][] logits = Logits(reference.Weights, reference.Ids, TorchUse.Settings(EngineDtype.Bfloat16));
        double largest = reference.Logits.Max(row => row.Max(Math.Abs));
        double difference = Largest(logits, reference.Logits) / largest;
        Assert.InRange(difference, 1e-4, 16 * Bfloat16); // some roundings in each of few layers, and not none
    }

    [EngineTheory("torch-cpu")]
    [MemberData(nameof(Families))]
    public async Task Every_family_gives_what_the_managed_engine_gives(string name)
    {
        using var scratch = new ScratchFolder();
        FamilyModels.Write(scratch.Path, FamilyModels.All.Single(model => model.Name == name).Config, seed: 11);
        var weights = ModelFolder.Load(scratch.Path);
        int[] ids = [.. Enumerable.Range(0, 40).Select(t => 3 + (t * 5 % 30))];
        using IPolicy actual = TorchUse.Open(weights, TorchUse.Settings()), expected = TorchUse.Managed(weights);
        foreach (var (score, wanted) in actual.LogProbabilities([ids], CancellationToken.None).Single().Zip(expected.LogProbabilities([ids], CancellationToken.None).Single()))
        {
            Assert.Equal(wanted, score, 2e-4 * Math.Max(1, Math.Abs(wanted)));
        }

        var options = new SamplingOptions { Temperature = 0, MaxTokens = 12 };
        var request = PolicyUse.Request(ids, options);
        Assert.Equal((await PolicyUse.DrawAsync(expected, [request])).Single().TokenIds, (await PolicyUse.DrawAsync(actual, [request])).Single().TokenIds);
    }

    private static double Largest(float[][] left, float[][] right) =>
        left.Zip(right).Max(rows => rows.First.Zip(rows.Second).Max(pair => Math.Abs((double)pair.First - pair.Second)));

    private static float[][] Logits(ModelWeights source, int[] ids, TorchSettings settings)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        using var weights = new TorchWeights(source, settings.Device, settings.Type);
        using var rotations = new Rotations(source.Config, settings.Device);
        using var cache = new KvCache(source.Config, settings.Type, settings.Device, 1);
        cache.Grow(KvCache.BlocksFor(ids.Length));
        var decoder = new TorchDecoder(weights, settings.Type);
        long[] positions = [.. Enumerable.Range(0, ids.Length)];
        var attention = new CachedAttention(source.Config, cache, positions, Range.All, settings.Device);
        var at = rotations.At(tensor(positions));
        var rows = decoder.Embed(tensor(ids.Select(id => (long)id).ToArray()), tensor(positions));
        for (int layer = 0; layer < source.Config.LayerCount; layer++)
        {
            rows = decoder.Layer(rows, layer, at[layer], attention);
        }

        var logits = decoder.Logits(decoder.FinalNorm(rows));
        return [.. Enumerable.Range(0, ids.Length).Select(row => HostSampler.Values(logits, row).ToArray())];
    }
}
