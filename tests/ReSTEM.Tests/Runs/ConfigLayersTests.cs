using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Configurations that extend others: what holds, and where each fault is named.</summary>
public sealed class ConfigLayersTests : IDisposable
{
    private const string Recipe = """
        name: recipe
        base: models/tiny
        problems:
          train: {files: [train.jsonl, more.jsonl]}
          validation: {files: [validation.jsonl]}
        prompt: {few_shot: few.jsonl, few_shot_count: 2}
        m_step:
          patience: 2
          optimizer: {learning_rate: 1e-4, warm_up_steps: 7}
        evaluations:
          one: {problems: {files: [one.jsonl]}}
          two: {problems: {files: [two.jsonl]}}
        """;

    private readonly ScratchFolder _scratch = new();

    public ConfigLayersTests() => Write("paper/recipe.yaml", Recipe);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Mappings_are_merged_lists_replaced_and_an_empty_value_takes_a_key_away()
    {
        RunConfig config = Read("own/a.yaml", """
            extends: ../paper/recipe.yaml
            name: a
            problems:
              train: {files: [mine.jsonl]}
              validation:
            m_step:
              patience: ~
              optimizer: {learning_rate: 2e-4}
            evaluations: {two: null}
            """);
        Assert.Equal(("a", 0, 2e-4f, 7), (config.Name, config.MStep.Patience, (float)config.MStep.Optimizer.LearningRate, config.MStep.Optimizer.WarmUpSteps));
        Assert.Null(config.Problems.Validation);
        Assert.Equal(["one"], config.Evaluations.Keys);
        Assert.Equal(["mine.jsonl"], config.Problems.Train.Files.Select(file => file.Path));
    }

    [Fact]
    public void Paths_begin_at_the_file_that_says_them()
    {
        RunConfig config = Read("own/a.yaml", "extends: ../paper/recipe.yaml\ne_step: {policy: teacher}");
        Assert.Equal(("../paper/models/tiny", "teacher", "../paper/few.jsonl"), (config.Base, config.EStep.Policy, config.Prompt.FewShot));
        Assert.Equal(["../paper/train.jsonl", "../paper/more.jsonl"], config.Problems.Train.Files.Select(file => file.Path));
        Assert.Equal("other", Read("own/a.yaml", "extends: ../paper/recipe.yaml", "base=other").Base);
    }

    [Fact]
    public void The_command_line_wins_and_every_value_says_where_it_is_from()
    {
        string path = Write("own/a.yaml", "extends: ../paper/recipe.yaml\nm_step: {optimizer: {learning_rate: 2e-4}}");
        ConfigSources sources = ConfigFile.SourcesOf(path, ["seed=5"]);
        Assert.Equal(["a.yaml", "recipe.yaml"], sources.Files.Select(Path.GetFileName));
        string[] shown = [.. sources.Values.Select(value => $"{value.Path} {value.Value} {Path.GetFileName(value.Place)}")];
        Assert.Contains("m_step.optimizer.learning_rate 2e-4 a.yaml:2:37", shown);
        Assert.Contains("m_step.optimizer.warm_up_steps 7 recipe.yaml:9:51", shown);
        Assert.Contains("seed 5 --set seed=5", shown);
        Assert.Equal(3e-4, Read("own/a.yaml", File.ReadAllText(path), "m_step.optimizer.learning_rate=3e-4").MStep.Optimizer.LearningRate);
    }

    [Fact]
    public void Of_several_files_each_adds_its_own_and_what_extends_counts_over_what_is_extended()
    {
        Write("paper/equal.yaml", "extends: recipe.yaml\nm_step: {weights: equal, patience: }");
        Write("size.yaml", "extends: paper/recipe.yaml\ne_step: {samples: 4}\nm_step: {optimizer: {warm_up_steps: 1}}");
        foreach (string order in (string[])["[../paper/equal.yaml, ../size.yaml]", "[../size.yaml, ../paper/equal.yaml]"])
        {
            RunConfig config = Read("own/a.yaml", $"extends: {order}");
            Assert.Equal((KeptWeights.Equal, 4, 1, 0), (config.MStep.Weights, config.EStep.Samples, config.MStep.Optimizer.WarmUpSteps, config.MStep.Patience));
        }
    }

