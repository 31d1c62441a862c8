using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What run and check both find out of models before anything is drawn, so that the same fault is told in the same way by both.</summary>
/// <param name="Plan">With the problems whose prompts fit.</param>
/// <param name="Options">Of the loop.</param>
/// <param name="Model">The base model.</param>
/// <param name="Fit">How long the prompts are, and what was left out.</param>
/// <param name="Memory">Of the run's largest phases; null where the engine cannot say.</param>
/// <param name="LeftOut">One line for each set of which problems are left out.</param>
internal sealed record Preparation(
    RunPlan Plan, LoopOptions Options, ModelInfo Model, PromptFit Fit, MemoryEstimate? Memory, IReadOnlyList<string> LeftOut)
{
    /// <summary>What helps where training takes too much memory.</summary>
    internal string MemoryRemedy => Plan.Config.MStep.Adapter is not null ? "use a smaller model or a machine with more memory"
        : "train an adapter (m_step.adapter), recompute activations (m_step.optimizer.recompute_activations), or use a smaller model";

    /// <exception cref="UsageException">A model cannot be used, prompts do not fit it, or settings ask for what it cannot do.</exception>
    internal static Preparation Of(RunPlan plan, IEngine engine, LoadWatch watch)
    {
        RunConfig config = plan.Config;
        ModelInfo model = Using("base", config.Base, () => engine.Describe(engine.Resolve(plan.BaseFolder)));
        ModelInfo? teacher = plan.TeacherFolder.Length == 0
            ? null
            : Using("e_step.policy", config.EStep.Policy, () => engine.Describe(engine.Resolve(plan.TeacherFolder)));
        LoopOptions options = Using("base", config.Base, () => plan.Options(engine));
        foreach (var (path, sampling, context) in Draws(config, model.ContextLength, (teacher ?? model).ContextLength))
        {
            if (sampling.MaxTokens >= context)
            {
                throw new UsageException($"{path}.sampling.max_tokens is {sampling.MaxTokens}, expected at most {context - 1}: the model's context has {context} tokens, at least one of them the prompt's.");
            }
        }

        foreach (var (path, sampling, drawn, problems) in LabelDraws(plan, model, teacher ?? model))
        {
            var encoder = new LabelEncoder(drawn, plan.Drawing.Prompt, isUntrained: true);
            if (Using("base", config.Base, () => encoder.RoomFault(problems, sampling.MaxTokens)) is { } fault)
            {
                throw new UsageException($"{path}.sampling.{fault}");
            }
        }

        var (fitted, fit) = Using("base", config.Base, () => plan.FittedTo(teacher is null ? [model] : [model, teacher], watch));
        var memory = Using("base", config.Base, () => PlannedMemory.Of(fitted, engine, options.Base, fit.Longest));
        return new Preparation(fitted, options, model, fit, memory, [.. fit.Lines(plan.Problems)]);
    }

    /// <summary>What every draw of the run asks for, by the path of its settings.</summary>
    private static IEnumerable<(string Path, SamplingOptions Sampling, int Context)> Draws(RunConfig config, int context, int drawn) =>
        config.Evaluations.Select(set => ($"evaluations.{set.Key}.measure", set.Value.Measure.Sampling, context))
            .Prepend(("validation", config.Problems.Validation is null ? new SamplingOptions { MaxTokens = 1 } : config.Validation.Sampling, context))
            .Prepend(("e_step", config.EStep.Sampling, drawn));

    /// <summary>Every draw with the model that is asked first, and what it is asked.</summary>
    private static IEnumerable<(string Path, SamplingOptions Sampling, ModelInfo Model, IReadOnlyList<Problem> Problems)> LabelDraws(
        RunPlan plan, ModelInfo model, ModelInfo drawn)
    {
        RunConfig config = plan.Config;
        if (config.MStep.Data is MStepData.Kept || config.TrainGapSamples > 0)
        {
            yield return ("e_step", config.EStep.Sampling, drawn, plan.Problems.Train);
        }

        yield return ("validation", config.Validation.Sampling, model, plan.Problems.Validation);
        foreach (EvaluationSet set in plan.Problems.Evaluations)
        {
            yield return ($"evaluations.{set.Name}.measure", set.Options.Sampling, model, set.Problems);
        }
    }

    private static T Using<T>(string key, string name, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or NotSupportedException or EngineException)
        {
            throw new UsageException($"{key} '{name}' cannot be used: {fault.Message}");
        }
    }
}
