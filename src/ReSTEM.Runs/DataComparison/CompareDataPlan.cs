using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A comparison of data before it begins: every configuration that it names, real texts and test texts, all read and checked.</summary>
public sealed class CompareDataPlan
{
    private const string TestName = "test";

    private readonly string _home;
    private readonly string _trainHome;
    private readonly Func<string, string> _placeOf;
    private DataSetReader _reader = null!;
    private LabelledTexts _real = null!;

    private CompareDataPlan(CompareDataConfig config, string home, Func<string, string> placeOf)
    {
        (Config, _home, _placeOf) = (config, home, placeOf);
        string train = Path.Combine(home, config.Train);
        Train = ConfigFile.Read<TrainConfig>(train, [], TrainConfigRules.Apply);
        _trainHome = Path.GetDirectoryName(Path.GetFullPath(train))!;
    }

    /// <summary>The configuration as it was read.</summary>
    public CompareDataConfig Config { get; }

    /// <summary>The training on real texts.</summary>
    public TrainConfig Train { get; }

    /// <summary>The test problems.</summary>
    public IReadOnlyList<Problem> Test { get; private set; } = [];

    /// <summary>The syntheses, by the name of the data set.</summary>
    public IReadOnlyDictionary<string, SynthPlan> Syntheses { get; private set; } = new Dictionary<string, SynthPlan>();

    /// <summary>Names of the data sets; the others are compared with the first.</summary>
    public IReadOnlyList<string> Names => [CompareDataRules.RealName, .. Config.Data.Keys];

    /// <summary>Folder of everything, below the current folder.</summary>
    public string Folder => Path.Combine("runs", Config.Name);

    /// <summary>Folder of the model that every training starts from.</summary>
    public string BaseFolder => Path.Combine(_trainHome, Train.Base);

    /// <summary>Folder of the model whose embeddings tell how different texts are; empty for none.</summary>
    public string EmbedderFolder => Config.Embedder.Length == 0 ? "" : Path.GetFullPath(Path.Combine(_home, Config.Embedder));

    /// <summary>Folder that paths of the trainings begin at.</summary>
    public string TrainHome => _trainHome;

    /// <summary>Folder of one training.</summary>
    public string FolderOf(string name, int seed) => Path.Combine(Folder, RunName(name, seed));

    /// <summary>File with the texts of a data set.</summary>
    public string FileOf(string name) => Path.Combine(Folder, "data", $"{name}.jsonl");

    /// <summary>The configuration of one training: that of the real one, with other texts and another seed.</summary>
    public TrainConfig TrainingOf(string name, int seed) => Train with
    {
        Name = RunName(name, seed),
        Seed = seed,
        CompareWith = "",
        Stages = [Train.Stages[0] with
        {
            Problems = new ProblemSource { Files = [Path.GetRelativePath(_trainHome, Path.GetFullPath(FileOf(name)))], Labels = Train.Stages[0].Problems!.Labels },
        }],
    };

    /// <summary>The same with every default, for its run folder: relative paths begin there.</summary>
    public string ResolvedTraining(string name, int seed) => RunFolder.ResolvedConfigHeader + ConfigWriter.Write(TrainingOf(name, seed), place =>
        Path.IsPathRooted(place) ? place : Path.GetRelativePath(Path.GetFullPath(FolderOf(name, seed)), Path.Combine(_trainHome, place)));

    /// <summary>Reads a comparison, and everything that it names except models and synthetic texts.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">Of the comparison's own keys, <c>key.path=value</c>.</param>
    /// <param name="watch">Watches.</param>
    /// <exception cref="ConfigException">The comparison, or a file that it names, cannot be used.</exception>
    public static CompareDataPlan Read(string path, IReadOnlyList<string> overrides, LoadWatch watch)
    {
        var (config, placeOf) = ConfigFile.ReadPlaced<CompareDataConfig>(path, overrides, CompareDataRules.Apply);
        CompareDataPlan plan = Named(placeOf, "train", () => new CompareDataPlan(config, Path.GetDirectoryName(Path.GetFullPath(path))!, placeOf));
        Named(placeOf, "train", plan.CheckTraining);
        plan.ReadTexts(watch);
        plan.Syntheses = config.Data.Where(data => data.Value.Synth.Length > 0)
            .ToDictionary(data => data.Key, data => plan.SynthesisOf($"data.{data.Key}.synth", data.Value.Synth));
        return plan;
    }