    [Fact]
    public void Files_that_contradict_each_other_are_refused_unless_the_extending_file_decides()
    {
        Write("own/four.yaml", "extends: ../paper/recipe.yaml\ne_step: {samples: 4}");
        Write("own/eight.yaml", "extends: ../paper/recipe.yaml\ne_step: {samples: 8}");
        Assert.Equal(
            "a.yaml:1:22: what is extended contradicts itself: e_step.samples is '4' at own/four.yaml:2:19 and '8' at own/eight.yaml:2:19; say here which of them holds.",
            Fault("own/a.yaml", "extends: [four.yaml, eight.yaml]"));
        Assert.Equal(6, Read("own/a.yaml", "extends: [four.yaml, eight.yaml]\ne_step: {samples: 6}").EStep.Samples);
    }

    [Theory]
    [InlineData("extends: ../paper/recipes.yaml", "a.yaml:1:10: extends is ../paper/recipes.yaml, and paper/recipes.yaml does not exist, expected a configuration file.")]
    [InlineData("extends: ../paper", "a.yaml:1:10: extends is ../paper, and paper is a folder, expected a configuration file.")]
    [InlineData("extends: {file: a}", "a.yaml:1:10: extends is a group of keys, expected the path of a configuration file, or a list of them.")]
    [InlineData("extends: []", "a.yaml:1:10: extends is an empty list, expected the path of a configuration file.")]
    [InlineData("extends: a.yaml", "a.yaml:1:10: extends comes back to a file that extends this one (own/a.yaml -> own/a.yaml), expected no circle.")]
    [InlineData("extends: ../circle.yaml", "circle.yaml:1:10: extends comes back to a file that extends this one (own/a.yaml -> circle.yaml -> own/a.yaml), expected no circle.")]
    [InlineData("extends: ../paper/recipe.yaml\nm_step:\n  accumulat: true", "a.yaml:3:3: unknown key 'm_step.accumulat'; did you mean 'accumulate'?")]
    [InlineData("extends: ../paper/recipe.yaml\nm_step:\n  adapter:", "a.yaml:3:11: m_step.adapter is empty, which takes away what is extended, and nothing that is extended has it; leave it out.")]
    [InlineData("extends: ../paper/recipe.yaml\nproblems: {validation: null}", "recipe.yaml:8:13: m_step.patience is 2, expected 0 without problems.validation.")]
    [InlineData("extends: ../wrong.yaml", "wrong.yaml:3:20: e_step.samples is 0, expected 1 to 1048576.")]
    [InlineData("extends: ../wrong.yaml\ne_step: {samples: 1, keep_limit: 0}", "a.yaml:2:34: e_step.keep_limit is 0, expected 1 to 1048576.")]
    public void Every_fault_is_named_where_it_was_written(string text, string fault)
    {
        Write("circle.yaml", "extends: own/a.yaml");
        Write("wrong.yaml", "extends: paper/recipe.yaml\nname: wrong\ne_step: { samples: 0 }");
        Assert.Equal(fault, Fault("own/a.yaml", text));
    }

    private string Fault(string name, string text) =>
        Assert.Single(Assert.Throws<ConfigException>(() => Read(name, text)).Issues).ToString()
            .Replace(_scratch.Path + "/", "", StringComparison.Ordinal).Replace(name + ":1:", "a.yaml:1:", StringComparison.Ordinal)
            .Replace("own/a.yaml:", "a.yaml:", StringComparison.Ordinal).Replace("paper/recipe.yaml:", "recipe.yaml:", StringComparison.Ordinal);

    private RunConfig Read(string name, string text, params string[] overrides) =>
        ConfigFile.Read<RunConfig>(Write(name, text), overrides, RunConfigRules.Apply);

    private string Write(string name, string text)
    {
        string path = _scratch.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
