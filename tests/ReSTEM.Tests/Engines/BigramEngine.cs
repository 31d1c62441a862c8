using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

/// <summary>
/// A second engine over the shared scheduler and course: a model of one table. Small enough to derive what it must give, real
/// enough to learn.
/// </summary>
internal sealed class BigramEngine(BigramOptions options) : IPolicyLoader, ITrainer, IStepperSource
{
    internal BigramEngine()
        : this(new BigramOptions())
    {
    }

    /// <summary>Steps that were computed, those done again included.</summary>
    internal int StepCount { get; set; }

    public string Arithmetic => "bigram 1";

    public string WeightsSha256(string folder) => BigramWeights.HashOf(folder);

    public IPolicy Load(string folder) => Open(BigramWeights.Load(folder));

    public Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken) =>
        new CourseTrainer(this).TrainAsync(job, onStep, cancellationToken);

    IStepper IStepperSource.Open(string baseFolder, OptimizerOptions optimizer) => new BigramStepper(baseFolder, optimizer, this);

    internal IPolicy Open(BigramWeights weights) => new DecoderPolicy(new BigramModel(weights, options), BigramWeights.Tokenizer);
}
