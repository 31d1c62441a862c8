using System.Diagnostics;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>One job on its way: steps, commits, validation and the choice of the epoch.</summary>
internal sealed class TrainingCourse
{
    private readonly TrainingJob _job;
    private readonly IStepper _stepper;
    private readonly Action<TrainingStep> _onStep;
    private readonly TrainingPlan _plan;
    private readonly StateFolder _folder;
    private TrainingProgress _progress;
    private TrainingProgress _committed; // what the state folder says; equal to no progress where it says nothing
    private long _lastCommit;

    /// <summary>Checks the sequences, and reads the state where there is one.</summary>
    internal TrainingCourse(
        TrainingJob job, RunIdentity identity, IStepper stepper, Action<TrainingStep> onStep)
    {
        JobLimits.ThrowUnlessFitting(job, stepper);
        _job = job;
        _stepper = stepper;
        _onStep = onStep;
        _plan = new TrainingPlan(job);
        _folder = new StateFolder(job.StateFolder);
        _committed = _progress = _folder.Read(identity, stepper) ?? TrainingProgress.None(identity);
        _lastCommit = Stopwatch.GetTimestamp();
    }

    /// <summary>Runs what is left; the output folder is complete and the state folder gone afterwards.</summary>
    internal async Task<TrainingResult> RunAsync(CancellationToken cancellationToken)
    {
        _progress.Steps.ForEach(_onStep);
        int epoch = 0;
        while (epoch < _job.Epochs && !IsStopped(epoch))
        {
            epoch++;
            RunEpoch(epoch, cancellationToken);
            await ValidateAsync(epoch, cancellationToken);
        }

        Commit();
        var result = Finish(epoch);
        _folder.Delete();
        return result;
    }

    private bool IsStopped(int epoch) => _job.Patience > 0 && _progress.BestEpoch > 0 && epoch - _progress.BestEpoch >= _job.Patience;

    private void RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        while (_progress.Steps.Count < epoch * _plan.StepsPerEpoch)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Commit();
                cancellationToken.ThrowIfCancellationRequested();
            }

            var step = Step(_progress.Steps.Count + 1);
            _progress = _progress.With(step);
            _onStep(step);
            if (Stopwatch.GetElapsedTime(_lastCommit) >= _job.CommitInterval)
            {
                Commit();
            }
        }
    }

    private TrainingStep Step(int step)
    {
        var sequences = _plan.Sequences(step);
        double rate = LearningRate.At(_job.Optimizer, step, _plan.StepCount);
        var (loss, norm) = _stepper.Step(sequences, step, rate);
        int tokens = sequences.Sum(sequence => sequence.TokenIds.Count);
        return new TrainingStep(step, _plan.StepCount, _plan.EpochOf(step), loss, norm, rate, tokens);
    }

    private async Task ValidateAsync(int epoch, CancellationToken cancellationToken)
    {
        if (_job.Validate is null || _progress.Measures.Count >= epoch)
        {
            return;
        }

        Commit();
        var candidate = new TrainingCandidate(epoch, _progress.Steps.Count, _stepper.OpenPolicy);
        double measure = await _job.Validate(candidate, cancellationToken);
        if (!double.IsFinite(measure))
        {
            throw new InvalidOperationException($"The validation measure of epoch {epoch} is {measure}, expected a finite number.");
        }

        if (_progress.IsBest(measure))
        {
            _folder.WriteBest(epoch, _stepper);
        }

        _progress = _progress.With(measure);
        Commit();
    }

    /// <summary>Writes the state unless it is on disk already.</summary>
    private void Commit()
    {
        if (!ReferenceEquals(_committed, _progress))
        {
            _folder.Write(_progress, _stepper);
            _committed = _progress;
        }

        _lastCommit = Stopwatch.GetTimestamp();
    }

    private TrainingResult Finish(int lastEpoch)
    {
        int chosen = _job.Validate is null ? lastEpoch : _progress.BestEpoch;
        if (chosen != lastEpoch)
        {
            _folder.ReadBest(chosen, _stepper);
        }

        long tokens = _progress.Steps.Sum(step => (long)step.Tokens);
        return FinishedModel.Write(_job, _progress, _stepper, hash => new TrainingResult(
            _progress.Steps.Count, chosen, _progress.Measures, tokens, _progress.Steps[^1].Loss, hash)).Result;
    }
}
