using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Rules of a run configuration that span several keys.</summary>
internal static class RunConfigRules
{
    /// <summary>Names of runs, which are names of folders.</summary>
    internal const string NamePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    private const int MostNameLength = 100;

    /// <summary>Reports every broken rule as (key path, message).</summary>
    internal static void Apply(RunConfig config, Action<string, string> fault)
    {
        CheckTemplate(config.Prompt.Template, "prompt.template", fault);
        config.Prompt.Check(fault);
        CheckSource(config.Problems.Train, "problems.train", fault);
        if (config.Problems.Validation is { } validation)
        {
            CheckSource(validation, "problems.validation", fault, mayShare: true);
        }

        foreach (var (name, evaluation) in config.Evaluations)
        {
            CheckEvaluation(name, evaluation, fault);
        }

        double shares = (config.Problems.Validation?.Share ?? 0) + config.Evaluations.Values.Sum(evaluation => evaluation.Problems.Share ?? 0);
        if (shares >= 1)
        {
            fault("problems", FormattableString.Invariant($"the shares of the training problems are {shares} together, expected below 1."));
        }

        CheckEngine(config.Engine, fault);
        CheckTrainer(config, fault);
        CheckExecutor(config.Executor, fault);
        CheckSampling(config.EStep.Sampling, "e_step.sampling", fault);
        CheckSampling(config.Validation.Sampling, "validation.sampling", fault);
        if (config.EStep.Keep is KeepRule.Any && config.MStep.Data is MStepData.Solutions)
        {
            fault("e_step.keep", "e_step.keep is any with m_step.data solutions, expected one of them: solutions need no E-step.");
        }

        if (config.Validation.Decides && config.Problems.Validation is null)
        {
            bool worse = config.Validation.WhenWorse is not WhenWorse.Continue;
            string key = worse ? "when_worse" : "when_not_better";
            string value = ConfigNames.Of(worse ? config.Validation.WhenWorse.ToString() : config.Validation.WhenNotBetter.ToString());
            fault($"validation.{key}", $"validation.{key} is {value}, expected continue without problems.validation: there is nothing to decide by.");
        }

        if (config.MStep is { Objective.HasSoftTargets: true, Data: not MStepData.Solutions })
        {
            fault("m_step.objective", "m_step.objective is soft_targets with m_step.data kept, expected data solutions: the problems have their targets, and there is no E-step.");
        }

        if (config.MStep.Weights is KeptWeights.Agreement && (config.EStep.Keep is not KeepRule.Any || config.MStep.Data is not MStepData.Kept))
        {
            fault("m_step.weights", "m_step.weights is agreement, expected it with e_step.keep any and m_step.data kept: the share of annotators who agree is the reward.");
        }

        CheckPanel(config, fault);
        ObjectiveRules.Check(config.MStep.Objective, config.MStep.Optimizer, "m_step", fault);
        if (config.MStep.Objective?.Mixup is { Confidence: ConfidenceSource.Iterations } mixup && mixup.Checkpoints > config.Iterations)
        {
            fault("m_step.objective.sftmix.checkpoints", $"m_step.objective.sftmix.checkpoints is {mixup.Checkpoints}, expected at most iterations ({config.Iterations}): the base model and the policies before the last iteration.");
        }

        if (config.MStep.Patience > 0 && config.Problems.Validation is null)
        {
            fault("m_step.patience", $"m_step.patience is {config.MStep.Patience}, expected 0 without problems.validation.");
        }
    }

    private static void CheckPanel(RunConfig config, Action<string, string> fault)
    {
        var variants = config.Verifier.Annotators ?? [];
        for (int i = 0; i < variants.Count; i++)
        {
            if (variants[i] is { LastNumber: null, Repairs: null, Judge: null })
            {
                fault($"verifier.annotators.{i}", $"verifier.annotators.{i} changes nothing, expected last_number, repairs or a judge.");
            }

            if (variants[i].Judge is { } judge)
            {
                CheckJudge(variants[i], judge, $"verifier.annotators.{i}", fault);
            }
        }

        if (config.EStep.Agreement is { } gamma && variants.Count == 0)
        {
            fault("e_step.agreement", FormattableString.Invariant($"e_step.agreement is {gamma} without verifier.annotators, expected both: one verifier always agrees with itself."));
        }
    }

