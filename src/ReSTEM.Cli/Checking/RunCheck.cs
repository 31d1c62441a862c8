using System.Collections.Concurrent;
using ReSTEM.Core;
using ReSTEM.Runs;
using static ReSTEM.Cli.CheckOutput;

namespace ReSTEM.Cli;

/// <summary>Checks a configuration of <c>restem run</c>.</summary>
internal static class RunCheck
{
    private const int PromptsShown = 3;
    private const int MostTestsTried = 200;

    /// <exception cref="ConfigException">The configuration or a problem set cannot be used.</exception>
    /// <exception cref="UsageException">A model cannot be used with it.</exception>
    /// <exception cref="InvalidOperationException">The machine has not what the run needs.</exception>
    internal static async Task RunAsync(string path, string[] overrides, CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        var read = RunPlan.Read(path, overrides, watch);
        Line("config", $"{path}: run '{read.Config.Name}', seed {read.Config.Seed}, {read.Config.Iterations} iterations");
        Sources(path, overrides);
        await RunAsync(read, watch, cancellationToken);
    }

    /// <summary>The same, of a plan that was read.</summary>
    /// <exception cref="UsageException">As above.</exception>
    /// <exception cref="InvalidOperationException">As above.</exception>
    internal static async Task RunAsync(RunPlan read, LoadWatch watch, CancellationToken cancellationToken)
    {
        ChosenEngine chosen = await TrainerWiring.CreateAsync(read.Config, cancellationToken);
        IEngine engine = chosen.Engine;
        Engine(chosen);
        var prepared = Preparation.Of(read, engine, watch);
        RunPlan plan = prepared.Plan;
        Model(plan.Config.Base, prepared.Model);
        if (prepared.Options.Teacher is { } teacher)
        {
            Line("policy", Text($"{plan.Config.EStep.Policy}: {engine.Describe(teacher).ParameterCount:N0} parameters, sampled in place of the run's own"));
        }

        if (plan.Executor is { } executor)
        {
            Line("executor", ExecutorWiring.Describe(executor));
        }

        ShowProblems(prepared);
        Prompts(prepared.Model, plan.Drawing.Prompt, plan.Problems.Train.Take(PromptsShown));
        Memory(chosen, prepared.Memory, prepared.MemoryRemedy);
        foreach (PolicyRef model in prepared.Options.Teacher is { } other ? [prepared.Options.Base, other] : new[] { prepared.Options.Base })
        {
            engine.Open(model).Dispose(); // the weights themselves can be read, now that they are known to fit
        }

        // policies, and the trainer's state: values, two moments, the best epoch
        long epochs = plan.Config.MStep.Trainer is null ? 0 : plan.Config.MStep.Epochs; // another program's lie on disk until the best is known
        Disk((plan.Config.Iterations + epochs + 5L) * (prepared.Memory?.Trained ?? (prepared.Model.ParameterCount * sizeof(float))));
        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        Line("verifiers", string.Join(", ", plan.Problems.All.Select(problem => problem.Task).Distinct().Order().Select(task => task.ToString().ToLowerInvariant())) + ": ready");
        await TryTestsAsync(plan, verifiers, cancellationToken);
    }

    private static void ShowProblems(Preparation prepared)
    {
        RunPlan plan = prepared.Plan;
        var sets = plan.Problems.Evaluations.Select(set => Text($"{set.Name} {set.Problems.Count:N0}"))
            .Prepend(Text($"validation {plan.Problems.Validation.Count:N0}"))
            .Prepend(Text($"train {plan.Problems.Train.Count:N0}"));
        Line("problems", string.Join(", ", sets) + "; no training problem is held out elsewhere");
        foreach (string line in prepared.LeftOut)
        {
            Line("left out", line);
        }

        foreach (EvaluationSet set in plan.Problems.Evaluations)
        {
            ShowNear("training problems", plan.Problems.Train, set);
            ShowNear("few-shot examples", plan.Drawing.Prompt.FewShot, set);
        }

        int systems = plan.Problems.All.Count(problem => problem.Metadata.TryGetValue("system", out string? system) && system != plan.Config.Prompt.System);
        if (systems > 0)
        {
            Line("note", Text($"{systems:N0} problems bring a system turn that the model is not given; prompt.system says what the system says"));
        }

        int room = prepared.Model.ContextLength - prepared.Fit.Longest;
        int most = plan.Config.EStep.Sampling.MaxTokens;
        Line("prompts", Text($"longest {prepared.Fit.Longest} tokens, {room} left for a completion (e_step.sampling.max_tokens {most})"));
        if (most > room)
        {
            Line("note", Text($"the completions of long prompts end at the context after {room} tokens, before max_tokens ({most})"));
        }

        Line("e-step", Text($"{(long)plan.Problems.Train.Count * plan.Config.EStep.Samples:N0} samples an iteration"));
        if (plan.Config.MStep.Objective?.Mixup is { } mixup)
        {
            Line("m-step", mixup.Confidence is ConfidenceSource.Reference
                ? Text($"sftmix; before it a reference run of {mixup.Checkpoints ?? plan.Config.MStep.Epochs} epochs, to know which examples to mix")
                : "sftmix; before it the policies that are there are asked which examples to mix");
        }

    }

    /// <summary>Problems that may have been copied; those made from one pattern look like it, so that they are for a person to judge.</summary>
    private static void ShowNear(string what, IReadOnlyList<Problem> problems, EvaluationSet set)
    {
        var near = NearDuplicates.Find(problems, set.Problems);
        if (near.Count == 0)
        {
            return;
        }

        NearDuplicate example = near.FirstOrDefault(pair => pair.IsSameText) ?? near[0];
        Line("overlap", Text($"{near.Count:N0} of {problems.Count:N0} {what} are near a problem of {set.Name}: {near.Count(pair => pair.IsSameText):N0} have the same text but for punctuation, the others {NearDuplicates.Words} words in a row; for example '{example.First.Id}' and '{example.Second.Id}'"));
    }

    /// <summary>Tries the tests of code problems, of many problems some from all over them: no reward comes of tests that accept anything.</summary>
    private static async Task TryTestsAsync(RunPlan plan, Verifiers verifiers, CancellationToken cancellationToken)
    {
        List<Problem> code = [.. plan.Problems.All.Where(problem => problem.Task is TaskKind.Code)];
        if (code.Count == 0)
        {
            return;
        }

        int tried = Math.Min(code.Count, MostTestsTried);
        var faults = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, tried, cancellationToken, async (index, token) =>
        {
            Problem problem = code[(int)((long)index * code.Count / tried)];
            if (await verifiers.FaultOfTestsAsync(problem, token) is { } fault)
            {
                string details = string.Join(", ", fault.Evidence.Select(detail => $"{detail.Key} {detail.Value.ReplaceLineEndings(" ")}"));
                faults.Add($"'{problem.Id}' is of no use: {fault.Reason} ({details}); name it under exclude.");
            }
        });
        ProblemFaults.Throw($"tests that cannot be used, of {tried} tried", [.. faults.Order(StringComparer.Ordinal)]);
        Line("tests", Text($"{tried:N0} of {code.Count:N0} code problems tried, none accepts anything"));
    }
}
