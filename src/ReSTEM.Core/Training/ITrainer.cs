namespace ReSTEM.Core;

/// <summary>Fine-tunes checkpoints.</summary>
public interface ITrainer
{
    /// <summary>
    /// Runs a job, or goes on with it from the last step committed in <see cref="TrainingJob.StateFolder"/>; the result has the
    /// same bits either way. On return the output folder is complete and the state folder is gone.
    /// </summary>
    /// <param name="job">What to do; the same job must be given to go on.</param>
    /// <param name="onStep">Told of every step as it is done; steps done again after a crash are told again, with the same numbers.</param>
    /// <param name="cancellationToken">Commits the last whole step, then throws <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidDataException">The base model or the committed state is damaged.</exception>
    Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken);
}
