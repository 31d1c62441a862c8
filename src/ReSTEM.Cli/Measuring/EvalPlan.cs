using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>An evaluation before it begins.</summary>
/// <param name="Models">Folders of one model, or of two to compare; or files of samples.</param>
/// <param name="Sets">What is measured.</param>
/// <param name="Prompt">How a problem becomes a prompt.</param>
/// <param name="Verifier">How answers are judged.</param>
/// <param name="Seed">Keys the random numbers.</param>
/// <param name="Given">The samples of the files in <paramref name="Models"/>; empty where models draw them.</param>
internal sealed record EvalPlan(
    IReadOnlyList<string> Models, IReadOnlyList<EvaluationSet> Sets, PromptOptions Prompt, VerifierConfig Verifier, ulong Seed,
    IReadOnlyList<GivenSamples> Given)
{
    /// <summary>What computes the models.</summary>
    internal EngineConfig Engine { get; init; } = new();

    /// <summary>What every draw has in common.</summary>
    internal DrawingOptions Drawing => new()
    {
        Prompt = Prompt,
        VerifierFailureLimit = Verifier.FailureLimit,
        VerifierWorkers = Environment.ProcessorCount,
    };

    /// <summary>The evaluation sets of a run configuration; every set is measured, whatever its <c>at</c>.</summary>
    /// <param name="path">The configuration.</param>
    /// <param name="overrides">Of its keys.</param>
    /// <param name="model">In place of its base model; null for that.</param>
    /// <param name="compare">A second model; null for none.</param>
    /// <param name="over">The engine that is asked for, where the configuration has one.</param>
    internal static EvalPlan FromConfig(string path, string[] overrides, string? model, string? compare, Func<EngineConfig, EngineConfig> over)
    {
        RunPlan read = RunPlan.Read(path, overrides);
        EngineConfig engine = over(read.Config.Engine);
        var plan = Fitted(read, model, compare, engine);
        return plan.Problems.Evaluations.Count > 0
            ? new EvalPlan(
                Both(model ?? plan.BaseFolder, compare), plan.Problems.Evaluations, plan.Drawing.Prompt, plan.Verifier, plan.Seed, [])
            { Engine = engine }
            : throw new UsageException($"{path} has no evaluations, expected at least one set; or give --model and --problems.");
    }

    /// <summary>Leaves out what the configuration says may be left out, for the models that are measured.</summary>
    private static RunPlan Fitted(RunPlan plan, string? model, string? compare, EngineConfig config)
    {
        if (plan.Config.Problems.OnLongPrompt is not LongPrompt.Skip)
        {
            return plan;
        }

        IEngine engine = EngineWiring.Create(config, trains: false).Engine;
        var (fitted, fit) = plan.FittedTo([.. Both(model ?? plan.BaseFolder, compare).Select(folder => engine.Describe(engine.Resolve(folder)))], LoadWatch.None);
        foreach (string line in fit.Lines(plan.Problems))
        {
            Console.Error.WriteLine(line);
        }

        return fitted;
    }

    /// <summary>Problem sets that a model is measured on.</summary>
    internal static EvalPlan FromFiles(
        string model, string? compare, IReadOnlyList<ProblemSet> sets, EvaluationOptions measure, PromptOptions prompt, VerifierConfig verifier, ulong seed) =>
        new(Both(model, compare), [.. sets.Select(set => new EvaluationSet(set.Name, set.Problems, measure))], prompt, verifier, seed, []);

    /// <summary>Problem sets that given samples are measured on, without a model.</summary>
    /// <param name="file">Of samples.</param>
    /// <param name="compare">Another one; null for none.</param>
    /// <param name="sets">The problems.</param>
    /// <param name="k">Every k to report, given the samples of the problem that has fewest.</param>
    /// <param name="verifier">How answers are judged.</param>
    /// <param name="seed">Keys the random numbers.</param>
    /// <exception cref="UsageException">A file cannot be read, or a problem is in two sets.</exception>
    /// <exception cref="InvalidDataException">Rows are bad, or a problem has no sample.</exception>
    internal static EvalPlan FromSamples(
        string file, string? compare, IReadOnlyList<ProblemSet> sets, Func<int, int[]> k, VerifierConfig verifier, ulong seed)
    {
        var problems = new Dictionary<string, Problem>(StringComparer.Ordinal);
        foreach (Problem problem in sets.SelectMany(set => set.Problems))
        {
            if (!problems.TryAdd(problem.Id, problem))
            {
                throw new UsageException($"the problem '{problem.Id}' is in two sets of --problems, expected it in one: its samples could be of either.");
            }
        }

        string[] files = Both(file, compare);
        GivenSamples[] given = [.. files.Select(path => GivenSamples.Read(path, problems))];
        var measured = sets.Select(set =>
        {
            var counts = given.Select(samples => samples.Counts(set.Problems)).ToList();
            return new EvaluationSet(set.Name, set.Problems, new EvaluationOptions
            {
                Samples = counts.Max(count => count.Most),
                K = k(counts.Min(count => count.Fewest)),
                Greedy = false,
            });
        });
        return new EvalPlan([.. files.Select(InputText.NameOf)], [.. measured], new PromptOptions(), verifier, seed, given);
    }

    /// <summary>Checks that every model can be used, and that every prompt fits it.</summary>
    /// <exception cref="UsageException">One cannot.</exception>
    internal void RequireUsable(IEngine engine)
    {
        for (int m = 0; m < (Given.Count > 0 ? 0 : Models.Count); m++)
        {
            bool isFirst = m == 0;
            var (_, info) = Cli.Given.Model(engine, isFirst ? "--model" : "--compare", Models[m]);
            foreach (EvaluationSet set in Sets)
            {
                Cli.Given.Read($"'{Models[m]}' on the problems {set.Name}", () => Prompts.Encode(info, set.Problems, Prompt, isUntrained: isFirst));
                if (Cli.Given.Read($"'{Models[m]}'", () => new LabelEncoder(info, Prompt, isFirst).RoomFault(set.Problems, set.Options.Sampling.MaxTokens)) is { } fault)
                {
                    throw new UsageException($"{set.Name}: {fault}");
                }
            }
        }
    }

    /// <summary>What must be the same for an interrupted evaluation to go on.</summary>
    internal RunIdentity Identity(IEngine engine, IVerifier verifier)
    {
        var identity = RunIdentity.Empty
            .With("seed", Seed.ToString(CultureInfo.InvariantCulture))
            .With("verifier.", Settings.ThatChangeResults(Verifier))
            .With(verifier, Sets.SelectMany(set => set.Problems));
        identity = Given.Count > 0
            ? Given.Index().Aggregate(identity, (all, samples) => all.With($"samples {samples.Index + 1}", samples.Item.Fingerprint.WeightsSha256))
            : WithModels(identity, engine);
        return Sets.Aggregate(identity, (all, set) => all
            .With($"problems {set.Name}", set.Problems)
            .With($"evaluations.{set.Name}.", Settings.ThatChangeResults(set.Options)));
    }

    private RunIdentity WithModels(RunIdentity identity, IEngine engine)
    {
        identity = identity
            .With("prompt.template", Prompt.Template)
            .With("prompt.separator", Prompt.Separator)
            .With("prompt.use", Prompt.Use.ToString())
            .With("problems few-shot", Prompt.FewShot)
            .With(engine.Fingerprint);
        for (int model = 0; model < Models.Count; model++)
        {
            PolicyRef policy = engine.Resolve(Models[model]);
            ModelInfo info = engine.Describe(policy);
            identity = identity.With($"model {model + 1}", policy, info);
            identity = Prompt.Chat is { } used ? identity.With($"model {model + 1} prompt.chat_template", used.DigestFor(info)) : identity;
        }

        return Prompt.Chat is { } chat
            ? identity.With("prompt.system", chat.System).With("prompt.date", chat.Date?.ToString("O", CultureInfo.InvariantCulture) ?? "")
            : identity;
    }

    private static string[] Both(string model, string? compare) => compare is null ? [model] : [model, compare];
}
