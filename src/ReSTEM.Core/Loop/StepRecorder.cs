using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Passes a trainer's steps on to progress and ledger.</summary>
public sealed class StepRecorder(ITrainingStore training, PhaseClock clock, int iteration, TimeProvider time)
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    private readonly List<TrainingStep> _unwritten = [];
    private readonly int _recorded = training.StepCount(iteration);
    private long _written = time.GetTimestamp();
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
            Write();
        }
    }

    private void Record(TrainingStep step)
    {
        clock.Advance(new PhaseProgress(step.Step - _last, NewTokens(step), Describe(step)));
        _last = step.Step;
        _unwritten.Add(step);
        if (time.GetElapsedTime(_written) >= WriteInterval)
        {
            Write();
        }
    }

    /// <summary>How a step went, in a few words.</summary>
    internal static string Describe(TrainingStep step) => string.Create(
        CultureInfo.InvariantCulture, $"epoch {step.Epoch}, loss {step.Loss:F3}{(step.Mixup is { } mixup ? $", mixed {mixup:F3}" : "")}");

    private void Write()
    {
        training.WriteSteps(iteration, _unwritten, clock.Book(_unwritten.Sum(NewTokens)));
        _unwritten.Clear();
        _written = time.GetTimestamp();
    }

    /// <summary>A trainer that goes on does, or tells, steps again that the ledger has: they cost nothing this time.</summary>
    private long NewTokens(TrainingStep step) => step.Step > _recorded ? step.Tokens : 0;
}
