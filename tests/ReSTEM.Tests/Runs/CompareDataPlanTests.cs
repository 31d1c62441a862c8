using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Comparisons of data: what is refused before anything is done, and what each data set holds.</summary>
public sealed class CompareDataPlanTests : IDisposable
{
    private const string Head = "name: c\ntrain: train.yaml\ntest: {files: [test.jsonl]}\n";
    private const string Synth = "name: s-{0}\ngenerator: model\nlabels: {bad: harsh, good: kind}\ndata_prompt: '{label}'\n";

    private readonly ScratchFolder _scratch = new();

    public CompareDataPlanTests()
    {
        Write("train.yaml", "name: t\nbase: base\nstages:\n  - problems: {files: [real.jsonl], labels: {good: ' good', bad: ' bad'}}\n");
        Write("real.jsonl", """
            {"id": "r1", "text": "fine", "target": "good"}
            {"id": "r2", "text": "awful", "target": {"annotations": ["bad", "bad", "good"]}}
            {"id": "r3", "text": "so so", "target": {"good": 0.25, "bad": 0.75}}
            {"id": "r4", "text": "Tested  twice", "target": "good"}
            """);
        Write("more.jsonl", """
            {"id": "m1", "text": "FINE", "target": "good"}
            {"id": "m2", "text": "poor", "target": "bad"}
            {"id": "m3", "text": "nice", "target": "good"}
            """);
        Write("test.jsonl", """
            {"text": "tested twice", "target": "good"}
            {"text": "tested", "target": "bad"}
            """);
        Write("synth.yaml", Synth.Replace("{0}", "here", StringComparison.Ordinal));
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Each_text_is_trained_on_once_and_none_that_is_tested()
    {
        IReadOnlyList<LabelledTexts> sets = Read(
            "data: {more: {problems: {files: [more.jsonl]}}, both: {mix: [real, more]}, two: {mix: [real, more], limit: 4}}").Texts(LoadWatch.None);
        Assert.Equal(
            [("real", "real", 3, 1, 0), ("more", "files", 3, 0, 0), ("both", "real + more", 5, 0, 1), ("two", "real + more", 4, 0, 1)],
            sets.Select(set => (set.Name, set.Origin, set.Problems.Count, set.InTest, set.Repeated)));
        Assert.Equal(["real/r1", "real/r2", "real/r3", "more/m2", "more/m3"], sets[2].Problems.Select(problem => problem.Id));
        Assert.Equal([("good", 2), ("bad", 3)], sets[2].Counts);
        Assert.Equal((1, 2.0 / 3), (sets[0].Agreement(RandomStream.Of(1, RandomPurpose.Bootstrap))!.Value.Items, sets[0].Agreement(RandomStream.Of(1, RandomPurpose.Bootstrap))!.Value.Mean));
    }

    [Fact]
    public void Files_of_texts_say_all_that_was_read()
    {
        CompareDataPlan plan = Read("data: {a: {synth: synth.yaml}}");
        IReadOnlyList<Problem> real = ProblemSet.Load("real", plan.Train.Stages[0].Problems!.Under(plan.TrainHome), 1).Problems;
        LabelledFile.Write(_scratch.File("written.jsonl"), real);
        ProblemSource source = plan.TrainingOf("real", 5).Stages[0].Problems! with { Files = [_scratch.File("written.jsonl")] };
        Assert.Equal(ContentDigest.Of(real), ContentDigest.Of(ProblemSet.Load("train", source, 5).Problems));
    }

    [Fact]
    public void A_training_can_be_read_again_from_its_folder()
    {
        CompareDataPlan plan = Read("data: {a: {synth: synth.yaml}}");
        TrainConfig training = plan.TrainingOf("real", 5);
        Write("resolved.yaml", plan.ResolvedTraining("real", 5));
        TrainConfig again = ConfigFile.Read<TrainConfig>(_scratch.File("resolved.yaml"), [], TrainConfigRules.Apply);
        Assert.Equal(("real-seed5", 5), (again.Name, again.Seed));
        Assert.Equal(Settings.ThatChangeResults(training), Settings.ThatChangeResults(again));
        string file = Path.GetFullPath(Path.Combine(plan.FolderOf("real", 5), again.Stages[0].Problems!.Files[0].Path));
        Assert.Equal(Path.GetFullPath(plan.FileOf("real")), file);
        Assert.Equal(file, Path.GetFullPath(Path.Combine(plan.TrainHome, training.Stages[0].Problems!.Files[0].Path)));
    }

    [Theory]
    [InlineData("data: {}", ": data is empty, expected at least one")]
    [InlineData("data: {a: {}}", "data.a has no texts, expected one of synth, problems and mix.")]
    [InlineData("data: {a: {synth: synth.yaml, mix: [real, a]}}", "data.a has synth and mix, expected one of")]
    [InlineData("data: {real: {synth: synth.yaml}}", "data.real is named 'real', expected")]
    [InlineData("data: {a/b: {synth: synth.yaml}}", "data.a/b is named 'a/b', expected")]
    [InlineData("data: {a: {mix: [real, b]}}", "data.a.mix names 'b', expected data sets that stand before it: real.")]
    [InlineData("data: {a: {mix: [real]}}", "data.a.mix is [real], expected at least two data sets, each once.")]
    [InlineData("data: {a: {synth: synth.yaml}}\nseeds: [1, 1]", "seeds is [1, 1], expected at least one")]
    [InlineData("data: {a: {synth: none.yaml}}", "data.a.synth: ")]
    [InlineData("data: {a: {synth: other.yaml}}", "the labels of other.yaml are bad, fair, expected those of the training, good, bad.")]
    [InlineData("data: {a: {synth: synth.yaml}}\ndiversity_texts: 1", "diversity_texts is 1, expected 2 to 100000.")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntrain: two.yaml", "train: two.yaml has 2 stages, expected one")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntrain: random.yaml", "train: random.yaml has no base, expected one")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntrain: sums.yaml", "is of task math, expected classify")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntest: {files: [fair.jsonl]}", "fair.jsonl:1: label is 'fair', expected one of the labels (good, bad).")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntest: {files: [more.jsonl], labels: {good: ' yes', bad: ' no'}}", "the labels of 'm1' of test are good (' yes'), bad (' no'), expected those of the training, good (' good'), bad (' bad').")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntest: {files: [none.jsonl]}", "test: ")]
    [InlineData("data: {a: {synth: synth.yaml}}\ntest: {files: [real.jsonl]}", "train: all 4 texts of real are in the test set, expected others to train on.")]
    public void What_cannot_be_compared_is_refused_in_one_line(string text, string fault)
    {
        Write("other.yaml", Synth.Replace("{0}", "other", StringComparison.Ordinal).Replace("good", "fair", StringComparison.Ordinal));
        Write("two.yaml", File.ReadAllText(_scratch.File("train.yaml")) + "  - problems: {files: [more.jsonl]}\n");
        Write("random.yaml", "name: t\nmodel: {model_dim: 8, layers: 1, heads: 1, feed_forward_dim: 8, context_length: 8}\ntokenizer: {vocabulary_size: 300}\nstages: [{corpus: {name: c, tokens: 100}}]\n");
        Write("sums.yaml", "name: t\nbase: base\nstages: [{problems: {generate: {kinds: [word], split: train, count: 4}}}]\n");
        Write("fair.jsonl", """{"text": "hm", "target": "fair"}""");
        string head = string.Join('\n', Head.Split('\n').Where(line => line.Length > 0 && !text.Contains("\n" + line.Split(':')[0] + ":", StringComparison.Ordinal))) + "\n";
        ConfigIssue issue = Assert.Throws<ConfigException>(() => ReadText(head + text)).Issues[0];
        Assert.Contains(fault, issue.ToString(), StringComparison.Ordinal);
        Assert.Contains("c.yaml:", issue.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_one_label_alone_teach_nothing()
    {
        Write("good.jsonl", """{"text": "great", "target": "good"}""");
        CompareDataPlan plan = Read("data: {a: {problems: {files: [good.jsonl]}}}");
        Assert.Contains(
            "data.a: all 1 texts of a have the label 'good', expected at least two labels",
            Assert.Throws<ConfigException>(() => plan.Texts(LoadWatch.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_of_another_verb_is_told()
    {
        Write("c.yaml", Head + "data: {a: {synth: synth.yaml}}");
        Assert.Equal(ConfigKind.CompareData, ConfigFile.KindOf(_scratch.File("c.yaml")));
        Assert.Contains("one of restem compare-data", Assert.Throws<ConfigException>(() => ConfigFile.Read<RunConfig>(_scratch.File("c.yaml"), [], (_, _) => { })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "has no data, which is one of restem train",
            Assert.Throws<ConfigException>(() => ConfigFile.Read<CompareDataConfig>(_scratch.File("train.yaml"), [], (_, _) => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_are_read_as_they_were_written_and_not_where_anything_differs()
    {
        CompareDataPlan plan = Read("data: {a: {synth: synth.yaml}}");
        string path = _scratch.File("p.jsonl");
        LabelPrediction[] written = [.. plan.Test.Select((problem, i) => new LabelPrediction(problem.Id, problem.Target!, [-0.1 / 3 * (i + 1), -1e-300]))];
        var file = new PredictionFile(path, "key");
        Assert.Null(file.Read(plan.Test));
        file.Write(written);
        IReadOnlyList<LabelPrediction> read = file.Read(plan.Test)!;
        Assert.Equal(written.Select(one => one.LogProbabilities), read.Select(one => one.LogProbabilities));
        Assert.Equal(written.Select(one => (one.ProblemId, one.Target.HardLabel)), read.Select(one => (one.ProblemId, one.Target.HardLabel)));
        Assert.Null(new PredictionFile(path, "other").Read(plan.Test)); // other weights
        string text = File.ReadAllText(path);
        foreach (string altered in new[] { text.Replace("-1E-300", "-2E-300", StringComparison.Ordinal), text[..^9], text[..20], "" })
        {
            Assert.NotEqual(text, altered);
            File.WriteAllText(path, altered);
            Assert.Null(file.Read(plan.Test));
        }
    }

    private CompareDataPlan Read(string more) => ReadText(Head + more);

    private CompareDataPlan ReadText(string text)
    {
        Write("c.yaml", text);
        return CompareDataPlan.Read(_scratch.File("c.yaml"), [], LoadWatch.None);
    }

    private void Write(string name, string text) => File.WriteAllText(_scratch.File(name), text);
}
