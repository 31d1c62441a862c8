using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Benchmarks;

/// <summary>What some steps took.</summary>
/// <param name="StepSeconds">Each step after the first, wall clock.</param>
/// <param name="CpuSeconds">Processor time of all threads together, per step.</param>
/// <param name="Tokens">Tokens of a step.</param>
/// <param name="Flops">Floating-point operations of a step.</param>
internal sealed record TrainingTimes(double[] StepSeconds, double[] CpuSeconds, int Tokens, double Flops)
{
    internal double MedianSeconds => StepSeconds.Order().ElementAt(StepSeconds.Length / 2);
}

/// <summary>Steps of the whole trainer: forward, backward, optimizer and packing.</summary>
internal static class TrainingBenchmark
{
    /// <summary>Random weights in a new folder.</summary>
    internal static string WriteModel(string parent, string name, ModelConfig config)
    {
        string folder = Path.Combine(parent, name);
        ModelFolder.Save(folder, ModelInitializer.Create(config, RandomStream.Of(1, RandomPurpose.Initialization)), null);
        return folder;
    }

    internal static Task<TrainingTimes> RunAsync(string folder, int threads, int batch, int length, int steps) =>
        RunAsync(folder, new ManagedEngine(new EngineOptions { Threads = threads }).Trainer, batch, length, steps);

    /// <summary>The same by any engine's trainer.</summary>
    internal static async Task<TrainingTimes> RunAsync(string folder, ITrainer trainer, int batch, int length, int steps)
    {
        var config = ModelConfigReader.Read(folder);
        var job = new TrainingJob
        {
            Base = new PolicyRef(folder, ModelFolder.WeightsSha256(folder)),
            OutputFolder = $"{folder}-trained-{Environment.ProcessId}",
            StateFolder = $"{folder}-state-{Environment.ProcessId}",
            Sequences = [.. Enumerable.Range(0, batch * (steps + 1)).Select(index => Sequence(index, length, config.VocabularySize))],
            Optimizer = new OptimizerOptions { BatchSequences = batch, LearningRate = 1e-5 },
            Epochs = 1,
            Random = RandomStream.Of(1, RandomPurpose.BatchOrder),
            CommitInterval = TimeSpan.FromHours(1),
        };
        List<long> times = [];
        List<double> cpu = [];
        await trainer.TrainAsync(job, Watch, CancellationToken.None);
        Directory.Delete(job.OutputFolder, recursive: true);
        return new TrainingTimes(
            [.. times.Zip(times.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds)],
            [.. cpu.Zip(cpu.Skip(1), (from, to) => to - from)], batch * length, Flops(config, batch, length));

        void Watch(TrainingStep step)
        {
            times.Add(Stopwatch.GetTimestamp());
            cpu.Add(Environment.CpuUsage.TotalTime.TotalSeconds);
        }
    }

    /// <summary>Multiply-adds times 2: each matrix three times per token, attention over half the pairs.</summary>
    private static double Flops(ModelConfig config, int batch, int length)
    {
        double layer = ((double)(config.QueryDim + (2 * config.KvDim)) * config.ModelDim) + (config.QueryDim * config.ModelDim)
            + (3.0 * config.FeedForwardDim * config.ModelDim);
        double perToken = (config.LayerCount * (layer + ((double)config.QueryDim * length)))
            + ((double)config.VocabularySize * config.ModelDim);
        return 6 * perToken * batch * length;
    }

    private static TrainingSequence Sequence(int index, int length, int vocabulary)
    {
        var random = RandomStream.Of(2, RandomPurpose.Corpus).At(0, "", index).Sequence();
        return new TrainingSequence { TokenIds = [.. Enumerable.Range(0, length).Select(_ => random.Below(vocabulary))], PromptLength = 0 };
    }
}
