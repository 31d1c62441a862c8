using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Rules of a training configuration that span several keys.</summary>
public static class TrainConfigRules
{
    /// <summary>Reports every broken rule as (key path, message).</summary>
    public static void Apply(TrainConfig config, Action<string, string> fault)
    {
        RunConfigRules.CheckTemplate(config.Prompt.Template, "prompt.template", fault);
        config.Prompt.Check(fault);
        RunConfigRules.CheckEngine(config.Engine, fault);
        if (config.Prompt.FewShot.Length > 0)
        {
            fault("prompt.few_shot", $"prompt.few_shot is '{config.Prompt.FewShot}', expected none: training sequences bear the bare problem.");
        }

        if ((config.Base.Length > 0) == (config.Model is not null))
        {
            fault("", config.Model is null ? "base is missing, expected base or model." : "base and model are both there, expected one of them.");
        }

        if (config.Stages.Count == 0)
        {
            fault("stages", "stages is empty, expected at least one stage.");
        }

        for (int i = 0; i < config.Stages.Count; i++)
        {
            CheckStage(config.Stages[i], $"stages.{i}", fault);
        }

        if (config.Model is { } model)
        {
            CheckModel(config, model, fault);
        }
    }

    private static void CheckStage(TrainStage stage, string path, Action<string, string> fault)
    {
        if ((stage.Corpus is null) == (stage.Problems is null))
        {
            fault(path, $"{path} has {(stage.Corpus is null ? "neither corpus nor problems" : "both corpus and problems")}, expected one of them.");
        }

        ObjectiveRules.Check(stage.Objective, stage.Optimizer, path, fault);
        if (stage.Objective?.Sftmix?.Confidence is ConfidenceSource.Iterations)
        {
            fault($"{path}.objective.sftmix.confidence", $"{path}.objective.sftmix.confidence is iterations, expected reference: a training by itself has no iterations.");
        }

        if (stage.Corpus is not null && (stage.OnLongPrompt is not null || stage.Objective is { HasSoftTargets: true }))
        {
            string key = stage.OnLongPrompt is not null ? "on_long_prompt" : "objective";
            fault($"{path}.{key}", $"{path}.{key} is given with corpus, expected it with problems: {(key == "objective" ? "a corpus has no labels" : "a corpus has no prompts")}.");
        }

        if (stage.Problems is { } problems)
        {
            RunConfigRules.CheckSource(problems, $"{path}.problems", fault);
        }

        if (stage.Corpus is { Mix: { } mix })
        {
            CheckShares($"{path}.corpus.mix", "arithmetic + word", mix.Arithmetic + mix.Word, fault);
            CheckShares($"{path}.corpus.mix", "careful + slip", mix.Careful + mix.Slip, fault);
        }
    }

    private static void CheckShares(string path, string what, double sum, Action<string, string> fault)
    {
        if (sum > 1 + 1e-9)
        {
            fault(path, FormattableString.Invariant($"{path}: {what} is {sum}, expected at most 1."));
        }
    }

    private static void CheckModel(TrainConfig config, ModelShape model, Action<string, string> fault)
    {
        if (config.Tokenizer is null)
        {
            fault("model", "tokenizer is missing, expected one with model: random weights have no tokenizer of their own.");
        }

        if (config.Stages.Count > 0 && config.Stages[0].Corpus is null)
        {
            fault("stages.0", "stages.0 has no corpus, expected one with model: the tokenizer is trained on it.");
        }

        int headDim = model.ModelDim / model.Heads;
        if (model.ModelDim % model.Heads != 0 || headDim % 2 != 0)
        {
            fault("model.heads", $"model.heads is {model.Heads}, expected a divisor of model_dim ({model.ModelDim}) with an even quotient.");
        }

        if (model.KvHeads > 0 && model.Heads % model.KvHeads != 0)
        {
            fault("model.kv_heads", $"model.kv_heads is {model.KvHeads}, expected a divisor of heads ({model.Heads}).");
        }
    }
}
