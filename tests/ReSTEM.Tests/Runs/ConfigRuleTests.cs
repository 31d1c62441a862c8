using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Rules of configurations, each with the message that a user gets.</summary>
public sealed class ConfigRuleTests : IDisposable
{
    private const string Train = "problems: {train: {generate: {kinds: [arithmetic], split: train, count: 40}}}\n";
    private const string Head = "name: a\nbase: b\n";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("name: ''\nbase: b\n" + Train, "name is empty, expected a text.")]
    [InlineData("name: a\nbase: ''\n" + Train, "base is empty, expected a text.")]
    [InlineData(Head + Train + "evaluations: {test: {problems: {share: 0.1}, measure: {k: [1, 1, 8]}}}", "evaluations.test.measure.k holds 1 more than once, expected each once.")]
    [InlineData(Head + "problems: {train: {generate: {kinds: [], split: train, count: 4}}}", "problems.train.generate.kinds is empty, expected at least one of arithmetic, word, code.")]
    [InlineData(Head + "problems: {train: {share: 0.5}}", "problems.train.share is given, expected it for problems.validation and evaluations only.")]
    [InlineData(Head + Train + "evaluations: {'': {problems: {share: 0.1}}}", "is named '', expected a name of 1 to 100 characters")]
    [InlineData(Head + "problems: {train: {files: [x.jsonl], fields: {prompt: q}, format: gsm8k}}", "has names of fields with format gsm8k")]
    [InlineData(Head + "problems: {train: {generate: {kinds: [word], split: train, count: 4}, fields: {prompt: q}}}", "problems.train.fields is given with generate, expected it with files only.")]
    [InlineData(Head + Train + "evaluations: {a: {problems: {share: 0.6}}, b: {problems: {share: 0.4}}}", "the shares of the training problems are 1 together, expected below 1.")]
    [InlineData(Head + Train + "m_step: {optimizer: {warm_up_steps: 5, warm_up_ratio: 0.1}}", "m_step.optimizer.warm_up_ratio and warm_up_steps are both there, expected one of them.")]
    [InlineData(Head + Train + "m_step: {objective: {}}", "m_step.objective is given and says nothing, expected soft_targets, or keys of an objective")]
    [InlineData(Head + Train + "m_step: {objective: {sftmix: {mu: -0.1}}}", "m_step.objective.sftmix.mu is -0.1, expected 0 to 1000.")]
    [InlineData(Head + Train + "m_step: {objective: {sftmix: {alpha: 0}}}", "m_step.objective.sftmix.alpha is 0, expected more than 0 to 1000.")]
    [InlineData(Head + Train + "m_step: {objective: {sftmix: {confidence: none}}}", "m_step.objective.sftmix.confidence is 'none', expected one of reference, iterations.")]
    [InlineData(Head + Train + "m_step: {objective: {sftmix: {checkpoints: 0}}}", "m_step.objective.sftmix.checkpoints is 0, expected 1 to 10000.")]
    [InlineData(Head + Train + "iterations: 2\nm_step: {objective: {sftmix: {confidence: iterations, checkpoints: 3}}}", "m_step.objective.sftmix.checkpoints is 3, expected at most iterations (2): the base model and the policies before the last iteration.")]
    [InlineData(Head + Train + "m_step: {objective: {sftmix: {mu: 0.2}}, optimizer: {batch_sequences: 5}}", "m_step.optimizer.batch_sequences is 5, expected an even number with sftmix: a batch holds pairs.")]
    [InlineData(Head + Train + "m_step: {objective: soft_targets}", "m_step.objective is soft_targets with m_step.data kept, expected data solutions: the problems have their targets, and there is no E-step.")]
    [InlineData(Head + Train + "m_step: {objective: soft}", "m_step.objective.kind is 'soft', expected one of nll, soft_targets.")]
    [InlineData(Head + Train + "m_step: {data: solutions, objective: {kind: soft_targets, sftmix: {}}}", "m_step.objective.sftmix is given with soft_targets, expected one of them: pairs to mix are of single completions.")]
    [InlineData(Head + Train + "m_step: {weights: agreement}", "m_step.weights is agreement, expected it with e_step.keep any and m_step.data kept: the share of annotators who agree is the reward.")]
    [InlineData(Head + "problems: {train: {files: [x.jsonl], labels: {a: x}}}", "problems.train.labels has 1 label, expected at least 2.")]
    [InlineData(Head + "problems: {train: {files: [x.jsonl], labels: {a: x, b: ' '}}}", "problems.train.labels.b is empty, expected what the model says for the label.")]
    [InlineData(Head + "problems: {train: {files: [x.jsonl], labels: {a: x, b: ' x'}}}", "problems.train.labels says 'x' for a and b, expected another text for each label.")]
    [InlineData(Head + "problems: {train: {generate: {kinds: [word], split: train, count: 4}, labels: {a: x, b: y}}}", "problems.train.labels is given with generate, expected it with files only.")]
    [InlineData(Head + "problems: {train: {generate: {kinds: [word], split: train, count: 4}, where: {split: train}}}", "problems.train.where is given with generate, expected it with files only.")]
    [InlineData(Head + Train + "prompt: {template: no slot}", "prompt.template holds {prompt} 0 times, expected once.")]
    public void A_broken_rule_is_told(string text, string message)
    {
        var fault = Assert.Throws<ConfigException>(() => Read(text));
        Assert.Contains(fault.Issues, issue => issue.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_name_is_refused_in_a_short_line()
    {
        string message = Assert.Single(Assert.Throws<ConfigException>(() => Read($"name: {new string('a', 300)}\nbase: b\n{Train}")).Issues).Message;
        Assert.Contains("... (300 characters)', expected a value of the form", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 50, 250);
    }

    [Fact]
    public void A_missing_file_of_problems_is_told_at_its_key_with_a_near_one()
    {
        File.WriteAllText(_scratch.File("train.jsonl"), "");
        string issue = Assert.Single(Assert.Throws<ConfigException>(() => Read("name: a\nbase: b\nproblems:\n  train:\n    files: [trian.jsonl]\n")).Issues).ToString();
        Assert.Contains("c.yaml:4:3: problems.train: ", issue.Replace(":5:5:", ":4:3:", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("trian.jsonl does not exist, expected a file of problems. Did you mean train.jsonl?", issue, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warm_up_ratio_is_a_share_of_the_steps_and_reads_back()
    {
        var options = new OptimizerOptions { WarmUpRatio = 0.1 };
        Assert.Equal((0, 10, 1, 0), (options.WarmUpSteps, options.WarmUpOf(100), options.WarmUpOf(1), options.WarmUpOf(0)));
        Assert.Equal(7, new OptimizerOptions { WarmUpRatio = 0.07 }.WarmUpOf(100)); // 0.07 * 100 is a little more than 7
        Assert.Equal((10, 10), (new OptimizerOptions().WarmUpSteps, new OptimizerOptions().WarmUpOf(5)));
        var config = Config(Head + Train + "m_step: {optimizer: {warm_up_ratio: 0.25}}");
        string written = ConfigWriter.Write(config);
        Assert.Equal(written, ConfigWriter.Write(Config(written)));
        Assert.Equal(0.25, Config(written).MStep.Optimizer.WarmUpRatio);
        Assert.DoesNotContain("warm_up_ratio", ConfigWriter.Write(Config(Head + Train)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_may_have_settings_of_its_own_and_reads_back()
    {
        var config = Config(Head + "problems: {train: {files: [a.jsonl, {path: b.csv, limit: 5, task: math, fields: {prompt: q}}]}}");
        Assert.Equal(["a.jsonl", "b.csv"], config.Problems.Train.Files.Select(file => file.Path));
        Assert.Equal((5, TaskKind.Math, "q"), (config.Problems.Train.Files[1].Limit, config.Problems.Train.Files[1].Task, config.Problems.Train.Files[1].Fields!.Prompt));
        string written = ConfigWriter.Write(config);
        Assert.Equal(written, ConfigWriter.Write(Config(written)));
        Assert.Contains("files: [\"a.jsonl\"]\n", ConfigWriter.Write(Config(Head + "problems: {train: {files: a.jsonl}}")), StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_ends_when_it_is_no_longer_wanted_and_says_how_far_it_is()
    {
        using var source = new CancellationTokenSource();
        var told = new List<(string What, long Done, long Total)>();
        var watch = new LoadWatch((what, done, total) =>
        {
            told.Add((what, done, total));
            if (done > 2000)
            {
                source.Cancel();
            }
        }, source.Token);
        string path = Write(Head + Train);
        Assert.Throws<OperationCanceledException>(() => RunPlan.Read(path, ["problems.train.generate.count=1000000"], watch));
        Assert.Equal(("train: problems made", 1024L, 1_000_000L), told[1]);
    }

    [Fact]
    public void A_file_of_another_kind_is_told_as_what_it_is()
    {
        File.WriteAllBytes(_scratch.File("c.yaml"), [0x28, 0xB5, 0x2F, 0xFD, 1, 2]);
        var fault = Assert.Throws<ConfigException>(() => RunPlan.Read(_scratch.File("c.yaml"), []));
        Assert.Contains("the file is compressed with zstd (zstd -d unpacks it), expected a configuration in YAML.", fault.Message, StringComparison.Ordinal);
    }

    private RunPlan Read(string text) => RunPlan.Read(Write(text), []);

    private RunConfig Config(string text) => ConfigFile.Read<RunConfig>(Write(text), [], RunConfigRules.Apply);

    private string Write(string text)
    {
        File.WriteAllText(_scratch.File("c.yaml"), text);
        return _scratch.File("c.yaml");
    }
}
