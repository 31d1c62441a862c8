using System.Diagnostics;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>One job on its way: steps, commits, validation and the choice of the epoch.</summary>
internal sealed class TrainingCourse
{
    /// <summary>All commits of a start together take no more than one part in so many of its time, however large the model is.</summary>
    private const int LeastShare = 20;

    private readonly TrainingJob _job;
    private readonly IStepper _stepper;
    private readonly Action<TrainingStep> _onStep;
    private readonly TrainingPlan _plan;
    private readonly StateFolder _folder;
    private TrainingProgress _progress;
    private TrainingProgress _committed; // what the state folder says; equal to no progress where it says nothing
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _lastCommit;
    private TimeSpan _commitCost; // of the last one, as the next is expected to be
    private TimeSpan _spent;

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
        _committed = _progress = _folder.Read(identity, job, _plan.StepsPerEpoch * LastEpoch, stepper) ?? TrainingProgress.None(identity);
        _lastCommit = Stopwatch.GetTimestamp();
    }

    private int LastEpoch => _job.UntilEpoch ?? _job.Epochs;

    private int BestStep => _progress.BestEpoch * _plan.StepsPerEpoch;

    /// <summary>Runs what is left; the output folder is complete and the state folder gone afterwards.</summary>
    internal async Task<TrainingResult> RunAsync(CancellationToken cancellationToken)
    {
        _progress.Steps.ForEach(_onStep);
        int epoch = 0;
        while (epoch < LastEpoch && !IsStopped(epoch))
        {
            epoch++;
            RunEpoch(epoch, cancellationToken);
            await ValidateAsync(epoch, cancellationToken);
        }

        if (LastEpoch < _job.Epochs)
        {
            Commit(); // before the model: who finds it goes on from there
            return Finish(epoch);
        }

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
            CommitIfDue();
        }
    }

    private TrainingStep Step(int step)
    {
        var sequences = _plan.Sequences(step);
        double rate = LearningRate.At(_job.Optimizer, step, _plan.StepCount);
        var (loss, norm, mixup) = _stepper.Step(sequences, step, rate);
        int tokens = sequences.Sum(sequence => sequence.TokenIds.Count);
        return new TrainingStep(
            step, _plan.StepCount, _plan.EpochOf(step), loss, norm, rate, tokens,
            sequences.Any(sequence => sequence.Mixture is not null) ? mixup / _job.Mixup!.Options.Mu : null);
    }

    private async Task ValidateAsync(int epoch, CancellationToken cancellationToken)
    {
        if (_job.Validate is null || _progress.Steps.Count > epoch * _plan.StepsPerEpoch)
        {
            return; // nothing to measure, or an epoch before the snapshot that was restored
        }

        if (_progress.Measures.Count < epoch)
        {
            _progress = _progress.With(await MeasureAsync(epoch, cancellationToken));
        }

        if (_progress.BestEpoch == epoch)
        {
            _folder.WriteWeights(BestStep, _stepper);
        }

        _folder.WriteMeasures(_progress);
        CommitIfDue();
    }

    private async Task<double> MeasureAsync(int epoch, CancellationToken cancellationToken)
    {
        try
        {
            var candidate = new TrainingCandidate(epoch, _progress.Steps.Count, _stepper.OpenPolicy);
            double measure = await _job.Validate!(candidate, cancellationToken);
            return double.IsFinite(measure) ? measure : throw new InvalidOperationException(
                $"The validation measure of epoch {epoch} is {measure}, expected a finite number.");
        }
        catch (OperationCanceledException)
        {
            Commit();
            throw;
        }
    }

    private void CommitIfDue()
    {
        bool isCheap = Stopwatch.GetElapsedTime(_start) >= LeastShare * (_spent + _commitCost);
        if (_job.CommitInterval == TimeSpan.Zero || (isCheap && Stopwatch.GetElapsedTime(_lastCommit) >= _job.CommitInterval))
        {
            Commit();
        }
    }

    /// <summary>Writes the state unless it is on disk already.</summary>
    private void Commit()
    {
        long start = Stopwatch.GetTimestamp();
        if (!ReferenceEquals(_committed, _progress))
        {
            _folder.Write(_progress, BestStep, _stepper);
            _committed = _progress;
            _commitCost = Stopwatch.GetElapsedTime(start);
            _spent += _commitCost;
        }

        _lastCommit = Stopwatch.GetTimestamp();
    }

    private TrainingResult Finish(int lastEpoch)
    {
        int chosen = _job.Validate is null ? lastEpoch : _progress.BestEpoch;
        if (chosen != lastEpoch)
        {
            _folder.ReadWeights(BestStep, _stepper);
        }

        long tokens = _progress.Steps.Sum(step => (long)step.Tokens);
        return FinishedModel.Write(_job, _progress, _stepper, hash => new TrainingResult(
            _progress.Steps.Count, chosen, _progress.Measures, tokens, _progress.Steps[^1].Loss, hash)).Result;
    }
}
