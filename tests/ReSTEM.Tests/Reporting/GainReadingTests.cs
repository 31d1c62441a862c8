using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

public sealed class GainReadingTests
{
    private static readonly PairedDifference Up = new(0.2, 0.1, 0.3, 0.001);
    private static readonly PairedDifference Down = new(-0.2, -0.3, -0.1, 0.001);
    private static readonly PairedDifference Flat = new(0.01, -0.02, 0.04, 0.6);

    public static TheoryData<string, string> Rules => new()
    {
        { "up flat", "Sharpening: pass@1 on test rose by 20.0 points (95 % interval 10.0 to 30.0) from the base model to iteration 1, while pass@8 shows no change" },
        { "up up", "A broader policy: " },
        { "up down", "Sharpening at a price: " },
        { "flat up", "No shown gain: " },
        { "down up", "A loss: pass@1 on test fell by 20.0 points (95 % interval 10.0 to 30.0)" },
        { "up none", "A gain: " },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_kind_of_gain_follows_from_pass_at_one_and_pass_at_k(string moves, string expected)
    {
        string[] two = moves.Split(' ');
        var metrics = new List<KeyValuePair<string, PairedDifference>> { new("pass@1", Move(two[0])) };
        if (two[1] != "none")
        {
            metrics.Add(new("pass@4", Flat));
            metrics.Add(new("pass@8", Move(two[1])));
        }

        Assert.StartsWith(expected, Summary(1, metrics, 0.4, 0.4).Reading[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flat", "down", true)]
    [InlineData("up", "down", true)]
    [InlineData("up", "up", false)]
    [InlineData("up", "flat", false)]
    public void Greedy_going_another_way_is_said(string pass, string greedy, bool said) => Assert.Equal(
        said,
        Summary(1, [new("pass@1", Move(pass)), new("greedy", Move(greedy))], 0.4, 0.4).Reading
            .Contains("At the same time greedy fell by 20.0 points (95 % interval 10.0 to 30.0)."));

    // Intervals of +-0.02 on four means: the growth of the gap has a half-width of 0.04.
    [Theory]
    [InlineData(0.41, false)]
    [InlineData(0.43, false)]
    [InlineData(0.45, true)]
    public void Over_fitting_is_said_when_the_gap_grows_beyond_its_interval(double train, bool said) =>
        Assert.Equal(said, Summary(1, [new("pass@1", Flat)], train, 0.4).Reading.Any(sentence => sentence.StartsWith("Over-fitting", StringComparison.Ordinal)));

    [Fact]
    public void The_base_model_as_the_best_is_no_gain() =>
        Assert.Contains("the base model is the result", Summary(0, [], 0.4, 0.4).Reading[0], StringComparison.Ordinal);

    private static PairedDifference Move(string name) => name == "up" ? Up : name == "down" ? Down : Flat;

    private static RunSummary Summary(int best, List<KeyValuePair<string, PairedDifference>> metrics, double train, double test)
    {
        var set = new EvaluationSet("test", FakeProblem.Make("test", 2, 0), new EvaluationOptions());
        return new RunSummary
        {
            View = new RunView { Name = "r", Seed = 1, Iterations = 1, Evaluations = [set], Verifier = new FakeVerifier() },
            Status = RunSummary.Complete,
            BestIteration = best,
            Iterations = [Entry(0, 0.4, 0.4), Entry(1, train, test)],
            Differences = metrics.Count == 0 ? [] : [new SetDifferences("test", metrics)],
            Digest = "",
        };
    }

    private static IterationSummary Entry(int iteration, double train, double test) => new()
    {
        Iteration = iteration,
        Evaluations = [new SetSummary("test", 2, 8, [new("pass@1", Around(test))])],
        Train = Around(train),
        Validation = Around(0.4),
        Diagnostics = new Dictionary<Measure, double>(),
        Costs = new Dictionary<string, PhaseCost>(),
    };

    private static Estimate Around(double value) => new(value, value - 0.02, value + 0.02);
}
