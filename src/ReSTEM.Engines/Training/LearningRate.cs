using ReSTEM.Arithmetic;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>The learning rate of each step.</summary>
internal static class LearningRate
{
    /// <summary>Rate of a step: up linearly to the peak, then as the schedule says; the last step has the final share.</summary>
    /// <param name="options">Peak, warm-up and schedule.</param>
    /// <param name="step">From 1.</param>
    /// <param name="stepCount">Steps of the whole job.</param>
    internal static double At(OptimizerOptions options, int step, int stepCount)
    {
        int warmUp = options.WarmUpOf(stepCount);
        if (step <= warmUp)
        {
            return options.LearningRate * step / warmUp;
        }

        double progress = (double)(step - warmUp) / (stepCount - warmUp);
        double share = options.Schedule switch
        {
            LearningRateSchedule.Constant => 1,
            LearningRateSchedule.Linear => 1 - ((1 - options.FinalShare) * progress),
            LearningRateSchedule.Cosine =>
                options.FinalShare + ((1 - options.FinalShare) * (1 + Elementary.SinCos(Math.PI * progress).Cos) / 2),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Schedule, "Unknown schedule."),
        };
        return options.LearningRate * share;
    }
}
