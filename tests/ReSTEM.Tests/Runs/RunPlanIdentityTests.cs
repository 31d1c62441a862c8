using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>What makes a run another run, and what does not.</summary>
public sealed class RunPlanIdentityTests : IDisposable
{
    private const string Code =
        """
        {"id": "double", "task": "code", "question": "double x", "input_output": {"inputs": [[1]], "outputs": [2], "fn_name": "f"}}
        """;

    private const string Shots =
        """
        {"id": "shot", "task": "math", "prompt": "1 + 1 =", "answer": "2", "solution": "#### 2"}
        """;

    private readonly ScratchFolder _scratch = new();
    private readonly FakeEngine _engine = new(_ => { }, 1, new FakeTrainer(_ => { }, () => { }, _ => { }, 1));
    private readonly RunIdentity _before;

    public RunPlanIdentityTests()
    {
        Weights(0);
        Write("train.jsonl", Code);
        Write("shots.jsonl", Shots);
        Write("run.yaml", Config("train.jsonl"));
        _before = Identity();
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Nothing_changed_is_the_same_run() => Assert.Equal([], Changed());

    [Fact]
    public void Tests_of_a_code_problem_that_changed_make_another_run()
    {
        Write("train.jsonl", Code.Replace("[2]", "[3]", StringComparison.Ordinal));
        Assert.Equal(["problems train"], Changed());
    }

    [Fact]
    public void So_do_the_few_shot_file_and_the_base_model()
    {
        Write("shots.jsonl", Shots.Replace("#### 2", "2", StringComparison.Ordinal));
        Assert.Equal(["problems few-shot"], Changed());
        Weights(1);
        Write("base/" + FakeEngine.OtherTokenizer, "");
        Assert.Equal(["base tokenizer", "base weights", "problems few-shot"], Changed());
    }

    [Fact]
    public void So_do_a_verifier_and_a_setting()
    {
        Write("run.yaml", Config("train.jsonl") + "e_step: {samples: 5}\n");
        Assert.Equal(["e_step.samples"], Changed());
        Assert.Equal(
            ["e_step.samples", "verifier code"],
            Identity(new FakeVerifier { Version = "fake 2" }).Differences(_before).Select(part => part.Name));
    }

    [Fact]
    public void A_place_and_what_changes_speed_only_do_not()
    {
        Write("elsewhere.jsonl", Code);
        Write("run.yaml", Config("elsewhere.jsonl") + "engine: {threads: 7, slots: 3}\nm_step: {optimizer: {micro_batch_tokens: 99}}\n");
        Assert.Equal([], Changed());
    }

    [Fact]
    public void The_configuration_in_the_run_folder_is_the_same_run_by_paths_that_begin_there()
    {
        var plan = RunPlan.Read(_scratch.File("run.yaml"), []);
        string folder = Path.GetFullPath(plan.Folder);
        Directory.CreateDirectory(folder);
        try
        {
            string path = Path.Combine(folder, RunFolder.ResolvedConfigName);
            File.WriteAllText(path, plan.ResolvedConfig);
            Assert.StartsWith("# What was run, with every default. Relative paths begin at this file.\nname: \"a\"\n", plan.ResolvedConfig, StringComparison.Ordinal);
            Assert.Contains("base: \"../", plan.ResolvedConfig, StringComparison.Ordinal);
            var again = RunPlan.Read(path, []);
            Assert.Equal([], again.Identity(_engine, again.Options(_engine), new FakeVerifier()).Differences(_before));
            Assert.Equal(plan.ResolvedConfig, again.ResolvedConfig);
            Assert.Equal([], again.Differences(_before));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Write("train.jsonl", Code.Replace("[2]", "[3]", StringComparison.Ordinal));
        Assert.Equal(["problems train"], RunPlan.Read(_scratch.File("run.yaml"), []).Differences(_before).Select(part => part.Name));
    }

    private static string Config(string train) =>
        $"name: a\nbase: base\nprompt: {{few_shot: shots.jsonl, few_shot_count: 1}}\nproblems:\n  train: {{files: [{train}]}}\n";

    private void Write(string name, string text) => File.WriteAllText(_scratch.File(name), text);

    private void Weights(double skill) =>
        new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = skill, ["word"] = skill }).Save(_scratch.File("base"));

    private IEnumerable<string> Changed() => Identity().Differences(_before).Select(part => part.Name);

    private RunIdentity Identity(FakeVerifier? verifier = null)
    {
        var plan = RunPlan.Read(_scratch.File("run.yaml"), []);
        return plan.Identity(_engine, plan.Options(_engine), verifier ?? new FakeVerifier());
    }
}
