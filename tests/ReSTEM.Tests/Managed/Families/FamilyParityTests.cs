using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

/// <summary>
/// Every family in every variant against <see cref="PlainDecoder"/>: plain loops in double, written without sight of the engine and
/// itself checked against the published numbers. It is the reference where no folder with foreign numbers exists.
/// </summary>
public sealed class FamilyParityTests
{
    public static TheoryData<string> Names() => [.. FamilyModels.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Logits_greedy_choice_and_log_probabilities_agree(string name)
    {
        using var scratch = new ScratchFolder();
        var plain = Write(scratch, name);
        int[] ids = Ids(40);
        double[][] expected = plain.Logits(ids);
        double largest = expected.Max(row => row.Max(Math.Abs));

        using var stored = ModelFolder.Open(scratch.Path);
        var decoder = new TransformerDecoder(new PackedModel(stored), maxRows: 64, blockCount: 40);
        using KvSequence sequence = KvSequence.TryOpen(decoder.Memory, ids.Length)!;
        sequence.MakeRoom(ids.Length);
        decoder.Forward([.. ids.Select((id, position) => new KvRow(id, position, sequence))]);
        float[] logits = new float[stored.Config.VocabularySize];
        for (int t = 0; t < ids.Length; t++)
        {
            decoder.Logits([t], logits);
            for (int id = 0; id < logits.Length; id++)
            {
                Assert.InRange(logits[id] - expected[t][id], -1e-4 * largest, 1e-4 * largest);
            }
        }

        using IPolicy policy = ManagedEngine.Open(stored, "", null, new EngineOptions { Threads = 1 });
        float[] logProbabilities = policy.LogProbabilities([ids], CancellationToken.None).Single();
        for (int t = 1; t < ids.Length; t++)
        {
            double max = expected[t - 1].Max();
            double log = expected[t - 1][ids[t]] - max - Math.Log(expected[t - 1].Sum(logit => Math.Exp(logit - max)));
            Assert.Equal(log, logProbabilities[t], 1e-4 * Math.Max(1, largest));
        }

        var options = new SamplingOptions { Temperature = 0, MaxTokens = 12 };
        Completion drawn = (await PolicyUse.DrawAsync(policy, [PolicyUse.Request(ids, options)])).Single();
        List<int> text = [.. ids];
        foreach (int token in drawn.TokenIds)
        {
            double[] last = plain.Logits(text)[^1];
            int best = Array.IndexOf(last, last.Max());
            if (last[best] - last.Where((_, id) => id != best).Max() < 1e-3 * largest)
            {
                break; // too near to call
            }

            Assert.Equal(best, token);
            text.Add(token);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradients_match_finite_differences(string name)
    {
        using var scratch = new ScratchFolder();
        var plain = Write(scratch, name, out var tensors, out var config);
        int[] ids = Ids(24);
        var weights = ModelFolder.Load(scratch.Path);
        var batch = new PackedBatch();
        batch.Add(ids, [.. ids.Select((_, t) => t < 4 ? 0f : 1f / 20)]);
        var (loss, gradient) = TrainingModel.LossAndGradient(weights, [batch], threads: 1);
        Assert.Equal(Loss(plain, ids), loss, 1e-5 * Math.Max(1, loss));

        foreach (var (stored, tensor) in tensors.Where(pair => !pair.Key.EndsWith(".attn.bias", StringComparison.Ordinal)))
        {
            string full = gradient.Tensors.Select(one => one.Name).Single(one => one == stored || one == $"transformer.{stored}");
            float[] actual = [.. gradient[full].StoredValues()];
            double norm = Math.Sqrt(actual.Sum(value => (double)value * value));
            int largest = Array.IndexOf(actual, actual.MaxBy(Math.Abs));
            foreach (int index in new[] { largest, 7 % actual.Length })
            {
                double step = 1e-4, kept = tensor.Values[index];
                tensor.Values[index] = kept + step;
                double above = Loss(new PlainDecoder(config, tensors), ids);
                tensor.Values[index] = kept - step;
                double below = Loss(new PlainDecoder(config, tensors), ids);
                tensor.Values[index] = kept;
                Assert.True(
                    Math.Abs(((above - below) / (2 * step)) - actual[index]) <= 1e-3 * norm + 1e-7,
                    $"{stored}[{index}] is {actual[index]}, expected {(above - below) / (2 * step)} (norm {norm})");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recomputed_activations_and_micro_batches_give_the_same_bits(string name)
    {
        using var scratch = new ScratchFolder();
        Write(scratch, name);
        var weights = ModelFolder.Load(scratch.Path);
        PackedBatch Batch(params int[] lengths)
        {
            var batch = new PackedBatch();
            foreach (int length in lengths)
            {
                batch.Add(Ids(length), [.. Enumerable.Repeat(0.1f, length)]);
            }

            return batch;
        }

        foreach (var format in new[] { NumberFormat.Float32, NumberFormat.Bfloat16 })
        {
            var (loss, gradient) = TrainingModel.LossAndGradient(weights, [Batch(9, 24, 3)], threads: 1, format: format);
            var (again, other) = TrainingModel.LossAndGradient(weights, [Batch(9), Batch(24, 3)], threads: 2, recomputes: true, format);
            Assert.Equal(loss, again);
            foreach (var (one, two) in gradient.Tensors.Zip(other.Tensors))
            {
                KernelData.AssertSameBits(one.Values, two.Values);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_and_loaded_it_has_the_same_bytes(string name)
    {
        using var scratch = new ScratchFolder();
        Write(scratch, name);
        using var stored = ModelFolder.Open(scratch.Path);
        string first = scratch.File("first"), second = scratch.File("second");
        ModelFolder.SaveTrained(first, stored, scratch.Path);
        using var again = ModelFolder.Open(first);
        ModelFolder.SaveTrained(second, again, first);
        foreach (string file in new[] { "model.safetensors", "config.json" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file)));
        }
    }

    private static double Loss(PlainDecoder plain, int[] ids)
    {
        double[][] logits = plain.Logits(ids);
        return Enumerable.Range(4, ids.Length - 4).Average(t =>
        {
            double max = logits[t - 1].Max();
            return max + Math.Log(logits[t - 1].Sum(logit => Math.Exp(logit - max))) - logits[t - 1][ids[t]];
        });
    }

    private static int[] Ids(int length) => [.. Enumerable.Range(0, length).Select(t => ((t * t * 7) + (3 * t) + 5) % 61)];

    private static PlainDecoder Write(ScratchFolder scratch, string name) => Write(scratch, name, out _, out _);

    private static PlainDecoder Write(
        ScratchFolder scratch, string name, out IReadOnlyDictionary<string, PlainTensor> tensors, out System.Text.Json.Nodes.JsonObject config)
    {
        config = FamilyModels.All.Single(model => model.Name == name).Config;
        FamilyModels.Write(scratch.Path, config, seed: 11);
        tensors = FamilyModels.Read(scratch.Path);
        return new PlainDecoder(config, tensors);
    }
}
