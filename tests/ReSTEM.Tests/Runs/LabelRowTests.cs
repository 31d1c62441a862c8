using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class LabelRowTests : IDisposable
{
    private static readonly Dictionary<string, string> YesNo = new() { ["yes"] = " Yes", ["no"] = " No" };

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_label_a_distribution_and_annotations_are_targets()
    {
        Problem[] problems = Read("""
            {"text": "t0", "labels": ["no", "yes", "maybe"], "target": "yes", "split": "train", "id": 7}
            {"text": "t1", "labels": ["no", "yes", "maybe"], "target": {"yes": 0.25, "no": 0.75}}
            {"text": "t2", "labels": ["no", "yes", "maybe"], "target": {"annotations": ["maybe", "no", null, "maybe", "yes"]}}
            {"text": "t3", "labels": ["no", "yes", "maybe"], "target": {"annotations": [2]}}
            """);
        Assert.Equal(["7", "rows/1", "rows/2", "rows/3"], problems.Select(problem => problem.Id));
        Assert.All(problems, problem => Assert.Equal(TaskKind.Classify, problem.Task));
        Assert.Equal(["yes", "no", "maybe", "maybe"], problems.Select(problem => problem.Reference));
        Assert.Equal([[0, 1, 0], [0.75, 0.25, 0], [0.25, 0.25, 0.5], [0, 0, 1]], problems.Select(problem => problem.Target!.Distribution));
        Assert.Equal([2, 0, 2, 1], problems[2].Target!.Annotations);
        Assert.True(problems[3].Target!.IsOneHot); // one annotator is a hard label
        Assert.Equal("train", problems[0].Metadata["split"]);
    }

    [Fact]
    public void Published_rows_have_a_label_a_distribution_and_annotations_by_number()
    {
        Problem problem = Assert.Single(Read(
            """{"text": "t", "label": "hate", "soft_label": {"not-hate": 0.67, "hate": 0.33}, "annotations": [0, 1, 0, 0, 1, 0], "split": "dev"}"""));
        Assert.Equal([2.0 / 3, 1.0 / 3], problem.Target!.Distribution); // 0.67 is rounded
        Assert.Equal("hate", problem.Reference); // as the data set says, though most say otherwise
        Assert.Equal("dev", Assert.Single(problem.Metadata).Value);
        Assert.Equal([0.6, 0.4], Assert.Single(Read("""{"text": "t", "soft_label": {"a": 0.6, "b": 0.4}}""")).Target!.Distribution);
        Problem levels = Assert.Single(Read("""{"text": "t", "soft_label": {"1": 0.5, "2": 0, "3": 0.5}, "annotations": [1, 3]}"""));
        Assert.Equal([0, 2], levels.Target!.Annotations); // names, not numbers from 0
    }

    [Fact]
    public void Rounded_probabilities_are_divided_by_their_sum() => Assert.All(
        Assert.Single(Read("""{"text": "t", "soft_label": {"a": 0.33, "b": 0.33, "c": 0.33}}""")).Target!.Distribution,
        share => Assert.Equal(1.0 / 3, share, 12));

    [Fact]
    public void The_configuration_says_what_is_said_for_a_label()
    {
        var options = new ProblemReadOptions { Labels = YesNo };
        Problem problem = Assert.Single(Read("""{"text": "t", "label": "no"}""", options));
        Assert.Equal((" No", "no"), (problem.Solution, problem.Reference));
        Assert.Equal(1, problem.Target!.Said("  no\n"));
        Assert.Null(problem.Target.Said("No."));
        Problem own = Assert.Single(Read(
            """{"sentence": "t", "tag": "yes", "n": 3}""",
            options with { Task = TaskKind.Classify, Fields = new FieldNames { Prompt = "sentence", Answer = "tag" } }));
        Assert.Equal(("t", "yes", "3"), (own.Prompt, own.Reference, own.Metadata["n"]));
    }

    [Theory]
    [InlineData("""{"text": "t", "target": {"a": 0.6, "b": 0.3}}""", "target is {\"a\": 0.6, \"b\": 0.3}, 0.9 together, expected probabilities that add up to 1.")]
    [InlineData("""{"text": "t", "target": {"a": 1.2, "b": -0.2}}""", "target.a is 1.2, expected a probability in [0, 1].")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": {"a": 1.0, "b": -0.0001}}""", "target.b is -0.0001, expected a probability in [0, 1].")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": "c"}""", "label is 'c', expected one of the labels (a, b).")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": {"c": 1}}""", "target is 'c', expected one of the labels (a, b).")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": {"annotations": []}}""", "annotations is empty, expected a label of at least one annotator.")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": {"annotations": [0, 2]}}""", "annotations is '2', expected a label (a, b), or numbers from 0 to 1 alone.")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": {"annotations": ["a", 1]}}""", "annotations is '1', expected one of the labels (a, b).")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "target": {"annotations": "a"}}""", "annotations is \"a\", expected a list with a label of each annotator.")]
    [InlineData("""{"text": "t", "label": "a", "soft_label": {"a": 0.9, "b": 0.1}, "annotations": ["a", "b"]}""", "soft_label is 0.9 for 'a', expected the share of the annotations, 0.5.")]
    [InlineData("""{"text": "t", "labels": ["a"], "target": "a"}""", "labels is 'a' alone, expected at least 2 labels; list them in the row, or give labels beside the files in the configuration: {LABEL: what the model says, ...}.")]
    [InlineData("""{"text": "t", "labels": ["a", "a"], "target": "a"}""", "labels is with 'a' twice, expected each label once.")]
    [InlineData("""{"text": "t", "label": "a"}""", "labels is missing, expected at least 2 labels; list them in the row, or give labels beside the files in the configuration: {LABEL: what the model says, ...}.")]
    [InlineData("""{"text": " ", "labels": ["a", "b"], "target": "a"}""", "text is empty, expected a text.")]
    [InlineData("""{"text": "t", "labels": ["a", "b"], "task": "classify"}""", "label is missing, expected a label, a probability for each label, or annotations.")]
    public void Bad_rows_are_named(string row, string fault)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read($"{{\"text\": \"fine\", \"labels\": [\"a\", \"b\"], \"target\": \"a\"}}\n{row}")).Message;
        Assert.EndsWith($"rows.jsonl:2: {fault}", message, StringComparison.Ordinal);
    }

    [DataTheory]
    [InlineData("soft_hs_brexit", 1120, 2)]
    [InlineData("soft_md_agreement_offensive", 2000, 2)]
    [InlineData("soft_multipico_irony_en", 489, 2)]
    [InlineData("soft_csc_sarcasm_6level", 704, 6)]
    public void Published_sets_of_annotators_are_read_as_they_are(string name, int rows, int labels)
    {
        var problems = ProblemFile.Read(SharedData.PathOf($"classification/{name}.jsonl.gz"), new ProblemReadOptions());
        Assert.Equal(rows, problems.Count);
        Assert.All(problems, problem =>
        {
            Assert.Equal(labels, problem.Target!.Labels.Count);
            Assert.Equal(1, problem.Target.Distribution.Sum(), 12);
            Assert.NotEmpty(problem.Target.Annotations);
            Assert.True(problem.Target.Distribution[problem.Target.Hard] >= problem.Target.Distribution.Max() - 1e-12);
        });
    }

    [DataTheory]
    [InlineData("ag_news", 2000, "World|Sports|Business|Sci/Tech")]
    [InlineData("sms_spam", 5574, "ham|spam")]
    [InlineData("financial_phrasebank_50agree", 2000, "negative|neutral|positive")]
    [InlineData("humor_oneliners", 2000, "humor|not-humor")]
    [InlineData("tweeteval_emotion", 2374, "anger|joy|optimism|sadness")]
    [InlineData("tweeteval_irony", 2739, "non_irony|irony")]
    [InlineData("tweeteval_offensive", 2860, "not-offensive|offensive")]
    [InlineData("tweeteval_sentiment", 2000, "negative|neutral|positive")]
    public void Published_sets_of_one_label_are_read_with_the_labels_of_the_configuration(string name, int rows, string labels)
    {
        var options = new ProblemReadOptions { Labels = labels.Split('|').ToDictionary(label => label, label => " " + label) };
        var problems = ProblemFile.Read(SharedData.PathOf($"classification/{name}.jsonl.gz"), options);
        Assert.Equal(rows, problems.Count);
        Assert.Equal(labels.Split('|').Order(), problems.Select(problem => problem.Reference).Distinct().Order());
        Assert.All(problems, problem => Assert.True(problem.Target!.IsOneHot));
    }

    [Fact]
    public void Problems_can_be_taken_by_their_metadata()
    {
        string path = Write("""
            {"text": "a", "labels": ["x", "y"], "target": "x", "split": "train"}
            {"text": "b", "labels": ["x", "y"], "target": "y", "split": "test"}
            """);
        Assert.Equal("b", Assert.Single(Load("test").Problems).Prompt);
        Assert.Equal(
            $"{path}: no problem has split 'dev' (where), expected one of test, train.", Assert.Throws<InvalidDataException>(() => Load("dev")).Message);

        ProblemSet Load(string split) => ProblemSet.Load("s", new ProblemSource { Files = [path], Where = new Dictionary<string, string> { ["split"] = split } }, 1);
    }

    private Problem[] Read(string text, ProblemReadOptions? options = null) => [.. ProblemFile.Read(Write(text), options ?? new())];

    private string Write(string text)
    {
        string path = _scratch.File("rows.jsonl");
        File.WriteAllText(path, text);
        return path;
    }
}
