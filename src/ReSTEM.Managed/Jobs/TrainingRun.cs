using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>One job on its way: steps, commits, validation and the choice of the epoch.</summary>
internal sealed class TrainingRun
{
    private readonly TrainingJob _job;
    private readonly Action<TrainingStep> _onStep;
    private readonly Func<string, IPolicy> _open;
    private readonly TrainingPlan _plan;
    private readonly StateFolder _folder;
    private readonly ParameterLayout _layout;
    private readonly FloatBuffer _values;
    private readonly FloatBuffer _gradient;
    private readonly Optimizer _optimizer;
    private readonly DecoderPass _pass;
    private TrainingProgress _progress;
    private int _committedSteps;
    private long _lastCommit;

    /// <summary>Reads the base model, and the state where there is one.</summary>
    internal TrainingRun(
        TrainingJob job, SortedDictionary<string, string> fingerprint, Action<TrainingStep> onStep, WorkerPool pool, Func<string, IPolicy> open)
    {
        var weights = ModelFolder.Load(job.Base.Folder);
        JobCheck.Sequences(job, weights.Config);
        _job = job;
        _onStep = onStep;
        _open = open;
        _plan = new TrainingPlan(job);
        _folder = new StateFolder(job.StateFolder);
        _layout = new ParameterLayout(weights.Config);
        _values = new FloatBuffer(_layout.Length);
        _layout.Read(weights, _values.Span);
        _gradient = new FloatBuffer(_layout.Length);
        _optimizer = new Optimizer(job.Optimizer, _layout, pool);
        _progress = _folder.Read(fingerprint, _values, _optimizer.FirstMoment, _optimizer.SecondMoment)
            ?? new TrainingProgress(fingerprint, [], [], 0);
        _committedSteps = _progress.Steps.Count;
        _lastCommit = Stopwatch.GetTimestamp();
        _pass = new DecoderPass(_layout, _values, pool);
    }

    /// <summary>Runs what is left; the output folder is complete and the state folder gone afterwards.</summary>
    internal async Task<TrainingResult> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var step in _progress.Steps)
        {
            _onStep(step);
        }

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
            _progress.Steps.Add(step);
            _onStep(step);
            if (Stopwatch.GetElapsedTime(_lastCommit) >= _job.CommitInterval)
            {
                Commit();
            }
        }
    }

    private TrainingStep Step(int step)
    {
        _gradient.Span.Clear();
        double loss = 0;
        int tokens = 0;
        foreach (var batch in _plan.Batches(step))
        {
            _pass.AddLossAndGradient(batch, _gradient, ref loss);
            tokens += batch.TokenCount;
        }

        _pass.MergeEmbeddingGradient(_gradient);
        double rate = LearningRate.At(_job.Optimizer, step, _plan.StepCount);
        double norm = _optimizer.Step(_values, _gradient, step, rate);
        _pass.SetWeights();
        return new TrainingStep(step, _plan.StepCount, _plan.EpochOf(step), loss, norm, rate, tokens);
    }

    private async Task ValidateAsync(int epoch, CancellationToken cancellationToken)
    {
        if (_job.Validate is null || _progress.Measures.Count >= epoch)
        {
            return;
        }

        Commit();
        string candidate = _folder.CandidateFolder(epoch);
        ModelFolder.Save(candidate, _layout.ToWeights(_values.Span), _job.Base.Folder);
        double measure = await _job.Validate(new TrainingCandidate(epoch, _progress.Steps.Count, () => _open(candidate)), cancellationToken);
        if (!double.IsFinite(measure))
        {
            throw new InvalidOperationException($"The validation measure of epoch {epoch} is {measure}, expected a finite number.");
        }

        Directory.Delete(candidate, recursive: true);
        bool isBest = _progress.BestEpoch == 0 || measure > _progress.Measures[_progress.BestEpoch - 1];
        if (isBest)
        {
            _folder.WriteBest(epoch, _values);
        }

        _progress.Measures.Add(measure);
        _progress = _progress with { BestEpoch = isBest ? epoch : _progress.BestEpoch };
        _committedSteps = -1;
        Commit();
    }

    /// <summary>Writes the state unless it is on disk already.</summary>
    private void Commit()
    {
        if (_committedSteps != _progress.Steps.Count)
        {
            _folder.Write(_progress, _values, _optimizer.FirstMoment, _optimizer.SecondMoment);
            _committedSteps = _progress.Steps.Count;
        }

        _lastCommit = Stopwatch.GetTimestamp();
    }

    private TrainingResult Finish(int lastEpoch)
    {
        int chosen = _job.Validate is null ? lastEpoch : _progress.BestEpoch;
        if (chosen != lastEpoch)
        {
            _folder.ReadBest(chosen, _values);
        }

        long tokens = _progress.Steps.Sum(step => (long)step.Tokens);
        return FinishedModel.Write(_job, _progress, _layout.ToWeights(_values.Span), hash => new TrainingResult(
            _progress.Steps.Count, chosen, _progress.Measures, tokens, _progress.Steps[^1].Loss, hash)).Result;
    }
}
