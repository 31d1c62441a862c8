using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A run before it begins: configuration, problems and loop options, all checked.</summary>
public sealed class RunPlan
{
    private RunPlan(RunConfig config, LoopOptions options, RunProblems problems)
    {
        Config = config;
        Options = options;
        Problems = problems;
    }

    /// <summary>The configuration as it was read.</summary>
    public RunConfig Config { get; }

    /// <summary>What the loop needs of it, with absolute paths.</summary>
    public LoopOptions Options { get; }

    /// <summary>The problems, read, checked and disjoint.</summary>
    public RunProblems Problems { get; }

    /// <summary>The run folder, below the current folder.</summary>
    public string Folder => Path.Combine("runs", Config.Name);

    /// <summary>Reads a configuration and everything it names except the model.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, <c>key.path=value</c>.</param>
    /// <exception cref="ConfigException">The configuration, or a problem set that it names, cannot be used.</exception>
    public static RunPlan Read(string path, IReadOnlyList<string> overrides)
    {
        var config = ConfigFile.Read<RunConfig>(path, overrides, RunConfigCheck.Check);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            return new RunPlan(config, Loop(config, home), Load(config, home));
        }
        catch (Exception fault) when (fault is InvalidDataException or FileNotFoundException)
        {
            throw new ConfigException([new ConfigIssue(path, fault.Message)]);
        }
    }

    /// <summary>
    /// What must stay the same for a run to go on: the configuration with every default, and digests of the problems and of the
    /// base model. Engine settings are left out, since they change no result.
    /// </summary>
    public string Identity(PolicyFingerprint baseModel)
    {
        var text = new StringBuilder(ConfigWriter.Write(Config, "engine"));
        text.Append("# inputs, by SHA-256\n");
        text.Append(CultureInfo.InvariantCulture, $"# base model: {baseModel.WeightsSha256}\n");
        text.Append(CultureInfo.InvariantCulture, $"# train: {Digest(Problems.Train)}\n");
        text.Append(CultureInfo.InvariantCulture, $"# validation: {Digest(Problems.Validation)}\n");
        foreach (EvaluationSet set in Problems.Evaluations)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {set.Name}: {Digest(set.Problems)}\n");
        }

        return text.ToString();
    }

    /// <summary>Checks that every prompt of the run fits the base model's context.</summary>
    /// <exception cref="InvalidDataException">Some do not; they are named.</exception>
    public void CheckPrompts(IPolicy model)
    {
        var random = RandomStream.Of(Options.Seed, RandomPurpose.EStep);
        foreach (var problems in Problems.Evaluations.Select(set => set.Problems).Append(Problems.Train).Append(Problems.Validation))
        {
            Prompts.Encode(model, new DrawPlan(default, problems, 1, Options.EStep.Sampling, random, ForBase: true), Options.Prompt);
        }
    }

    private static LoopOptions Loop(RunConfig config, string home) => new()
    {
        Seed = (ulong)config.Seed,
        Iterations = config.Iterations,
        BaseFolder = Path.Combine(home, config.Base),
        Prompt = new PromptOptions
        {
            Template = config.Prompt.Template,
            Separator = config.Prompt.Separator,
            Use = config.Prompt.Use,
            FewShot = FewShot(config.Prompt, home),
        },
        EStep = config.EStep with { Policy = config.EStep.Policy.Length == 0 ? "" : Path.Combine(home, config.EStep.Policy) },
        MStep = config.MStep,
        Validation = config.Validation,
        TrainGapSamples = config.TrainGapSamples,
        VerifierFailureLimit = config.Verifier.FailureLimit,
        VerifierWorkers = Environment.ProcessorCount,
    };

    private static Problem[] FewShot(PromptConfig prompt, string home)
    {
        if (prompt.FewShot.Length == 0)
        {
            return [];
        }

        string path = Path.Combine(home, prompt.FewShot);
        Problem[] examples = [.. ProblemFile.Read(path, new ProblemReadOptions()).Take(prompt.FewShotCount)];
        return examples.Length == prompt.FewShotCount && examples.All(example => example.Solution.Length > 0)
            ? examples
            : throw new InvalidDataException(
                $"{path}: {examples.Count(example => example.Solution.Length > 0)} of the first {prompt.FewShotCount} problems have a solution, expected all (prompt.few_shot_count).");
    }

    private static RunProblems Load(RunConfig config, string home)
    {
        ulong seed = (ulong)config.Seed;
        var train = ProblemSet.Load("train", config.Problems.Train.Under(home), seed);
        var validation = config.Problems.Validation is { } source ? ProblemSet.Load("validation", source.Under(home), seed) : null;
        var evaluations = config.Evaluations.ToDictionary(
            entry => entry.Key, entry => ProblemSet.Load(entry.Key, entry.Value.Problems.Under(home), seed));
        ProblemSet[] heldOut = validation is null ? [.. evaluations.Values] : [validation, .. evaluations.Values];
        ProblemSet.RequireDisjoint(train, heldOut, config.Problems.AllowOverlap);
        return new RunProblems(
            train.Problems,
            validation?.Problems ?? [],
            [.. config.Evaluations.Select(entry => new EvaluationSet(entry.Key, evaluations[entry.Key].Problems, entry.Value.Measure))]);
    }

    private static string Digest(IReadOnlyList<Problem> problems)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Problem problem in problems)
        {
            foreach (string part in (string[])[problem.Id, problem.Prompt, problem.Reference, problem.Solution])
            {
                hash.AppendData(Encoding.UTF8.GetBytes(part));
                hash.AppendData([0]);
            }
        }

        return $"{problems.Count} problems {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
