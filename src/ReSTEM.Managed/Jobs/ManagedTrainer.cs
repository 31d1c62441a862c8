using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// Fine-tunes all weights of Llama and Qwen2 decoders on the CPU. The result has the same bits for any thread count, for any
/// micro-batch, and after a stop at any moment.
/// </summary>
/// <remarks>
/// The output folder also gets a <c>training.json</c> with the job, its steps and its result; the same job asked for again is
/// answered from there. Kept in the state folder: see <c>state.bin</c> and <c>best-N.bin</c> of the job.
/// </remarks>
public sealed class ManagedTrainer(EngineOptions options) : ITrainer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option or a sequence is out of range.</exception>
    /// <exception cref="IOException">The output folder has something else in it, or the disk is full.</exception>
    /// <exception cref="ArithmeticException">The gradient is not finite any more.</exception>
    public async Task<TrainingResult> TrainAsync(
        TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
    {
        JobCheck.Options(job);
        var fingerprint = JobFingerprint.Of(job);
        if (FinishedModel.Read(job, fingerprint) is { } finished)
        {
            finished.Steps.ForEach(onStep);
            new StateFolder(job.StateFolder).Delete();
            return finished.Result;
        }

        FinishedModel.ThrowIfOccupied(job.OutputFolder);
        using var pool = new WorkerPool(options.Threads);
        return await Task.Run(
            () => new TrainingRun(job, fingerprint, onStep, pool, folder => ManagedEngine.Load(folder, options)).RunAsync(cancellationToken), CancellationToken.None);
    }
}
