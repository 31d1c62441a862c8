using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A synthesis before it begins: configuration and real texts, all read and checked.</summary>
public sealed class SynthPlan
{
    private readonly string _home;

    private SynthPlan(SynthConfig config, string home, SynthesisOptions options) => (Config, _home, Options) = (config, home, options);

    /// <summary>The configuration as it was read.</summary>
    public SynthConfig Config { get; }

    /// <summary>What is asked of the generator.</summary>
    public SynthesisOptions Options { get; }

    /// <summary>Zero-shot, or few-shot where real texts are shown.</summary>
    public string Way => SyntheticFile.WayOf(Options);

    /// <summary>Folder of the generator.</summary>
    public string GeneratorFolder => Path.GetFullPath(Path.Combine(_home, Config.Generator));

    /// <summary>Folder of the model whose embeddings tell how different texts are; empty for none.</summary>
    public string EmbedderFolder => Config.Embedder.Length == 0 ? "" : Path.GetFullPath(Path.Combine(_home, Config.Embedder));

    /// <summary>The run folder, below the current folder.</summary>
    public string Folder => Path.Combine("runs", Config.Name);

    /// <summary>The configuration with every default, for the run folder: relative paths begin there.</summary>
    public string ResolvedConfig => RunFolder.ResolvedConfigHeader + ConfigWriter.Write(Config, place =>
        Path.IsPathRooted(place) ? place : Path.GetRelativePath(Path.GetFullPath(Folder), Path.Combine(_home, place)));

    /// <summary>Reads a configuration and everything it names except the model.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, <c>key.path=value</c>.</param>
    /// <exception cref="ConfigException">The configuration, or a file that it names, cannot be used.</exception>
    public static SynthPlan Read(string path, IReadOnlyList<string> overrides)
    {
        var (config, placeOf) = ConfigFile.ReadPlaced<SynthConfig>(path, overrides, SynthRules.Apply);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string key = "few_shot.file";
        try
        {
            RealExamples? examples = config.FewShot is { } few ? Examples(few, home, config.Labels) : null;
            key = "prompt.chat_template";
            return new SynthPlan(config, home, OptionsOf(config, config.Prompt.Read(home), examples));
        }
        catch (InvalidDataException fault)
        {
            throw new ConfigException([new ConfigIssue(placeOf(key), $"{key}: {fault.Message}")]);
        }
    }

    /// <summary>Everything that decides the texts.</summary>
    /// <param name="engine">Computes.</param>
    /// <param name="generator">Writes.</param>
    /// <param name="model">Its description.</param>
    public RunIdentity Identity(EngineFingerprint engine, PolicyRef generator, ModelInfo model)
    {
        var identity = RunIdentity.Empty.With("", Settings.ThatChangeResults(Config)).With(engine).With("generator", generator, model);
        identity = Options.Prompt.Chat is { } chat ? identity.With("prompt.chat_template", chat.DigestFor(model)) : identity;
        if (Options.Examples is not { } examples)
        {
            return identity;
        }

        using var digest = new ContentDigest();
        foreach (string text in examples.Texts.SelectMany(text => new[] { text.Id, text.Text, text.Label }))
        {
            digest.Add(text);
        }

        return identity.With("real texts", string.Create(CultureInfo.InvariantCulture, $"{examples.Texts.Count} texts {digest.Finish()}"));
    }

    private static RealExamples Examples(SynthExamples few, string home, IReadOnlyDictionary<string, string> labels)
    {
        string path = Path.Combine(home, few.File);
        var texts = RealTexts.Read(path, labels.Keys);
        foreach (string label in labels.Keys)
        {
            if (texts.Count(text => text.Label == label) is var count && count < few.Count)
            {
                throw new InvalidDataException($"{path} has {count} texts of label '{label}', expected at least few_shot.count ({few.Count}).");
            }
        }

        return new RealExamples(texts, few.Count, few.Template, few.Separator);
    }

    private static SynthesisOptions OptionsOf(SynthConfig config, PromptOptions prompt, RealExamples? examples) => new()
    {
        Seed = (ulong)config.Seed,
        Labels = [.. config.Labels],
        Context = config.Context,
        DataPrompt = config.DataPrompt,
        Text = config.Text,
        Attributes = [.. config.Attributes.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Values))],
        Examples = examples,
        PerLabel = config.PerLabel,
        LeakWords = config.LeakWords,
        Rounds = config.Limits.Rounds,
        Sampling = config.Sampling,
        Prompt = prompt.Chat is { } chat ? prompt with { Chat = chat with { System = config.Context } } : prompt,
    };
}
