namespace ReSTEM.Core;

/// <summary>Chooses the objective that options ask for.</summary>
public static class Objectives
{
    /// <summary>The objective of a run.</summary>
    /// <param name="eStep">What is kept.</param>
    /// <param name="mStep">What is trained on.</param>
    public static IObjective Of(EStepOptions eStep, MStepOptions mStep)
    {
        TrainingLoss loss = ObjectiveOptions.LossOf(mStep.Objective, mStep.LabelSmoothing);
        return mStep.Objective is { HasSoftTargets: true } ? new SoftTargetsObjective(loss)
            : mStep.Data is MStepData.Solutions ? new SolutionsObjective(loss)
            : new RewardWeightedObjective(eStep.Keep, eStep.KeepLimit, mStep.Weights, mStep.Accumulate, loss);
    }
}
