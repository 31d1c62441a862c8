using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class BfloatTrainingTests
{
    [Fact]
    public async Task Loss_follows_that_of_float32()
    {
        using var jobs = new TrainerJobs();
        var curves = new List<double[]>();
        foreach (var dtype in new[] { EngineDtype.Float32, EngineDtype.Bfloat16 })
        {
            var steps = new List<TrainingStep>();
            var job = jobs.Job($"{dtype}", options => options with { LearningRate = 3e-3 }) with { Sequences = Walks(800), Epochs = 1 };
            await TrainerJobs.RunAsync(job, steps.Add, dtype: dtype);
            curves.Add([.. steps.Select(step => step.Loss)]);
        }

        Assert.Equal(200, curves[0].Length);
        Assert.True(curves[0][^1] < 0.8 * curves[0][0], $"{curves[0][0]} -> {curves[0][^1]}");
        double[] apart = [.. curves[0].Zip(curves[1], (exact, rounded) => Math.Abs(rounded - exact) / exact)];
        Assert.True(apart.Max() <= 0.01, $"{apart.Max():R} at step {Array.IndexOf(apart, apart.Max()) + 1}; {string.Join(' ', curves[0].Where((_, i) => i % 40 == 0))}");
    }

    /// <summary>Random walks in which one of four tokens follows each: nothing to learn by heart, so the loss does not go to 0.</summary>
    private static TrainingSequence[] Walks(int count)
    {
        var random = RandomStream.Of(5, RandomPurpose.Corpus).Sequence();
        var walks = new TrainingSequence[count];
        for (int walk = 0; walk < count; walk++)
        {
            int[] ids = new int[24];
            ids[0] = random.Below(61);
            for (int t = 1; t < ids.Length; t++)
            {
                ids[t] = ((5 * ids[t - 1]) + random.Below(4)) % 61;
            }

            walks[walk] = new TrainingSequence { TokenIds = ids, PromptLength = 0 };
        }

        return walks;
    }

    [Fact]
    public async Task What_is_trained_is_named()
    {
        using var jobs = new TrainerJobs();
        await TrainerJobs.RunAsync(jobs.Job(), dtype: EngineDtype.Bfloat16);
        Assert.Contains("bfloat16", await File.ReadAllTextAsync(Path.Combine(jobs.Output, "training.json")), StringComparison.Ordinal);
    }
}
