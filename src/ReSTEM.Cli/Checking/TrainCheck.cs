using ReSTEM.Core;
using ReSTEM.Pretraining;
using ReSTEM.Runs;
using static ReSTEM.Cli.CheckOutput;

namespace ReSTEM.Cli;

/// <summary>Checks a configuration of <c>restem train</c>.</summary>
internal static class TrainCheck
{
    private const int PromptsShown = 3;

    /// <exception cref="ConfigException">The configuration or a problem set cannot be used.</exception>
    /// <exception cref="UsageException">The model cannot be used with it.</exception>
    /// <exception cref="InvalidOperationException">The machine has not what the training needs.</exception>
    internal static void Run(string path, string[] overrides, CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        TrainPlan plan = TrainPlan.Read(path, overrides, watch);
        TrainConfig config = plan.Config;
        Line("config", $"{path}: training '{config.Name}', seed {config.Seed}, {config.Stages.Count} stages");
        Sources(path, overrides);
        for (int stage = 0; stage < config.Stages.Count; stage++)
        {
            TrainStage one = config.Stages[stage];
            Line($"stage {stage + 1}", (one.Corpus is { } corpus ? Text($"{corpus.Tokens:N0} tokens of corpus {corpus.Name}") : Text($"{plan.Problems[stage].Count:N0} problems"))
                + Text($", {one.Epochs} epochs, {one.Optimizer.BatchSequences} sequences a step"));
        }

        ChosenEngine chosen = EngineWiring.Create(config.Engine, trains: true);
        IEngine engine = chosen.Engine;
        Engine(chosen);
        if (config.Base.Length == 0)
        {
            Line("model", "random weights; the tokenizer is trained first");
            return;
        }

        CheckModel(plan, chosen, watch);
        if (config.CompareWith.Length > 0)
        {
            Using("compare_with", config.CompareWith, () => engine.Resolve(Path.Combine(plan.Home, config.CompareWith)));
        }
    }

    private static void CheckModel(TrainPlan plan, ChosenEngine chosen, LoadWatch watch)
    {
        IEngine engine = chosen.Engine;
        TrainConfig config = plan.Config;
        PolicyRef start = Using("base", config.Base, () => engine.Resolve(Path.Combine(plan.Home, config.Base)));
        ModelInfo model = Using("base", config.Base, () => engine.Describe(start));
        Model(config.Base, model);
        var options = new PromptOptions { Template = config.Prompt.Template, Chat = config.Prompt.Chat(plan.Home) };
        Problem[] problems = [.. plan.Problems.SelectMany(set => set)];
        int longest = 1;
        if (problems.Length > 0)
        {
            var fit = new PromptFit([model], options, watch);
            Using("base", config.Base, () => fit.Of(new RunProblems(problems, [], []), LongPrompt.Error));
            ProblemFaults.Throw("problems without a solution, expected one for every problem of restem train", [.. problems.Where(problem => problem.Solution.Length == 0).Select(problem => $"'{problem.Id}'")]);
            longest = fit.Longest;
            Line("prompts", Text($"longest {longest} tokens of a context of {model.ContextLength}"));
            Prompts(model, options, problems.Take(PromptsShown));
        }

        bool mixes = config.Stages.Any(stage => stage.Objective?.Mixup is not null);
        var needs = engine.MemoryOf(start, new MemoryUse
        {
            PromptLength = longest,
            CompletionLength = Math.Max(1, problems.Select(problem => model.Encode(problem.Solution, addSpecialTokens: false).Length).DefaultIfEmpty(1).Max()),
            SamplesPerPrompt = 1,
            Optimizer = config.Stages.MaxBy(stage => stage.Optimizer.Speed.MicroBatchTokens)!.Optimizer,
            Adapter = null,
            Validates = mixes,
            Mixes = mixes,
        });
        Memory(chosen, needs, "recompute activations (optimizer.recompute_activations), or use a smaller model");
        engine.Open(start).Dispose();
        Disk((config.Stages.Count + 4L) * model.ParameterCount * sizeof(float));
    }

    private static T Using<T>(string key, string name, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception fault) when (fault is InvalidDataException or NotSupportedException or EngineException)
        {
            throw new UsageException($"{key} '{name}' cannot be used: {fault.Message}");
        }
    }
}
