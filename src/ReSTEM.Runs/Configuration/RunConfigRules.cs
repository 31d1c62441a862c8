using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Rules of a run configuration that span several keys.</summary>
internal static class RunConfigRules
{
    /// <summary>Reports every broken rule as (key path, message).</summary>
    internal static void Apply(RunConfig config, Action<string, string> fault)
    {
        CheckTemplate(config.Prompt.Template, "prompt.template", fault);
        config.Prompt.Check(fault);
        CheckSource(config.Problems.Train, "problems.train", fault);
        if (config.Problems.Validation is { } validation)
        {
            CheckSource(validation, "problems.validation", fault);
        }

        foreach (var (name, evaluation) in config.Evaluations)
        {
            CheckEvaluation(name, evaluation, fault);
        }

        CheckSampling(config.EStep.Sampling, "e_step.sampling", fault);
        CheckSampling(config.Validation.Sampling, "validation.sampling", fault);
        if (config.EStep.Keep is KeepRule.Any && config.MStep.Data is MStepData.Solutions)
        {
            fault("e_step.keep", "e_step.keep is any with m_step.data solutions, expected one of them: solutions need no E-step.");
        }

        if (config.MStep.Patience > 0 && config.Problems.Validation is null)
        {
            fault("m_step.patience", $"m_step.patience is {config.MStep.Patience}, expected 0 without problems.validation.");
        }
    }

    /// <summary>A template holds the problem once.</summary>
    internal static void CheckTemplate(string template, string path, Action<string, string> fault)
    {
        int count = template.Split(PromptOptions.Slot).Length - 1;
        if (count != 1)
        {
            fault(path, $"{path} holds {PromptOptions.Slot} {count} times, expected once.");
        }
    }

    /// <summary>Problems come from files or from the generator.</summary>
    internal static void CheckSource(ProblemSource source, string path, Action<string, string> fault)
    {
        if ((source.Files.Count > 0) == (source.Generate is not null))
        {
            fault(path, $"{path} has {(source.Generate is null ? "neither files nor generate" : "both files and generate")}, expected one of them.");
        }
    }

    private static void CheckSampling(SamplingOptions sampling, string path, Action<string, string> fault)
    {
        if (sampling.Fault() is { } found)
        {
            fault($"{path}.{found.Split(' ')[0]}", $"{path}.{found}");
        }
    }

    private static void CheckEvaluation(string name, EvaluationConfig evaluation, Action<string, string> fault)
    {
        string path = $"evaluations.{name}";
        CheckSource(evaluation.Problems, $"{path}.problems", fault);
        if (name is "train" or "validation" or "em" or "e-step" || name.Contains('/', StringComparison.Ordinal))
        {
            fault(path, $"{path} is named '{name}', expected a name without '/' other than train, validation, em and e-step.");
        }

        EvaluationOptions measure = evaluation.Measure;
        CheckSampling(measure.Sampling, $"{path}.measure.sampling", fault);
        if (measure.Samples == 0 && !measure.Greedy)
        {
            fault($"{path}.measure", $"{path}.measure draws nothing, expected samples above 0 or greedy true.");
        }

        foreach (int k in measure.K.Where(k => measure.Samples > 0 && (k < 1 || k > measure.Samples)))
        {
            fault($"{path}.measure.k", $"{path}.measure.k holds {k}, expected 1 to samples ({measure.Samples}).");
        }
    }
}
