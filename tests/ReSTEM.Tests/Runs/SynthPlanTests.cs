using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Syntheses: what is refused before anything is drawn.</summary>
public sealed class SynthPlanTests : IDisposable
{
    private const string Head = "name: texts\ngenerator: model\n";
    private const string Labels = "labels: {good: kind, bad: harsh}\n";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Real_texts_have_the_label_that_rows_say_or_most_annotators_or_the_most_probable()
    {
        File.WriteAllText(_scratch.File("real.jsonl"), """
            {"text": "a", "label": "good"}
            {"id": "two", "text": "b", "target": "bad"}
            {"text": "c", "target": {"good": 0.2, "bad": 0.8}}
            {"text": "d", "target": {"annotations": ["good", "bad", "good"]}}
            {"text": "nobody knows", "target": {"annotations": ["good", "bad"]}}
            {"text": "nor here", "target": {"good": 0.5, "bad": 0.5}}

            """);
        SynthPlan plan = Read(Labels + "data_prompt: '{examples} {label}'\nfew_shot: {file: real.jsonl, count: 2}");
        Assert.Equal(
            [("real/0", "a", "good"), ("two", "b", "bad"), ("real/2", "c", "bad"), ("real/3", "d", "good")],
            plan.Options.Examples!.Texts.Select(text => (text.Id, text.Text, text.Label)));
    }

    [Theory]
    [InlineData("labels: {good: kind}\ndata_prompt: '{label}'", "labels has 1, expected at least 2")]
    [InlineData("labels: {good: kind, fine: kind}\ndata_prompt: '{label}'", "labels good and fine are both called 'kind' in prompts")]
    [InlineData(Labels + "data_prompt: Write a review.", "data_prompt does not hold {label}, expected it to")]
    [InlineData(Labels + "data_prompt: '{label} {dish}'", "data_prompt holds {dish}, expected {label}.")]
    [InlineData(Labels + "data_prompt: '{label} {examples}'", "data_prompt holds {examples}, expected {label} (examples need few_shot).")]
    [InlineData(Labels + "data_prompt: '{label}'\ntext: fixed", "text holds {completion} 0 times, expected once.")]
    [InlineData(Labels + "data_prompt: '{label}'\nattributes: [{name: dish, values: [soup]}]", "data_prompt does not hold {dish}, expected every attribute to have an effect.")]
    [InlineData(Labels + "data_prompt: '{label} {dish}'\nattributes: [{name: dish, values: []}]", "attributes.0.values is empty, expected at least one text.")]
    [InlineData(Labels + "data_prompt: '{label}'\nattributes: [{name: label, values: [soup]}]", "attributes.0.name is label, which is taken")]
    [InlineData(Labels + "data_prompt: '{label}'\nprompt: {few_shot: x.jsonl}", "prompt.few_shot is 'x.jsonl', expected none")]
    [InlineData(Labels + "data_prompt: '{label}'\nprompt: {format: chat, system: Hello}", "prompt.system is given, expected context")]
    [InlineData(Labels + "data_prompt: '{label}'\nper_label: 0", "per_label is 0, expected 1 to 1000000.")]
    [InlineData(Labels + "data_prompt: '{label} {examples}'\nfew_shot: {file: none.jsonl}", "few_shot.file: ")]
    public void What_cannot_be_made_is_refused_in_one_line(string text, string fault)
    {
        ConfigIssue issue = Assert.Throws<ConfigException>(() => Read(text)).Issues[0];
        Assert.Contains(fault, issue.ToString(), StringComparison.Ordinal);
        Assert.Contains("synth.yaml:", issue.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text": "a", "label": "fair"}""", "real.jsonl:1: label is 'fair', expected one of the labels (good, bad).")]
    [InlineData("""{"text": "a"}""", "real.jsonl:1: label is missing, expected a label, a probability for each label, or annotations.")]
    [InlineData("""{"text": " ", "label": "good"}""", "real.jsonl:1: text is empty, expected a text.")]
    [InlineData("""{"text": "a", "target": {"good": 1.5}}""", "real.jsonl:1: target.good is 1.5, expected a probability in [0, 1].")]
    [InlineData("""{"text": "a", "target": {}}""", "real.jsonl:1: target is {}, 0 together, expected probabilities that add up to 1.")]
    [InlineData("""{"text": "a", "target": {"annotations": []}}""", "real.jsonl:1: annotations is empty, expected a label of at least one annotator.")]
    [InlineData("""{"text": "a", "label": "good"}""", "real.jsonl has 1 texts of label 'good', expected at least few_shot.count (3).")]
    public void Real_texts_that_cannot_be_used_are_named_with_file_and_line(string row, string fault)
    {
        File.WriteAllText(_scratch.File("real.jsonl"), row + "\n");
        Assert.Contains(fault, Assert.Throws<ConfigException>(() => Read(Labels + "data_prompt: '{label} {examples}'\nfew_shot: {file: real.jsonl}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_of_another_verb_is_told()
    {
        File.WriteAllText(_scratch.File("synth.yaml"), Head + Labels + "data_prompt: '{label}'");
        Assert.Equal(ConfigKind.Synth, ConfigFile.KindOf(_scratch.File("synth.yaml")));
        Assert.Contains("one of restem synth", Assert.Throws<ConfigException>(() => ConfigFile.Read<TrainConfig>(_scratch.File("synth.yaml"), [], (_, _) => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_are_decided_by_everything_but_speed_limits_and_places()
    {
        var engine = new EngineFingerprint("fake", "1", "float32", Deterministic: true);
        var model = new ModelInfo
        {
            Tokenizer = null,
            ContextLength = 10,
            EndTokenIds = [],
            Digests = new Dictionary<string, string>(),
            Description = "",
            VocabularySize = 10,
            ParameterCount = 1,
        };
        RunIdentity Of(string more) => Read(Labels + "data_prompt: '{label}'\n" + more).Identity(engine, new PolicyRef("x", "sha"), model);
        Assert.Equal("", Of("limits: {rounds: 3}\nengine: {threads: 1}").Compare(Of("")));
        Assert.Contains("context", Of("context: You review.").Compare(Of("")), StringComparison.Ordinal);
        Assert.Contains("leak_words", Of("leak_words: 9").Compare(Of("")), StringComparison.Ordinal);
    }

    private SynthPlan Read(string text)
    {
        File.WriteAllText(_scratch.File("synth.yaml"), Head + text);
        return SynthPlan.Read(_scratch.File("synth.yaml"), []);
    }
}
