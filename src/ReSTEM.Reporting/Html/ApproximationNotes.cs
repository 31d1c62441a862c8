using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Says where a run departs from exact EM, by its own options.</summary>
internal static class ApproximationNotes
{
    /// <summary>One sentence or two for each departure.</summary>
    /// <param name="options">The run's knobs.</param>
    /// <param name="limited">Most problems in one E-step that reached the keep limit.</param>
    /// <param name="problems">Training problems.</param>
    internal static IEnumerable<string> Of(LoopOptions options, int limited, int problems)
    {
        SamplingOptions sampling = options.EStep.Sampling;
        if (Filters(sampling) is { Length: > 0 } filters)
        {
            yield return $"Samples were drawn at {filters}. They are draws from another distribution than the policy itself, " +
                "so E[log Z], KL and the bound B are statements about that distribution, and B is not a strict bound.";
        }

        yield return limited == 0
            ? $"The keep limit of {options.EStep.KeepLimit} distinct completions per problem was never reached, so it re-weights nothing."
            : $"The keep limit of {options.EStep.KeepLimit} distinct completions was reached by up to {Shown.Count(limited)} of {Shown.Count(problems)} problems: " +
                "those weigh less in the M-step than the E-step's distribution would give them.";
        yield return options.MStep.Weights is KeptWeights.Agreement
            ? "Each distinct completion counts as often as it was drawn times the share of annotators who agree with it, summing to 1 per problem: the reward is that share."
            : options.MStep.Weights is KeptWeights.Equal
            ? "Each distinct completion counts once, however often it was drawn: rare right answers weigh more than in the E-step's distribution."
            : "Each distinct completion counts as often as it was drawn, summing to 1 per problem: all solved problems weigh the same, easy or hard.";
        yield return (options.MStep.Restart is RestartFrom.Base
            ? "Every M-step starts from the base model again and stops after a few epochs"
            : "Every M-step starts from the previous policy and stops after a few epochs") +
            ", so its result is not the maximum that EM asks for, and log Z may fall between iterations.";
        if (options.MStep.Objective?.Mixup is { } mixup)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The M-step minimises {mixup.Mu} times the loss of mixed examples besides the negative log-likelihood, ") +
                "so its result is no maximum of the likelihood even where it has converged; B is of the likelihood alone.";
        }

        if (options.EStep.Keep is KeepRule.Any && options.MStep.Weights is not KeptWeights.Agreement)
        {
            yield return "All finished samples were kept, right or wrong: this is the control without reward, not EM.";
        }

        if (options.Teacher is not null)
        {
            yield return "The samples came from another model: the diagnostics describe that model, and B, where both have one tokenizer, compares the trained policy with it.";
        }

        if (options.MStep.Accumulate)
        {
            yield return "M-steps see the kept samples of earlier iterations too: B compares each with the policy that drew it.";
        }

        if (options.Prompt.FewShot.Count > 0 && options.Prompt.Use is FewShotUse.Base)
        {
            yield return "The base model was sampled with worked examples before the problem, the trained policies without: B of iteration 1 includes that change.";
        }
    }

    private static string Filters(SamplingOptions sampling)
    {
        var parts = new List<string>();
        if (sampling.Temperature != 1)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"temperature {sampling.Temperature}"));
        }

        if (sampling.TopK > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"top-k {sampling.TopK}"));
        }

        if (sampling.TopP < 1)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"top-p {sampling.TopP}"));
        }

        return string.Join(", ", parts);
    }
}
