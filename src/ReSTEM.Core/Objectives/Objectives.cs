namespace ReSTEM.Core;

/// <summary>Chooses the objective that options ask for.</summary>
public static class Objectives
{
    /// <summary>The objective of a run.</summary>
    /// <param name="eStep">What is kept.</param>
    /// <param name="mStep">What is trained on.</param>
    public static IObjective Of(EStepOptions eStep, MStepOptions mStep) => mStep.Data is MStepData.Solutions
        ? new SolutionsObjective(mStep.LabelSmoothing ?? 0)
        : new RewardWeightedObjective(eStep.Keep, eStep.KeepLimit, mStep.Weights, mStep.Accumulate, mStep.LabelSmoothing ?? 0);
}
