using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>What init writes is a configuration that can be read, whatever the kind, the files and the model.</summary>
public sealed class DraftTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly ModelInfo _model;

    public DraftTests()
    {
        var engine = new FakeEngine(_ => { }, 1, new FakeTrainer(_ => { }, () => { }, _ => { }, 1));
        new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = 0, ["word"] = 0 }).Save(_scratch.File("base"));
        _model = engine.Describe(engine.Resolve(_scratch.File("base"))) with { ContextLength = 500 };
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(TaskKind.Math, "q.csv", "exercise,final_answer\n{0} + 1?,{1}\n", "fields: {prompt: \"exercise\"", "exercise")]
    [InlineData(TaskKind.Math, "q.csv", "problem,final_answer,rationale\n{0} + 1?,{1},add one\n", "fields: {prompt: \"problem\", answer: \"final_answer\", solution: \"rationale\"}", "")]
    [InlineData(TaskKind.Math, "q.jsonl", "\n{{\"question\": \"{0} + 1?\", \"answer\": \"add #### {1}\"}}\n", "files: [\"q.jsonl\"]\n  validation:", "")]
    [InlineData(TaskKind.Math, "q.jsonl", "\n{{\"messages\": [{{\"role\": \"user\", \"content\": \"{0} + 1?\"}}, {{\"role\": \"assistant\", \"content\": \"#### {1}\"}}]}}\n", "task: math", "")]
    [InlineData(TaskKind.Math, "q.jsonl", "\n{{\"prompt\": [{{\"role\": \"user\", \"content\": \"{0} + 1?\"}}], \"reward_model\": {{\"ground_truth\": \"{1}\"}}}}\n", "fields: {answer: \"reward_model.ground_truth\"}", "")]
    [InlineData(TaskKind.Choice, "q.jsonl", "\n{{\"question\": \"{0} + 1?\", \"options\": [\"{1}\", \"x\"], \"target\": \"{1}\"}}\n", "fields: {answer: \"target\", choices: \"options\"}", "")]
    [InlineData(TaskKind.Code, "q.jsonl", "\n{{\"question\": \"f{0}\", \"input_output\": {{\"inputs\": [[1]], \"outputs\": [{1}], \"fn_name\": \"f\"}}}}\n", "files: [\"q.jsonl\"]\n  validation:", "")]
    public void Every_kind_and_form_of_data_gives_a_plan(TaskKind kind, string name, string rows, string said, string prompt)
    {
        Rows(name, rows);
        string yaml = Write(kind, prompt.Length > 0 ? new FieldNames { Prompt = prompt, Answer = "final_answer" } : null, chat: false, name);
        Assert.Contains(said, yaml, StringComparison.Ordinal);
        RunPlan plan = Plan(yaml);
        Assert.Equal((64, 8, 8), (plan.Problems.Train.Count, plan.Problems.Validation.Count, plan.Problems.Evaluations[0].Problems.Count));
        Assert.All(plan.Problems.All, problem => Assert.Equal(kind, problem.Task));
        plan.FittedTo([_model], LoadWatch.None);
    }

    [Fact]
    public void Files_of_different_fields_say_each_their_own()
    {
        Rows("a.csv", "exercise,result\n{0} + 1?,{1}\n");
        Rows("b.csv", "question,answer\n{0} + 2?,{1}\n");
        string yaml = Write(TaskKind.Math, null, chat: false, "b.csv", "a.csv", new FieldNames { Prompt = "exercise" });
        var files = Plan(yaml).Config.Problems.Train.Files;
        Assert.Equal([("b.csv", null), ("a.csv", "exercise")], files.Select(file => (file.Path, file.Fields?.Prompt)));
        Assert.Equal(160 - 16 - 16, Plan(yaml).Problems.Train.Count);
    }

    [Fact]
    public void A_chat_a_large_model_and_a_template_are_taken_into_account()
    {
        Rows("q.csv", "question,answer\n{0} + 1?,{1}\n");
        DataLook look = DataLook.Of(_scratch.File("q.csv"), TaskKind.Math, null);
        RunConfig large = Plan(DraftText.Write(Draft(TaskKind.Math, chat: false, look) with { Model = _model with { ParameterCount = 1_000_000_000 } }, "c.yaml")).Config;
        Assert.Equal((16, 2e-4, true), (large.MStep.Adapter?.Rank, large.MStep.Optimizer.LearningRate, large.MStep.Optimizer.Speed.RecomputeActivations));
        RunConfig own = Plan(DraftText.Write(Draft(TaskKind.Math, chat: false, look) with { Template = "{prompt}\n" }, "c.yaml")).Config;
        Assert.Equal(("{prompt}\n", 0, true), (own.Prompt.Template, own.EStep.Sampling.Stop.Count, own.Verifier.LastNumber));
        Assert.InRange(own.EStep.Sampling.MaxTokens, 1, 499);
    }

    [Fact]
    public void Data_of_another_kind_are_told_as_that()
    {
        Rows("q.jsonl", "\n{{\"question\": \"{0} + 1?\", \"answer\": \"#### {1}\"}}\n");
        string message = Assert.Throws<InvalidDataException>(() => DataLook.Of(_scratch.File("q.jsonl"), TaskKind.Choice, null)).Message;
        Assert.Contains("'gsm8k/q/0' is a problem of math, expected choice; use restem init math.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_shot_examples_may_be_own_data_too()
    {
        Rows("q.csv", "question,answer\n{0} + 1?,{1}\n");
        File.WriteAllText(_scratch.File("shots.csv"), "exercise,working\n1 plus 1?,it is #### 2\n2 plus 1?,it is #### 3\n");
        string yaml = Write(TaskKind.Math, null, chat: false, "q.csv").Replace("prompt:\n", "prompt:\n  few_shot: shots.csv\n  few_shot_count: 2\n  few_shot_fields: {prompt: exercise, solution: working}\n", StringComparison.Ordinal);
        Assert.Equal(["it is #### 2", "it is #### 3"], Plan(yaml).Drawing.Prompt.FewShot.Select(shot => shot.Solution));
        var fault = Assert.Throws<ConfigException>(() => Plan(yaml.Replace("  few_shot: shots.csv\n", "", StringComparison.Ordinal)));
        Assert.Contains("prompt.few_shot_fields is given without prompt.few_shot, expected both.", fault.Message, StringComparison.Ordinal);
    }

    private string Write(TaskKind kind, FieldNames? fields, bool chat, string file, string? other = null, FieldNames? ofOther = null)
    {
        DataLook[] looks = [DataLook.Of(_scratch.File(file), kind, fields), .. other is null ? [] : new[] { DataLook.Of(_scratch.File(other), kind, ofOther! with { Answer = "result" }) }];
        return DraftText.Write(Draft(kind, chat, looks), "c.yaml");
    }

    private ConfigDraft Draft(TaskKind kind, bool chat, params DataLook[] looks) => new()
    {
        Name = "draft",
        Kind = kind,
        Home = _scratch.Path,
        Base = _scratch.File("base"),
        Model = _model,
        Chat = chat,
        Train = looks,
        Validation = [],
        Test = [],
        Share = 0.1,
        Schema = "schema.json",
        Template = "",
    };

    private RunPlan Plan(string yaml)
    {
        File.WriteAllText(_scratch.File("c.yaml"), yaml);
        return RunPlan.Read(_scratch.File("c.yaml"), []);
    }

    /// <summary>A first line, and one that is repeated with two numbers in it.</summary>
    private void Rows(string name, string rows)
    {
        string[] lines = rows.Split('\n');
        File.WriteAllText(_scratch.File(name), (lines[0].Length > 0 ? lines[0] + "\n" : "") + string.Concat(
            Enumerable.Range(0, 80).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, lines[1], i, i + 1) + "\n")));
    }
}
