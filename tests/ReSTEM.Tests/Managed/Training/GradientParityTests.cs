using System.Text.Json;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class GradientParityTests
{
    [DataTheory]
    [MemberData(nameof(ParityTests.Models), MemberType = typeof(ParityTests))]
    public void Loss_and_gradients_match_the_published_implementation(string model)
    {
        string folder = SharedData.PathOf(Path.Combine("models", model));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        int[] ids = [.. Numbers(expected, "ids").Select(value => (int)value)];
        double[] mask = Numbers(expected, "mask");
        float weight = (float)(1 / mask.Skip(1).Sum());
        var batch = new PackedBatch();
        batch.Add(ids, [.. mask.Select(value => (float)value * weight)]);

        var (loss, gradient) = TrainingModel.LossAndGradient(ModelFolder.Load(folder), [batch], threads: 2);

        Assert.Equal(expected.RootElement.GetProperty("loss").GetDouble(), loss, 1e-5);
        foreach (var norm in expected.RootElement.GetProperty("grad_norm").EnumerateObject())
        {
            float[] actual = [.. gradient[Named(norm.Name, gradient)].StoredValues()];
            double tensorNorm = norm.Value.GetDouble();
            Assert.Equal(tensorNorm, Math.Sqrt(actual.Sum(value => (double)value * value)), 1e-4 * tensorNorm);
            foreach (var sample in expected.RootElement.GetProperty("grad_samples").GetProperty(norm.Name).EnumerateArray())
            {
                Assert.Equal(sample[1].GetDouble(), actual[sample[0].GetInt32()], 1e-4 * tensorNorm);
            }
        }
    }

    /// <summary>Some checkpoints leave the prefix out.</summary>
    private static string Named(string stored, ModelWeights weights) =>
        weights.Tensors.Select(tensor => tensor.Name).Single(name => name == stored || name == $"transformer.{stored}");

    private static double[] Numbers(JsonDocument document, string name) =>
        [.. document.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
