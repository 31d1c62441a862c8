using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class ConfigFileTests : IDisposable
{
    private const string Smallest = """
        name: small
        base: models/tiny
        problems:
          train:
            files: [train.jsonl]
        """;

    private readonly ScratchFolder _scratch = new();

    private string Path => _scratch.File("a.yaml");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_smallest_configuration_has_the_documented_defaults()
    {
        RunConfig config = Read(Smallest);
        Assert.Equal(("small", "models/tiny", 3, 1L), (config.Name, config.Base, config.Iterations, config.Seed));
        Assert.Equal((32, 10, KeepRule.Correct), (config.EStep.Samples, config.EStep.KeepLimit, config.EStep.Keep));
        Assert.Equal((0.7, 40, 1.0), (config.EStep.Sampling.Temperature, config.EStep.Sampling.TopK, config.EStep.Sampling.TopP));
        Assert.Equal((KeptWeights.Count, RestartFrom.Base), (config.MStep.Weights, config.MStep.Restart));
        Assert.Null(config.Problems.Validation);
        Assert.Empty(config.Evaluations);
    }

    [Fact]
    public void Every_fault_is_reported_at_once_with_its_line_and_column()
    {
        var issues = Issues("""
            name: "no spaces allowed"
            iteratons: 3
            problems:
              train:
                files: [a.jsonl]
                limit: -1
            e_step:
              samples: many
              keep: sometimes
              sampling:
                temperature: 0.7
                top_p: 0
                max_tokens: 1.5
            m_step: 7
            """);
        Assert.Equal(
            [
                "a.yaml:1:7: name is 'no spaces allowed', expected a value of the form [A-Za-z0-9][A-Za-z0-9._-]{0,99}.",
                "a.yaml:2:1: unknown key 'iteratons'; did you mean 'iterations'?",
                "a.yaml:6:12: problems.train.limit is -1, expected at least 0.",
                "a.yaml:8:12: e_step.samples is 'many', expected a whole number.",
                "a.yaml:9:9: e_step.keep is 'sometimes', expected one of correct, any.",
                "a.yaml:12:12: e_step.sampling.top_p is 0, expected more than 0 to 1.",
                "a.yaml:13:17: e_step.sampling.max_tokens is '1.5', expected a whole number.",
                "a.yaml:14:9: m_step is '7', expected keys and values.",
                "a.yaml:1:1: base is missing, expected a value.",
            ],
            issues);
    }

    [Theory]
    [InlineData("e_stepp: {}", "unknown key 'e_stepp'; did you mean 'e_step'?")]
    [InlineData("e_step: { keep_limt: 3 }", "unknown key 'e_step.keep_limt'; did you mean 'keep_limit'?")]
    [InlineData("zzzzzzzz: 1", "unknown key 'zzzzzzzz', expected one of name, seed, base,")]
    [InlineData("evaluations: { test: { problems: {}, measur: {} } }", "unknown key 'evaluations.test.measur'; did you mean 'measure'?")]
    [InlineData("evaluations: { test: {} }", "evaluations.test.problems is missing, expected a value.")]
    [InlineData("evaluations: []", "evaluations is a list, expected names and values.")]
    [InlineData("iterations:", "iterations is empty, expected a whole number.")]
    [InlineData("iterations: { a: 1 }", "iterations is a group of keys, expected a whole number.")]
    [InlineData("seed: 99999999999999999999", "seed is '99999999999999999999', expected a whole number.")]
    [InlineData("verifier: { failure_limit: .nan }", "verifier.failure_limit is '.nan', expected a number.")]
    [InlineData("verifier: { last_number: yes }", "verifier.last_number is 'yes', expected true or false.")]
    [InlineData("prompt: { use: 0 }", "prompt.use is '0', expected one of base, always.")]
    public void A_wrong_key_or_value_says_what_is_allowed(string line, string expected) =>
        Assert.Contains(expected, Issues($"{Smallest}\n{line}").Single(), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "a.yaml:1:1: the file holds no keys")]
    [InlineData("- a\n- b\n", "a.yaml:1:1: the file holds no keys")]
    [InlineData("name: a\n---\nname: b\n", "a.yaml:1:1: the file holds no keys")]
    [InlineData("name: [a\nbase: b", "a.yaml:1:7: not valid YAML: what begins here is not finished")]
    [InlineData("name: a\nname: b", "a.yaml:2:1: not valid YAML")]
    [InlineData("name: a\n\tbase: b", "a.yaml:1:7: not valid YAML")]
    public void A_file_that_is_no_mapping_is_refused_with_its_place(string text, string expected) =>
        Assert.StartsWith(expected, Issues(text).Single(), StringComparison.Ordinal);

    // Stream, document and mapping are 3 levels: the 98th bracket, in column 7 + 97, is the 101st.
    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Equal("a.yaml:1:104: not valid YAML: nested more than 100 deep.", Issues("name: " + new string('[', 200_000)).Single());

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.EndsWith("does not exist; give the path of a YAML file, for example configs/quickstart.yaml.", Fault(_scratch.File("none.yaml")).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder, expected a file", Fault(_scratch.Path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_win_and_make_the_groups_they_need()
    {
        RunConfig config = Read(
            Smallest, "seed=7", "e_step.sampling.temperature=1.0", "problems.train.files=[x.jsonl, y.jsonl]", "e_step.sampling.stop=[\"\\n\"]");
        Assert.Equal((7L, 1.0), (config.Seed, config.EStep.Sampling.Temperature));
        Assert.Equal(["x.jsonl", "y.jsonl"], config.Problems.Train.Files.Select(file => file.Path));
        Assert.Equal(["\n"], config.EStep.Sampling.Stop);
        Assert.Equal(40, Read(Smallest + "\ne_step: { sampling: { temperature: 0.5, top_k: 40 } }", "e_step.sampling.temperature=0.9").EStep.Sampling.TopK);
    }

    [Theory]
    [InlineData("iterations=0", "--set iterations=0: iterations is 0, expected 1 to 1000.")]
    [InlineData("iteration=2", "--set iteration=2: unknown key 'iteration'; did you mean 'iterations'?")]
    [InlineData("iterations", "--set iterations: expected key.path=value.")]
    [InlineData("=3", "--set =3: expected key.path=value.")]
    [InlineData("seed=[", "--set seed=[: the value is not valid YAML")]
    [InlineData("seed=[1\n2: ]", "--set seed=[1\n2: ]: the value is not valid YAML")]
    [InlineData("e_step.samples=x", "--set e_step.samples=x: e_step.samples is 'x', expected a whole number.")]
    public void A_fault_of_an_override_is_placed_there(string text, string expected)
    {
        File.WriteAllText(Path, Smallest);
        var fault = Assert.Throws<ConfigException>(() => ConfigFile.Read<RunConfig>(Path, [text], (_, _) => { }));
        Assert.StartsWith(expected, Assert.Single(fault.Issues).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_across_keys_report_at_the_key_or_its_nearest_parent()
    {
        File.WriteAllText(Path, Smallest + "\ne_step:\n  samples: 4\n");
        var fault = Assert.Throws<ConfigException>(() => ConfigFile.Read<RunConfig>(Path, [], (config, report) =>
        {
            report("e_step.samples", $"samples is {config.EStep.Samples}");
            report("e_step.keep_limit", "not given");
            report("engine.threads", "nor this");
        }));
        Assert.Equal([(7, 12), (7, 3), (1, 1)], fault.Issues.Select(issue => issue.Place.Split(':')).Select(parts => (int.Parse(parts[^2]), int.Parse(parts[^1]))));
    }

    [Fact]
    public void The_resolved_configuration_reads_back_as_itself()
    {
        RunConfig config = Read($$"""
            {{Smallest}}
            seed: 900_000_000
            prompt:
              template: "Q: {prompt}\n\tA: \u2603 \"quoted\" 'single' # no comment \U0001F600\0"
              use: always
            e_step: { samples: 8, sampling: { temperature: 1e-3, stop: ["\n\n", "", "null", "~", "- a"] } }
            evaluations:
              test: { problems: { files: ["a: b.jsonl"] }, measure: { k: [1, 4], at: ends } }
              "odd name: 1": { problems: { generate: { kinds: [word, arithmetic], split: test, count: 5 } } }
            """);
        string written = ConfigWriter.Write(config);
        RunConfig again = Read(written);
        Assert.Equal(written, ConfigWriter.Write(again));
        Assert.Equal(config.Prompt.Template, again.Prompt.Template);
        Assert.Equal(config.EStep.Sampling.Stop, again.EStep.Sampling.Stop);
        Assert.Equal(config.Evaluations.Keys, again.Evaluations.Keys);
        Assert.Equal(0.001, again.EStep.Sampling.Temperature);
        Assert.DoesNotContain("\nengine:", ConfigWriter.Write(config, "engine"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_groups_read_back_too()
    {
        var config = new Outer { Items = [new Inner { Name = "a", Sizes = [1, 2] }, new Inner { Name = "b", Deep = new Outer { Items = [] } }] };
        File.WriteAllText(Path, ConfigWriter.Write(config));
        Outer again = ConfigFile.Read<Outer>(Path, [], (_, _) => { });
        Assert.Equal(ConfigWriter.Write(config), ConfigWriter.Write(again));
        Assert.Equal([1, 2], again.Items[0].Sizes);
        Assert.NotNull(again.Items[1].Deep);
    }

    private RunConfig Read(string text, params string[] overrides)
    {
        File.WriteAllText(Path, text);
        return ConfigFile.Read<RunConfig>(Path, overrides, (_, _) => { });
    }

    private string[] Issues(string text)
    {
        File.WriteAllText(Path, text);
        return [.. Fault(Path).Issues.Select(issue => issue.ToString()[(_scratch.Path.Length + 1)..])];
    }

    private static ConfigException Fault(string path) =>
        Assert.Throws<ConfigException>(() => ConfigFile.Read<RunConfig>(path, [], (_, _) => { }));

    private sealed record Outer
    {
        public required IReadOnlyList<Inner> Items { get; init; }
    }

    private sealed record Inner
    {
        public required string Name { get; init; }

        public IReadOnlyList<int> Sizes { get; init; } = [];

        public Outer? Deep { get; init; }
    }
}
