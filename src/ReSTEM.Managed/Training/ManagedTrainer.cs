using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Managed;

/// <summary>
/// Fine-tunes all weights of Llama and Qwen2 decoders on the CPU. The result has the same bits for any thread count, for any
/// micro-batch, and after a stop at any moment; see <see cref="CourseTrainer"/>.
/// </summary>
/// <param name="engine">How to use the machine, also for sampling from candidates.</param>
public sealed class ManagedTrainer(EngineOptions engine) : ITrainer
{
    private readonly CourseTrainer _course = new(new ManagedStepperSource(engine));

    /// <summary>A trainer on a number of threads.</summary>
    public ManagedTrainer(int threadCount)
        : this(new EngineOptions { Threads = threadCount })
    {
    }

    /// <inheritdoc/>
    public Task<TrainingResult> TrainAsync(
        TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken) =>
        _course.TrainAsync(job, onStep, cancellationToken);
}