    private static void CheckJudge(VerifierVariant variant, JudgeConfig judge, string path, Action<string, string> fault)
    {
        if (variant is not { LastNumber: null, Repairs: null })
        {
            fault(path, $"{path} has a judge beside last_number or repairs, expected one of them: a model has no such rules.");
        }

        string[] allowed = [JudgeOptions.PromptSlot, JudgeOptions.CompletionSlot, JudgeOptions.ReferenceSlot], slots = [.. SlotText.Slots(judge.Ask)];
        if (slots.FirstOrDefault(slot => !allowed.Contains(slot)) is { } unknown)
        {
            fault($"{path}.judge.ask", $"{path}.judge.ask holds {{{unknown}}}, expected {string.Join(", ", allowed.Select(slot => $"{{{slot}}}"))}.");
        }

        if (!slots.Contains(JudgeOptions.CompletionSlot))
        {
            fault($"{path}.judge.ask", $"{path}.judge.ask does not hold {{{JudgeOptions.CompletionSlot}}}, expected it: what is judged.");
        }

        if (judge.Correct.Trim().Length == 0 || judge.Not.Trim().Length == 0
            || judge.Correct.StartsWith(judge.Not, StringComparison.OrdinalIgnoreCase) || judge.Not.StartsWith(judge.Correct, StringComparison.OrdinalIgnoreCase))
        {
            fault($"{path}.judge.correct", $"{path}.judge.correct is '{judge.Correct}' and not is '{judge.Not}', expected two texts of which none begins with the other.");
        }

        if (judge.Sampling.Fault() is { } sampling)
        {
            fault($"{path}.judge.sampling", $"{path}.judge.sampling.{sampling}");
        }

        if (judge.Engine is { Train: { } trains })
        {
            fault($"{path}.judge.engine.train", $"{path}.judge.engine.train is {EngineNames.Of(trains)}, expected none: a judge is not trained.");
        }

        CheckEngine(judge.Engine ?? new EngineConfig(), (key, message) => fault($"{path}.judge.{key}", $"{path}.judge.{message}"));
    }

    /// <summary>Another program trains what a job can say, and no engine beside it.</summary>
    private static void CheckTrainer(RunConfig config, Action<string, string> fault)
    {
        if (config.MStep.Trainer is not { } trainer)
        {
            return;
        }

        if (trainer.Start.Command.Count == 0 || trainer.Start.Command[0].Length == 0)
        {
            fault("m_step.trainer.command", "m_step.trainer.command is empty, expected a program and its arguments.");
        }

        if (config.Engine.Train is { } engine)
        {
            fault("engine.train", $"engine.train is {EngineNames.Of(engine)} with m_step.trainer, expected one of them.");
        }

        if (config.MStep.Objective is { HasSoftTargets: true })
        {
            fault("m_step.objective.kind", "m_step.objective.kind is soft_targets with m_step.trainer, expected nll: the job of another program has no distributions. Leave the trainer out, and the engine trains.");
        }

        if (config.MStep.Objective is { MeanOver: LossMean.Sequences })
        {
            fault("m_step.objective.mean_over", "m_step.objective.mean_over is sequences with m_step.trainer, expected tokens: the loss of another program's job is a mean over tokens. Leave the trainer out, and the engine trains.");
        }

        if (config.MStep.Objective?.Mixup is not null)
        {
            fault("m_step.objective.sftmix", "m_step.objective.sftmix is given with m_step.trainer, expected none: the job of another program has no mixtures. Leave the trainer out, and the engine trains.");
        }
    }

    private static void CheckExecutor(ExecutorConfig? executor, Action<string, string> fault)
    {
        if (executor is { Name: not ExecutorName.Slurm, Sbatch.Count: > 0 })
        {
            fault("executor.sbatch", $"executor.sbatch is given with executor.name {ConfigNames.OfMember(executor.Name)}, expected it with slurm only.");
        }

        if (executor is not null && executor.Name is ExecutorName.Kubernetes != executor.Template.Length > 0)
        {
            fault("executor.template", executor.Template.Length == 0
                ? "executor.template is missing, expected the JSON of a Job with kubernetes."
                : $"executor.template is given with executor.name {ConfigNames.OfMember(executor.Name)}, expected it with kubernetes only.");
        }
    }