    /// <summary>The data sets, once their syntheses are made.</summary>
    /// <param name="watch">Watches.</param>
    /// <exception cref="ConfigException">Texts cannot be used.</exception>
    public IReadOnlyList<LabelledTexts> Texts(LoadWatch watch) =>
        [_real, .. Config.Data.Select(data => Named(_placeOf, $"data.{data.Key}", () => TextsOf(data.Key, data.Value, watch)))];

    /// <summary>Writes each data set into its file, from which it is trained on.</summary>
    public void WriteTexts(IReadOnlyList<LabelledTexts> sets)
    {
        foreach (LabelledTexts set in sets)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(set.Name))!);
            LabelledFile.Write(FileOf(set.Name), set.Problems);
        }
    }

    private LabelledTexts TextsOf(string name, ComparedData data, LoadWatch watch)
    {
        if (data.Mix.Count > 0)
        {
            return _reader.Mixed(name, data.Mix, data.Limit);
        }

        return Syntheses.TryGetValue(name, out SynthPlan? synthesis)
            ? _reader.Of(name, synthesis.Way, new ProblemSource { Files = [Path.Combine(synthesis.Folder, SyntheticFile.FileName)] }, data.Limit, watch)
            : _reader.Of(name, "files", data.Problems!.Under(_home), data.Limit, watch);
    }

    private bool CheckTraining()
    {
        string? fault = Train.Base.Length == 0 ? "has no base, expected one that all trainings start from"
            : Train.Stages.Count != 1 ? $"has {Train.Stages.Count} stages, expected one, whose problems differ from training to training"
            : Train.Stages[0].Problems is null ? "has a stage of corpus, expected problems with labels"
            : null;
        return fault is null ? true : throw new InvalidDataException($"{Config.Train} {fault}.");
    }

    /// <summary>Real texts and test texts, and the labels that they must have.</summary>
    private void ReadTexts(LoadWatch watch)
    {
        ProblemSource real = Train.Stages[0].Problems!;
        IReadOnlyDictionary<string, string> labels = Named(_placeOf, "train", () => real.Labels ?? LabelsOf(ProblemSet.Load(CompareDataRules.RealName, real.Under(_trainHome), Seed, watch)));
        ProblemSet test = Named(_placeOf, TestName, () => ProblemSet.Load(TestName, (Config.Test.Labels is null ? Config.Test with { Labels = labels } : Config.Test).Under(_home), Seed, watch));
        _reader = new DataSetReader(labels, test, Seed);
        Named(_placeOf, TestName, () =>
        {
            _reader.ThrowUnlessLabelled(test);
            return true;
        });
        _real = Named(_placeOf, "train", () => _reader.Of(CompareDataRules.RealName, "real", real.Under(_trainHome), 0, watch));
        Test = test.Problems;
    }

    private SynthPlan SynthesisOf(string key, string path) => Named(_placeOf, key, () =>
    {
        SynthPlan plan = SynthPlan.Read(Path.Combine(_home, path), []);
        string[] labels = [.. _real.Problems[0].Target!.Labels], asked = [.. plan.Config.Labels.Keys];
        return asked.ToHashSet().SetEquals(labels) ? plan : throw new InvalidDataException(
            $"the labels of {path} are {string.Join(", ", asked)}, expected those of the training, {string.Join(", ", labels)}.");
    });

    private ulong Seed => (ulong)Config.Seeds[0];

    private static Dictionary<string, string> LabelsOf(ProblemSet real)
    {
        Problem first = real.Problems[0];
        LabelTarget target = first.Target ?? throw new InvalidDataException(
            $"'{first.Id}' is of task {first.Task.ToString().ToLowerInvariant()}, expected classify: its answer is not one of a set of labels.");
        return target.Labels.Zip(target.Verbalisers).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static string RunName(string name, int seed) => string.Create(CultureInfo.InvariantCulture, $"{name}-seed{seed}");

    /// <summary>What is found wrong with something that a key names, with the place of the key.</summary>
    private static T Named<T>(Func<string, string> placeOf, string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException fault)
        {
            throw new ConfigException([new ConfigIssue(placeOf(key), $"{key}: {fault.Message}")]);
        }
        catch (ConfigException fault)
        {
            throw new ConfigException([.. fault.Issues.Select(issue => new ConfigIssue(placeOf(key), $"{key}: {issue}"))]);
        }
    }
}
