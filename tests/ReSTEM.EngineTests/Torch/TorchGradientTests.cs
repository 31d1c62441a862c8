using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Tests;
using ReSTEM.Torch;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

/// <summary>Loss and gradients of the engine on libtorch against published numbers and against the managed engine.</summary>
public sealed class TorchGradientTests
{
    public static TheoryData<string> Published() => SharedData.Present
        ? [.. Directory.EnumerateDirectories(SharedData.PathOf("models")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
        : ["the folder is missing"];

    public static TheoryData<string> Families() => [.. FamilyModels.All.Select(model => model.Name)];

    [EngineDataTheory("torch-cpu")]
    [MemberData(nameof(Published))]
    public void Loss_and_gradients_match_the_published_implementation(string model)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf($"models/{model}/expected.json")));
        var reference = new ReferenceModel(model);
        float weight = 1f / reference.Mask.Skip(1).Sum();
        var batch = new PackedBatch();
        batch.Add(reference.Ids, [.. reference.Mask.Select(value => value * weight)]);

        var (loss, gradient) = Gradient(reference.Weights, [batch]);

        Assert.Equal(reference.Loss, loss, 1e-5);
        foreach (var norm in expected.RootElement.GetProperty("grad_norm").EnumerateObject())
        {
            string name = gradient.Tensors.Select(tensor => tensor.Name).Single(name => name == norm.Name || name == $"transformer.{norm.Name}");
            float[] actual = [.. gradient[name].StoredValues()];
            double size = norm.Value.GetDouble();
            Assert.Equal(size, Norm(actual), 1e-4 * size);
            foreach (var sample in expected.RootElement.GetProperty("grad_samples").GetProperty(norm.Name).EnumerateArray())
            {
                Assert.Equal(sample[1].GetDouble(), actual[sample[0].GetInt32()], 1e-4 * size);
            }
        }
    }

    [EngineTheory("torch-cpu")]
    [MemberData(nameof(Families))]
    public void Gradients_of_every_family_are_those_of_the_managed_engine(string name)
    {
        using var scratch = new ScratchFolder();
        FamilyModels.Write(scratch.Path, FamilyModels.All.Single(model => model.Name == name).Config, seed: 11);
        var weights = ModelFolder.Load(scratch.Path);
        PackedBatch[] batches = [Batch(9, 24, 1), Batch(40)];

        var (loss, expected) = TrainingModel.LossAndGradient(weights, batches, threads: 1);
        foreach (bool recomputes in new[] { false, true })
        {
            var (other, actual) = Gradient(weights, batches, recomputes);
            Assert.Equal(loss, other, 1e-5 * Math.Max(1, loss));
            AssertClose(expected, actual, 1e-3);
        }
    }

    [EngineFact("torch-cpu")]
    public void Gradients_of_smoothed_labels_are_those_of_the_managed_engine()
    {
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2));
        PackedBatch[] batches = [Batch(0.2f, 24, 9), Batch(12)];
        var (loss, expected) = TrainingModel.LossAndGradient(weights, batches, threads: 1);
        var (other, actual) = Gradient(weights, batches);
        Assert.Equal(loss, other, 1e-5 * loss);
        AssertClose(expected, actual, 1e-3);
        Assert.NotEqual(loss, TrainingModel.LossAndGradient(weights, [Batch(24, 9), Batch(12)], threads: 1).Loss, 1e-2);
    }

    [EngineTheory("torch-cpu")]
    [InlineData(0)]
    [InlineData(0.2f)]
    public void Gradients_of_mixtures_are_those_of_the_managed_engine(float smoothing)
    {
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2));
        WeightedSequence first = new([.. Enumerable.Range(0, 14).Select(t => ((t * t * 7) + 3) % 61)], 3, 0.05f, smoothing);
        WeightedSequence second = new([.. Enumerable.Range(0, 9).Select(t => ((t * 11) + 5) % 61)], 2, 0.02f, smoothing, new Mixture(0.3f, 0.04f, 0.07f));
        var batches = PackedBatch.Cut([first, second, first], 20);
        var (loss, expected) = TrainingModel.LossAndGradient(weights, batches, threads: 1);
        foreach (bool recomputes in new[] { false, true })
        {
            var (other, actual) = Gradient(weights, batches, recomputes);
            Assert.Equal(loss, other, 1e-5 * loss);
            AssertClose(expected, actual, 1e-3);
        }

        Assert.NotEqual(loss, TrainingModel.LossAndGradient(weights, PackedBatch.Cut([first, second with { Mixture = null }, first], 20), threads: 1).Loss, 1e-2);
    }

    [EngineTheory("torch-cpu")]
    [MemberData(nameof(Families))]
    public void Gradients_in_bfloat16_are_near(string name)
    {
        using var scratch = new ScratchFolder();
        FamilyModels.Write(scratch.Path, FamilyModels.All.Single(model => model.Name == name).Config, seed: 11);
        var weights = ModelFolder.Load(scratch.Path);
        var (loss, expected) = Gradient(weights, [Batch(40, 24)]);
        var (other, actual) = Gradient(weights, [Batch(40, 24)], type: bfloat16);
        Assert.InRange(other, 0.98 * loss, 1.02 * loss);
        double whole = Norm(expected.Tensors.SelectMany(tensor => tensor.Values));
        double apart = Norm(expected.Tensors.Zip(actual.Tensors).SelectMany(pair => pair.First.Values.Zip(pair.Second.Values, (a, b) => a - b)));
        Assert.InRange(apart / whole, 1e-6, 0.2); // bfloat16 has 8 bits; equal numbers would mean that it was not used
    }

    [EngineFact("torch-cpu")]
    public void A_packed_sequence_sees_no_other()
    {
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2, tied: false));
        var (together, one) = Gradient(weights, [Batch(9, 24, 3)]);
        var (apart, other) = Gradient(weights, [Batch(9), Batch(24), Batch(3)]);
        Assert.Equal(together, apart, 1e-5 * together);
        AssertClose(one, other, 1e-4);
    }

    [EngineFact("torch-cpu")]
    public void The_gradient_of_an_adapter_is_that_of_the_managed_engine()
    {
        var weights = TestModels.Random(TestModels.Config(DecoderFamilies.Qwen2, tied: false));
        var job = new AdapterJob(new AdapterOptions { Rank = 3, TargetModules = ["q_proj", "v_proj", "down_proj"] }, RandomStream.Of(5, RandomPurpose.Initialization));
        var adapter = NewAdapter.Create(job, weights.Config);
        for (int index = 0; index < adapter.Modules.Count; index++)
        {
            for (int at = 0; at < adapter.Modules[index].Up.Length; at++)
            {
                adapter.Modules[index].Up[at] = ((at * 7 % 13) - 6) / 50f;
            }
        }

        PackedBatch[] batches = [Batch(24, 9)];
        var expected = TrainingModel.AdapterGradient(weights, adapter, batches);
        foreach (bool recomputes in new[] { false, true })
        {
            using var device = new TorchWeights(weights, TorchUse.Processor, float32);
            using var factors = new TorchAdapter(adapter, weights, TorchUse.Processor, float32);
            foreach (var pair in factors.Pairs)
            {
                pair.Down.requires_grad_();
                pair.Up.requires_grad_();
            }

            using var rotations = new Rotations(weights.Config, TorchUse.Processor);
            new DecoderPass(new TorchDecoder(device, float32, factors), rotations, isFrozen: true, recomputes).AddLossAndGradient(batches[0]);
            foreach (var pair in factors.Pairs)
            {
                pair.Down.copy(pair.Down.grad!);
                pair.Up.copy(pair.Up.grad!);
            }

            foreach (var (one, other) in expected.Modules.Zip(factors.ToAdapter().Modules))
            {
                Assert.Equal(0, Norm(one.Down.Zip(other.Down, (a, b) => a - b)), 1e-4 * Norm(one.Down));
                Assert.Equal(0, Norm(one.Up.Zip(other.Up, (a, b) => a - b)), 1e-4 * Norm(one.Up));
            }
        }
    }

    private static (double Loss, ModelWeights Gradient) Gradient(
        ModelWeights weights, IReadOnlyList<PackedBatch> batches, bool recomputes = false, ScalarType type = ScalarType.Float32)
    {
        using var device = new TorchWeights(weights, TorchUse.Processor, float32);
        foreach (var part in device.Parts)
        {
            part.requires_grad_();
        }

        using var rotations = new Rotations(weights.Config, TorchUse.Processor);
        var pass = new DecoderPass(new TorchDecoder(device, type), rotations, isFrozen: false, recomputes);
        double loss = batches.Select(pass.AddLossAndGradient).Sum(sum => sum.Plain + sum.Mixed);
        foreach (var part in device.Parts)
        {
            part.copy(part.grad!);
        }

        return (loss, ModelWeights.Copy(device.AsSource()));
    }

    private static PackedBatch Batch(params int[] lengths) => Batch(0f, lengths);

    private static PackedBatch Batch(float smoothing, params int[] lengths)
    {
        var batch = new PackedBatch();
        foreach (int length in lengths)
        {
            batch.Add([.. Enumerable.Range(0, length).Select(t => ((t * t * 5) + (t * 3) + length) % 61)], [.. Enumerable.Range(0, length).Select(t => 0.1f + (t % 3))], smoothing);
        }

        return batch;
    }

    private static void AssertClose(ModelWeights expected, ModelWeights actual, double tolerance)
    {
        foreach (var (one, two) in expected.Tensors.Zip(actual.Tensors))
        {
            double size = Norm(one.Values);
            Assert.True(
                Norm(one.Values.Zip(two.Values, (a, b) => a - b)) <= (tolerance * size) + 1e-6,
                $"{one.Name} has norm {Norm(two.Values)}, expected {size}");
        }
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(value => (double)value * value));
}

file static class Copies
{
    /// <summary>Overwrites a tensor that requires a gradient.</summary>
    internal static void copy(this Tensor target, Tensor source)
    {
        using (no_grad())
        {
            target.copy_(source);
        }
    }
}