    /// <summary>Servers are named for the engine that asks them, and for no other.</summary>
    internal static void CheckEngine(EngineConfig engine, Action<string, string> fault)
    {
        bool isRemote = engine.Name is EngineName.Remote;
        if (isRemote != engine.Remote.Endpoints.Count > 0)
        {
            fault("engine.endpoints", isRemote
                ? "engine.endpoints is empty, expected the addresses of servers for the engine remote."
                : $"engine.endpoints is given with engine.name {EngineNames.Of(engine.Name)}, expected it with remote only.");
        }

        if (engine.Train is EngineName.Remote)
        {
            fault("engine.train", "engine.train is remote, expected an engine that trains, for example managed.");
        }

        bool isForeign = EngineNames.IsForeign(engine.Kind.Server);
        if (isForeign != engine.Kind.Model is { Length: > 0 })
        {
            fault("engine.model", isForeign
                ? $"engine.model is missing, expected what the servers call the base model (engine.server {ConfigNames.OfMember(engine.Kind.Server!.Value)})."
                : "engine.model is given with engine.server restem, expected it with openai or llama-cpp only.");
        }

        if (!isForeign && (engine.Remote.LoadCommand.Count > 0 || engine.Kind.Reencode is true))
        {
            string key = engine.Kind.Reencode is true ? "engine.reencode" : "engine.load_command";
            fault(key, $"{key} is given with engine.server restem, expected it with openai{(engine.Kind.Reencode is true ? "" : " or llama-cpp")} only.");
        }

        if (engine.Kind is { Server: RemoteServer.LlamaCpp, Reencode: true })
        {
            fault("engine.reencode", "engine.reencode is given with engine.server llama-cpp, expected it with openai only: this one tells token ids.");
        }

        for (int i = 0; i < engine.Remote.Endpoints.Count; i++)
        {
            if (RemoteConfig.AddressFault(engine.Remote.Endpoints[i]) is { } wrong)
            {
                fault($"engine.endpoints.{i}", $"engine.endpoints holds {wrong}");
            }
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

    /// <summary>Problems come from files, from the generator or, where that makes sense, from the training problems.</summary>
    internal static void CheckSource(ProblemSource source, string path, Action<string, string> fault, bool mayShare = false)
    {
        string[] given = [.. source.Files.Count > 0 ? ["files"] : (string[])[], .. source.Generate is null ? [] : (string[])["generate"], .. source.Share is null ? [] : (string[])["share"]];
        if (given.Length != 1)
        {
            fault(path, $"{path} has {(given.Length == 0 ? $"neither files nor generate{(mayShare ? " nor share" : "")}" : $"both {string.Join(" and ", given)}")}, expected one of them.");
        }

        if (source.Share is not null && !mayShare)
        {
            fault($"{path}.share", $"{path}.share is given, expected it for problems.validation and evaluations only.");
        }

        if (source.Generate is { Kinds.Count: 0 })
        {
            fault($"{path}.generate.kinds", $"{path}.generate.kinds is empty, expected at least one of {string.Join(", ", Enum.GetNames<GeneratedKind>().Select(ConfigNames.Of))}.");
        }

        LabelRules.Check(source.Labels, $"{path}.labels", fault);
        RefuseWithoutEffect(source, path, fault);
        for (int file = 0; file < source.Files.Count; file++)
        {
            CheckFields($"{path}.files.{file}", source.Files[file].Fields ?? source.Fields, source.Files[file].Format ?? source.Format, source.Files[file].Task ?? source.Task, fault);
        }
    }

    /// <summary>Problems of one task only from files, and names of fields only from files of one's own.</summary>
    private static void RefuseWithoutEffect(ProblemSource source, string path, Action<string, string> fault)
    {
        string from = source.Share is not null ? "share" : "generate";
        if (source.Files.Count > 0)
        {
            return;
        }

        foreach (var (name, isGiven) in new[]
        {
            ("labels", source.Labels is not null), ("where", source.Where is not null), ("fields", source.Fields is not null), ("format", source.Format != ProblemFormat.Auto), ("task", source.Task is not null && source.Share is not null),
            ("exclude", source.Exclude.Count > 0 && source.Share is not null), ("allow", source.Allow.Count > 0 && source.Share is not null),
        })
        {
            if (isGiven)
            {
                fault($"{path}.{name}", $"{path}.{name} is given with {from}, expected it with files only.");
            }
        }
    }

    private static void CheckFields(string path, FieldNames? fields, ProblemFormat format, TaskKind? task, Action<string, string> fault)
    {
        if (fields is not null && format is not (ProblemFormat.Auto or ProblemFormat.Problems))
        {
            fault(path, $"{path} has names of fields with format {ConfigNames.Of(format.ToString())}, expected them with format problems only: a published form has its own.");
        }

        if (fields is not null && task is TaskKind.Code)
        {
            fault(path, $"{path} has names of fields with task code, expected the forms of docs/program-forms.md.");
        }
    }

    internal static void CheckSampling(SamplingOptions sampling, string path, Action<string, string> fault)
    {
        if (sampling.Fault() is { } found)
        {
            fault($"{path}.{found.Split(' ')[0]}", $"{path}.{found}");
        }
    }

    private static void CheckEvaluation(string name, EvaluationConfig evaluation, Action<string, string> fault)
    {
        string path = $"evaluations.{name}";
        CheckSource(evaluation.Problems, $"{path}.problems", fault, mayShare: true);
        if (name.Length is 0 or > MostNameLength || name is "train" or "validation" or "em" or "e-step" || name.Contains('/', StringComparison.Ordinal))
        {
            fault(path, $"{path[..Math.Min(path.Length, MostNameLength)]} is named '{(name.Length > MostNameLength ? name[..MostNameLength] + "..." : name)}', expected a name of 1 to {MostNameLength} characters without '/' other than train, validation, em and e-step.");
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

        foreach (int k in measure.K.GroupBy(k => k).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            fault($"{path}.measure.k", $"{path}.measure.k holds {k} more than once, expected each once.");
        }
    }
}
