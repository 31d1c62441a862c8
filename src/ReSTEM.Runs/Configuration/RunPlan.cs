using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A run before it begins: configuration and problems, all read and checked.</summary>
public sealed class RunPlan
{
    private RunPlan(RunConfig config, string home, PromptOptions prompt, RunProblems problems)
    {
        Config = config;
        BaseFolder = Path.Combine(home, config.Base);
        TeacherFolder = config.EStep.Policy.Length == 0 ? "" : Path.Combine(home, config.EStep.Policy);
        Drawing = new DrawingOptions
        {
            Prompt = prompt,
            VerifierFailureLimit = config.Verifier.FailureLimit,
            VerifierWorkers = Environment.ProcessorCount,
        };
        Problems = problems;
    }

    /// <summary>The configuration as it was read.</summary>
    public RunConfig Config { get; }

    /// <summary>Folder of the base model.</summary>
    public string BaseFolder { get; }

    /// <summary>Folder of the model that is sampled in place of the run's own policies; empty for self-training.</summary>
    public string TeacherFolder { get; }

    /// <summary>What every draw has in common.</summary>
    public DrawingOptions Drawing { get; }

    /// <summary>The problems, read, checked and disjoint.</summary>
    public RunProblems Problems { get; }

    /// <summary>The run's seed.</summary>
    public ulong Seed => (ulong)Config.Seed;

    /// <summary>The run folder, below the current folder.</summary>
    public string Folder => Path.Combine("runs", Config.Name);

    /// <summary>Reads a configuration and everything it names except the model.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, <c>key.path=value</c>.</param>
    /// <exception cref="ConfigException">The configuration, or a problem set that it names, cannot be used.</exception>
    public static RunPlan Read(string path, IReadOnlyList<string> overrides)
    {
        var config = ConfigFile.Read<RunConfig>(path, overrides, RunConfigRules.Apply);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            return new RunPlan(config, home, config.Prompt.Read(home), Load(config, home));
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
        {
            throw new ConfigException([new ConfigIssue(path, fault.Message)]);
        }
    }

    /// <summary>What the loop needs, with the models named by content.</summary>
    /// <exception cref="InvalidDataException">A model folder cannot be used.</exception>
    public LoopOptions Options(IEngine engine) => new()
    {
        Seed = Seed,
        Iterations = Config.Iterations,
        Base = engine.Resolve(BaseFolder),
        Teacher = TeacherFolder.Length == 0 ? null : engine.Resolve(TeacherFolder),
        Drawing = Drawing,
        EStep = Config.EStep,
        MStep = Config.MStep,
        Validation = Config.Validation,
        TrainGapSamples = Config.TrainGapSamples,
    };

    /// <summary>What must stay the same for the run to go on.</summary>
    /// <param name="engine">Computes the models.</param>
    /// <param name="options">Of the same engine.</param>
    /// <param name="verifier">Judges the problems.</param>
    public RunIdentity Identity(IEngine engine, LoopOptions options, IVerifier verifier)
    {
        var identity = RunIdentity.Empty
            .With("", Settings.ThatChangeResults(Config))
            .With(engine.Fingerprint)
            .With("base", options.Base, engine.Describe(options.Base))
            .With("problems few-shot", Drawing.Prompt.FewShot)
            .With("problems train", Problems.Train)
            .With("problems validation", Problems.Validation);
        identity = options.Teacher is { } teacher ? identity.With("teacher", teacher, engine.Describe(teacher)) : identity;
        identity = Drawing.Prompt.Chat is { } chat ? identity.With("prompt.chat_template", chat.DigestFor(engine.Describe(options.Base))) : identity;
        identity = Drawing.Prompt.Chat is { } asked && options.Teacher is { } other
            ? identity.With("teacher prompt.chat_template", asked.DigestFor(engine.Describe(other)))
            : identity;
        identity = Problems.Evaluations.Aggregate(identity, (all, set) => all.With($"problems {set.Name}", set.Problems));
        return identity.With(verifier, Problems.All);
    }

    /// <summary>Checks that every prompt of the run fits the base model's context.</summary>
    /// <exception cref="InvalidDataException">Some do not; they are named.</exception>
    public void RequirePromptsToFit(ModelInfo model)
    {
        foreach (var problems in Problems.Evaluations.Select(set => set.Problems).Append(Problems.Train).Append(Problems.Validation))
        {
            Prompts.Encode(model, problems, Drawing.Prompt, isUntrained: true);
        }
    }

    private static RunProblems Load(RunConfig config, string home)
    {
        ulong seed = (ulong)config.Seed;
        var train = ProblemSet.Load("train", config.Problems.Train.Under(home), seed);
        var validation = config.Problems.Validation is { } source ? ProblemSet.Load("validation", source.Under(home), seed) : null;
        var evaluations = config.Evaluations.ToDictionary(
            entry => entry.Key, entry => ProblemSet.Load(entry.Key, entry.Value.Problems.Under(home), seed));
        ProblemSet[] heldOut = validation is null ? [.. evaluations.Values] : [validation, .. evaluations.Values];
        Contamination.Refuse(train, heldOut, config.Problems.AllowOverlap);
        return new RunProblems(
            train.Problems,
            validation?.Problems ?? [],
            [.. config.Evaluations.Select(entry => new EvaluationSet(entry.Key, evaluations[entry.Key].Problems, entry.Value.Measure))]);
    }
}
