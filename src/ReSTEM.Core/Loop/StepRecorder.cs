using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Passes a trainer's steps on to progress and ledger.</summary>
public sealed class StepRecorder(ITrainingStore training, PhaseClock clock, int iteration)
{
    private const int StepsPerWrite = 16;
    private readonly List<TrainingStep> _unwritten = [];
    private readonly int _recorded = training.StepCount(iteration);
    private int _last;

    /// <summary>Runs a training with its steps watched; what was done is in the ledger afterwards, however it ends.</summary>
    public async Task<TrainingResult> WatchAsync(Func<Action<TrainingStep>, Task<TrainingResult>> train)
    {
        try
        {
            return await train(Record);
        }
        finally
        {
            training.WriteSteps(iteration, _unwritten);
        }
    }

    private void Record(TrainingStep step)
    {
        // A trainer that goes on tells its committed steps again: they cost nothing this time.
        int tokens = step.Step > _recorded ? step.Tokens : 0;
        clock.Advance(new PhaseProgress(step.Step - _last, tokens, string.Create(
            CultureInfo.InvariantCulture, $"epoch {step.Epoch}, loss {step.Loss:F3}")));
        _last = step.Step;
        _unwritten.Add(step);
        if (_unwritten.Count >= StepsPerWrite)
        {
            training.WriteSteps(iteration, _unwritten);
            _unwritten.Clear();
        }
    }
}
