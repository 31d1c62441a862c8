using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>A small base model and jobs that train it.</summary>
internal sealed class TrainerJobs : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    internal TrainerJobs(DecoderFamily? family = null, bool tied = true)
    {
        Config = TestModels.Config(family, tied);
        ModelFolder.Save(Base, TestModels.Random(Config), null);
    }

    internal ModelConfig Config { get; }

    internal string Base => _scratch.File("base");

    internal string State => _scratch.File("state");

    internal string Output => _scratch.File("output");

    /// <summary>11 sequences of 1 to 23 tokens with several weights, in batches of 4.</summary>
    internal static IReadOnlyList<TrainingSequence> Sequences { get; } =
    [
        .. Enumerable.Range(0, 11).Select(index => new TrainingSequence
        {
            TokenIds = [.. Enumerable.Range(0, index == 5 ? 1 : 3 + (index * 2)).Select(t => ((index * 17) + (t * t * 5) + t) % 61)],
            PromptLength = index % 4,
            Weight = index == 7 ? 0 : 0.5f + (index % 3),
        }),
    ];

    internal TrainingJob Job(string name = "", Func<OptimizerOptions, OptimizerOptions>? change = null)
    {
        var options = new OptimizerOptions { LearningRate = 1e-2, WarmUpSteps = 2, BatchSequences = 4, WeightDecay = 0.1 };
        return new TrainingJob
        {
            Base = new PolicyRef(Base, ModelFolder.WeightsSha256(Base)),
            OutputFolder = Output + name,
            StateFolder = State + name,
            Sequences = Sequences,
            Optimizer = change?.Invoke(options) ?? options,
            Epochs = 3,
            Random = RandomStream.Of(3, RandomPurpose.BatchOrder),
        };
    }

    internal static Task<TrainingResult> RunAsync(TrainingJob job, Action<TrainingStep>? onStep = null, int threads = 1, EngineDtype dtype = EngineDtype.Float32) =>
        new ManagedEngine(new EngineOptions { Threads = threads, Dtype = dtype }).Trainer.TrainAsync(job, onStep ?? (_ => { }), CancellationToken.None);

    public void Dispose() => _scratch.Dispose();
}
