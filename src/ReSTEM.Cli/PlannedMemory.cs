using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What a run will ask of an engine.</summary>
internal static class PlannedMemory
{
    /// <summary>Memory of the run's largest phases; null where the engine cannot say.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="engine">Computes it.</param>
    /// <param name="policy">The base model.</param>
    /// <param name="longestPrompt">In tokens.</param>
    /// <exception cref="InvalidDataException">The adapter that is to be trained does not fit the model, or the engine trains none.</exception>
    internal static MemoryEstimate? Of(RunPlan plan, IEngine engine, PolicyRef policy, int longestPrompt)
    {
        var adapter = plan.Config.MStep.Adapter;
        if (adapter is not null && !engine.Capabilities.Adapters)
        {
            throw new InvalidDataException($"m_step.adapter is given, expected none: the engine {engine.Fingerprint.Name} trains no adapters.");
        }

        if (adapter is null && policy.Adapter is { } before)
        {
            throw new InvalidDataException(
                $"{before.Folder} is an adapter, expected m_step.adapter to go on with it, or a whole model to train all weights of (restem export --merge makes one).");
        }

        SftMixOptions? mixup = plan.Config.MStep.Objective?.Mixup;
        return engine.MemoryOf(policy, new MemoryUse
        {
            PromptLength = longestPrompt,
            CompletionLength = Math.Max(plan.Config.EStep.Sampling.MaxTokens, plan.Config.Validation.Sampling.MaxTokens),
            SamplesPerPrompt = plan.Config.EStep.Samples,
            Optimizer = plan.Config.MStep.Optimizer,
            Adapter = adapter,
            Validates = plan.Problems.Validation.Count > 0 || mixup?.Confidence is ConfidenceSource.Reference,
            Mixes = mixup is not null,
        });
    }
}
