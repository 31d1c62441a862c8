using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Speed_and_places_are_no_part_of_what_changes_results()
    {
        var config = new RunConfig
        {
            Name = "a",
            Base = "here",
            Problems = new ProblemsConfig { Train = new ProblemSource { Files = ["a.jsonl"] } },
            Evaluations = new Dictionary<string, EvaluationConfig> { ["test"] = new() { Problems = new ProblemSource { Limit = 5 } } },
            Engine = new EngineConfig { Speed = new EngineSpeed { Threads = 1 } },
        };
        var other = config with
        {
            Base = "there",
            Problems = new ProblemsConfig { Train = new ProblemSource { Files = ["b.jsonl"] } },
            Engine = new EngineConfig { Speed = new EngineSpeed { Threads = 2, Slots = 9 } },
            MStep = new MStepOptions { Optimizer = new OptimizerOptions { Speed = new TrainingSpeed { MicroBatchTokens = 7 } } },
        };
        var settings = Settings.ThatChangeResults(config).ToDictionary();
        Assert.Equal(settings, Settings.ThatChangeResults(other).ToDictionary());
        Assert.Equal(
            ("1", "0.7", "kept", "5", "[1, 8]"),
            (settings["seed"], settings["e_step.sampling.temperature"], settings["m_step.data"], settings["evaluations.test.problems.limit"], settings["evaluations.test.measure.k"]));
        Assert.DoesNotContain(settings.Keys, key => key.Contains("threads", StringComparison.Ordinal) || key.Contains("micro", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_of_a_speed_record_stand_among_those_of_the_record_that_has_it()
    {
        var config = Read<Everything>("text: a\nlarge: 18_000_000_000_000_000_000\nsmall: 0.25\nthreads: 3\n");
        Assert.Equal((18_000_000_000_000_000_000UL, 0.25f, 3), (config.Large, config.Small, config.Speed.Threads));
        Assert.Contains("threads: 3\n", ConfigWriter.Write(config), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("large: -1", ":2:8: large is '-1', expected a whole number of at least 0.")]
    [InlineData("small: much", ":2:8: small is 'much', expected a number.")]
    [InlineData("threads: 2000", ":2:10: threads is 2000, expected 0 to 1024.")]
    public void Faults_of_every_type_have_a_place(string line, string message)
    {
        var fault = Assert.Throws<ConfigException>(() => Read<Everything>($"text: a\n{line}\n"));
        Assert.EndsWith(message, Assert.Single(fault.Issues).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_temperature_that_no_engine_draws_with_is_refused_where_it_stands()
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart-math.yaml");
        var fault = Assert.Throws<ConfigException>(() => RunPlan.Read(path, ["e_step.sampling.temperature=1e-7"]));
        Assert.Equal(
            "--set e_step.sampling.temperature=1e-7: e_step.sampling.temperature is 1E-07, expected 0 (greedy) or 0.000001 to 100.",
            Assert.Single(fault.Issues).ToString());
    }

    private T Read<T>(string yaml)
        where T : class
    {
        string path = _scratch.File("c.yaml");
        File.WriteAllText(path, yaml);
        return ConfigFile.Read<T>(path, [], (_, _) => { });
    }

    private sealed record Everything
    {
        public required string Text { get; init; }

        public ulong Large { get; init; }

        [Range(0.0, 1.0)]
        public float Small { get; init; }

        [Inline]
        public EngineSpeed Speed { get; init; } = new();
    }
}
