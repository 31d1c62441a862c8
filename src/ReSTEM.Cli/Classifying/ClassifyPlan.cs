using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A classification before it begins: models, and the sets of a run configuration whose problems have labels.</summary>
/// <param name="Models">Folders, one or two; null is the base model of the configuration.</param>
/// <param name="Plan">The configuration and its problems.</param>
/// <param name="Engine">What computes.</param>
internal sealed record ClassifyPlan(IReadOnlyList<string?> Models, RunPlan Plan, IEngine Engine)
{
    private IEnumerable<(string Name, IReadOnlyList<Problem> Problems)> Sets =>
        Plan.Problems.Evaluations.Select(set => (set.Name, set.Problems)).Prepend(("validation", Plan.Problems.Validation))
            .Where(set => set.Item2.Count > 0);

    /// <summary>What the models give the labels of all sets.</summary>
    /// <exception cref="UsageException">No set has labels, or one has problems of another task.</exception>
    internal ClassResults Measure(Action<string> tell, CancellationToken cancellationToken)
    {
        RefuseOthers();
        PromptedModel[] models = [.. Models.Select(Open)];
        try
        {
            var sets = Sets.Select(set => (set.Name, Problems: Fitting(set.Name, set.Problems, models, tell))).ToList();
            var predicted = new List<ClassifiedSet>();
            foreach (var (name, problems) in sets)
            {
                tell($"{name}: {problems.Count} problems");
                predicted.Add(new ClassifiedSet(
                    name, [.. models.Select(model => (IReadOnlyList<LabelPrediction>)[.. model.Scorer.Predict(problems, cancellationToken)])],
                    problems.Average(problem => ProbabilityScores.Entropy(problem.Target!.Distribution))));
            }

            ClassifiedSet? validation = predicted.FirstOrDefault(set => set.Name == "validation");
            return new ClassResults(
                [.. models.Select(model => model.Folder)], validation is null ? [] : [.. validation.Models.Select(Fit)],
                [.. predicted.Where(set => set != validation)], Plan.Seed);
        }
        finally
        {
            Array.ForEach(models, model => model.Policy.Dispose());
        }
    }

    private static FittedTemperature Fit(IReadOnlyList<LabelPrediction> predictions) => new(
        TemperatureScaling.Fit(predictions, one => ProbabilityScores.OneHot(one.Target.Hard, one.LogProbabilities.Count)),
        TemperatureScaling.Fit(predictions, one => one.Target.Distribution));

    /// <summary>The problems that fit all models with all their labels; the others are left out where the configuration says so.</summary>
    private IReadOnlyList<Problem> Fitting(string name, IReadOnlyList<Problem> problems, PromptedModel[] models, Action<string> tell)
    {
        Problem[] fitting = [.. problems.Where(problem => models.All(model => model.Encoder.Fits(model.Encoder.Of(problem))))];
        if (fitting.Length == problems.Count)
        {
            return problems;
        }

        string what = $"{name}: {problems.Count - fitting.Length} of {problems.Count} problems are longer than the context with their longest label";
        if (Plan.Config.Problems.OnLongPrompt is not LongPrompt.Skip || fitting.Length == 0)
        {
            throw new InvalidDataException($"{what}, expected {(fitting.Length == 0 ? "some" : "all")} to fit; leave them out (problems.on_long_prompt: skip) or use another model.");
        }

        tell($"{what}, and are left out");
        return fitting;
    }

    private void RefuseOthers()
    {
        if (Plan.Problems.Evaluations.Count == 0)
        {
            throw new UsageException("the configuration has no evaluations, expected at least one set of problems with labels.");
        }

        foreach (var (name, problems) in Sets)
        {
            if (problems.FirstOrDefault(problem => problem.Target is null) is { } other)
            {
                throw new UsageException($"'{other.Id}' of {name} is of task {other.Task.ToString().ToLowerInvariant()}, expected classify: its answer is not one of a set of labels.");
            }

            LabelTarget first = problems[0].Target!;
            if (problems.FirstOrDefault(problem => !problem.Target!.Labels.SequenceEqual(first.Labels)) is { } differs)
            {
                throw new UsageException(
                    $"the labels of '{differs.Id}' of {name} are {string.Join(", ", differs.Target!.Labels)}, expected those of '{problems[0].Id}', {string.Join(", ", first.Labels)}.");
            }
        }
    }

    private PromptedModel Open(string? folder) => Given.Read($"model '{folder ?? Plan.BaseFolder}'", () =>
    {
        PolicyRef named = Engine.Resolve(folder ?? Plan.BaseFolder);
        ModelInfo model = Engine.Describe(named);
        var encoder = new LabelEncoder(model, Plan.Drawing.Prompt, isUntrained: folder is null);
        IPolicy policy = Engine.Open(named);
        return new PromptedModel(named.Folder, policy, encoder, new LabelScorer(policy, encoder));
    });

    private sealed record PromptedModel(string Folder, IPolicy Policy, LabelEncoder Encoder, LabelScorer Scorer);
}
