using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>A trainer over any engine's steppers. A job that was stopped at any moment goes on as if it had not been.</summary>
/// <remarks>
/// The output folder also gets a <c>training.json</c> with the job, its steps and its result; the same job asked for again is
/// answered from there. What is in the state folder: <see cref="StateFolder"/>.
/// </remarks>
public sealed class CourseTrainer(IStepperSource source) : ITrainer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option or a sequence is out of range.</exception>
    /// <exception cref="IOException">The output folder has something else in it, or the disk is full.</exception>
    /// <exception cref="ArithmeticException">The gradient is not finite any more.</exception>
    public async Task<TrainingResult> TrainAsync(
        TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
    {
        JobLimits.ThrowUnlessValid(job);
        RunIdentity identity = JobIdentity.Of(job, source.Fingerprint);
        if (FinishedModel.Read(job, identity, source.WeightsSha256) is { } finished)
        {
            if (finished.Result.Measures.Count > job.MeasuredEpochs)
            {
                NewFolder.Delete(job.OutputFolder);
                return await TrainAsync(job, onStep, cancellationToken);
            }

            finished.Steps.ForEach(onStep);
            if ((job.UntilEpoch ?? job.Epochs) == job.Epochs)
            {
                new StateFolder(job.StateFolder).Delete();
            }

            return finished.Result;
        }

        FinishedModel.ThrowIfOccupied(job.OutputFolder);
        return await Task.Run(RunAsync, CancellationToken.None);

        async Task<TrainingResult> RunAsync()
        {
            using IStepper stepper = source.Open(job.Base, job.Optimizer, job.Adapter);
            return await new TrainingCourse(job, identity, stepper, onStep).RunAsync(cancellationToken);
        }
    }
}
