using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A run before it begins: configuration and problems, all read and checked.</summary>
public sealed class RunPlan
{
    private const string ProblemsPrefix = "problems ";

    private readonly string _home;

    private RunPlan(RunConfig config, string home, PromptOptions prompt, RunProblems problems)
    {
        (Config, _home) = (config, home);
        Folder = Path.Combine("runs", config.Name);
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

    private RunPlan(RunPlan other, RunProblems problems, string folder)
    {
        (Config, _home, BaseFolder, TeacherFolder, Drawing) = (other.Config, other._home, other.BaseFolder, other.TeacherFolder, other.Drawing);
        (Problems, Folder) = (problems, folder);
    }

    /// <summary>The configuration as it was read.</summary>
    public RunConfig Config { get; }

    /// <summary>Folder of the base model.</summary>
    public string BaseFolder { get; }

    /// <summary>Folder of the model that is sampled in place of the run's own policies; empty for self-training.</summary>
    public string TeacherFolder { get; }

    /// <summary>How answers are judged, its places as they are from here.</summary>
    public VerifierConfig Verifier => Config.Verifier.Annotators is not { } annotators ? Config.Verifier : Config.Verifier with
    {
        Annotators = [.. annotators.Select(annotator => annotator.Judge is not { } judge ? annotator
            : annotator with { Judge = judge with { Model = Path.Combine(_home, judge.Model) } })],
    };

    /// <summary>Who draws, its places as they are from here; null for the run itself.</summary>
    public ExecutorConfig? Executor => Config.Executor is { Template.Length: > 0 } named ? named with { Template = Path.Combine(_home, named.Template) } : Config.Executor;

    /// <summary>What every draw has in common.</summary>
    public DrawingOptions Drawing { get; }

    /// <summary>The problems, read, checked and disjoint.</summary>
    public RunProblems Problems { get; }

    /// <summary>The run's seed.</summary>
    public ulong Seed => (ulong)Config.Seed;

    /// <summary>The run folder, below the current folder.</summary>
    public string Folder { get; }

    /// <summary>The configuration with every default, for the run folder: relative paths begin there, so that the run can be read again by itself.</summary>
    public string ResolvedConfig => RunFolder.ResolvedConfigHeader + ConfigWriter.Write(Config, place =>
        Path.IsPathRooted(place) ? place : Path.GetRelativePath(Path.GetFullPath(Folder), Path.Combine(_home, place)));

    /// <summary>Reads a configuration and everything it names except the models.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, <c>key.path=value</c>.</param>
    /// <exception cref="ConfigException">The configuration, or a problem set that it names, cannot be used.</exception>
    public static RunPlan Read(string path, IReadOnlyList<string> overrides) => Read(path, overrides, LoadWatch.None);

    /// <summary>The same, watched.</summary>
    /// <exception cref="ConfigException">As above.</exception>
    /// <exception cref="OperationCanceledException">The plan is no longer wanted.</exception>
    public static RunPlan Read(string path, IReadOnlyList<string> overrides, LoadWatch watch)
    {
        var (config, placeOf) = ConfigFile.ReadPlaced<RunConfig>(path, overrides, RunConfigRules.Apply);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            RunProblems problems = new RunProblemLoader(config, home, placeOf, watch).Load();
            PromptOptions prompt = config.Prompt.Read(home);
            Contamination.RefuseExamples(prompt.FewShot, problems.Evaluations, config.Problems.AllowOverlap);
            return new RunPlan(config, home, prompt, problems);
        }
        catch (InvalidDataException fault)
        {
            throw new ConfigException([new ConfigIssue(placeOf("prompt"), $"prompt: {fault.Message}")]);
        }
    }

    /// <summary>The plan with the problems whose prompts fit the models, and what is left out.</summary>
    /// <param name="models">The base model, and the one that is sampled in its place, if any.</param>
    /// <param name="watch">Watches.</param>
    /// <exception cref="InvalidDataException">Prompts do not fit and may not be left out; they are named.</exception>
    public (RunPlan Plan, PromptFit Fit) FittedTo(IReadOnlyList<ModelInfo> models, LoadWatch watch)
    {
        var fit = new PromptFit(models, Drawing.Prompt, watch);
        RunProblems problems = fit.Of(Problems, Config.Problems.OnLongPrompt ?? LongPrompt.Error);
        return (new RunPlan(this, problems, Folder), fit);
    }

    /// <summary>The plan for another run folder.</summary>
    public RunPlan In(string folder) => new(this, Problems, folder);

    /// <summary>What the loop needs, with the models named by content.</summary>
    /// <exception cref="InvalidDataException">A model folder cannot be used.</exception>
    public LoopOptions Options(IEngine engine) => OptionsOf(engine.Resolve);

    /// <summary>The same for whoever looks at the run and opens no model: models are named by place alone, and need not be there.</summary>
    public LoopOptions OptionsToLook => OptionsOf(folder => new PolicyRef(folder, ""));

    /// <summary>What of the problems is not as an identity says, by name.</summary>
    public IReadOnlyList<(string Name, string? Before, string? Now)> Differences(RunIdentity origin) => WithProblems(RunIdentity.Empty)
        .Differences(RunIdentity.Of(origin.Parts.Where(part => part.Key.StartsWith(ProblemsPrefix, StringComparison.Ordinal))));

    /// <summary>Whether an identity is of a run with these settings and problems; models, engines and verifiers are not looked at.</summary>
    public bool IsOf(RunIdentity origin) => Differences(origin).Count == 0 && Settings.ThatChangeResults(Config)
        .All(setting => origin.Parts.GetValueOrDefault(setting.Key) == setting.Value);

    private LoopOptions OptionsOf(Func<string, PolicyRef> resolve) => new()
    {
        Seed = Seed,
        Iterations = Config.Iterations,
        Base = resolve(BaseFolder),
        Teacher = TeacherFolder.Length == 0 ? null : resolve(TeacherFolder),
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
            .With("base", options.Base, engine.Describe(options.Base));
        identity = options.Teacher is { } teacher ? identity.With("teacher", teacher, engine.Describe(teacher)) : identity;
        identity = Drawing.Prompt.Chat is { } chat ? identity.With("prompt.chat_template", chat.DigestFor(engine.Describe(options.Base))) : identity;
        identity = Drawing.Prompt.Chat is { } asked && options.Teacher is { } other
            ? identity.With("teacher prompt.chat_template", asked.DigestFor(engine.Describe(other)))
            : identity;
        return WithProblems(identity).With(verifier, Problems.All);
    }

    private RunIdentity WithProblems(RunIdentity identity) => Problems.Evaluations.Aggregate(
        identity
            .With(ProblemsPrefix + "few-shot", Drawing.Prompt.FewShot)
            .With(ProblemsPrefix + "train", Problems.Train)
            .With(ProblemsPrefix + "validation", Problems.Validation),
        (all, set) => all.With(ProblemsPrefix + set.Name, set.Problems));
}
