using ReSTEM.Benchmarks;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>The simulation of what runs cost, against what can be worked out by hand.</summary>
public sealed class CostModelTests
{
    private static readonly CostWork Work = new()
    {
        Name = "w",
        Iterations = 1,
        TrainProblems = 3,
        Samples = 1,
        EvaluationProblems = 0,
        EvaluationSamples = 0,
        PromptTokens = 0,
        ExampleTokens = 0,
        CompletionTokens = 10,
        CompletionSpread = 0,
        MostTokens = 100,
        Kept = 2,
        Epochs = 3,
        ProgramsEach = 0,
    };

    private static readonly CostFleet Fleet = new()
    {
        Name = "f",
        Samplers = 1,
        SlotsEach = 2,
        DrawnTokens = 20,
        PromptTokens = 100,
        Trainers = 2,
        TrainedTokens = 5,
        JudgeCores = 1,
        Answers = 2,
        Programs = 4,
        LedgerSamples = 4,
        LedgerBytes = 100,
        LedgerTokenBytes = 0,
        WireTokenBytes = 1,
        Network = 10,
        Weights = 30,
        Loading = 15,
    };

    // Drawn in two slots at 1 s each: ends at 1, 1, 2. Network, 1 s each: 2, 3, 4. Judged, 0.5 s each: 2.5, 3.5, 4.5. Ledger, 0.25 s each: 2.75, 3.75, 4.75.
    [Fact]
    public void Three_completions_pass_the_stations_as_by_hand()
    {
        PartCost cost = CostModel.Draw(Fleet, Work, 3, 1, isBase: false);
        Assert.Equal(4.75, cost.Seconds, 12);
        Assert.Equal((30, 300, 30), (cost.Tokens, cost.LedgerBytes, cost.WireBytes));
        Assert.Equal(3 / (2 * 4.75), cost.Busy["samplers"], 12);
        Assert.Equal(3 / 4.75, cost.Busy["network"], 12);
        Assert.Equal(1.5 / 4.75, cost.Busy["judges"], 12);
        Assert.Equal(0.75 / 4.75, cost.Busy["ledger"], 12);
    }

    // A prompt of 50 tokens takes the device 0.5 s, so each of its two slots 0.5 s; two completions of a problem share that: 0.5 s of slot time each.
    [Fact]
    public void A_prompt_is_read_once_for_the_completions_of_a_problem()
    {
        CostWork prompted = Work with { PromptTokens = 20, ExampleTokens = 30 };
        var swift = Fleet with { Network = 1e12, Answers = 1e12, LedgerSamples = 1e12 };
        Assert.Equal(1.5, CostModel.Draw(swift, prompted, 1, 2, isBase: true).Seconds, 9);
        Assert.Equal(1.2, CostModel.Draw(swift, prompted, 1, 2, isBase: false).Seconds, 9);
        Assert.Equal(2.5, CostModel.Draw(swift with { Programs = 4, SlotsEach = 2 }, prompted with { ProgramsEach = 2 }, 1, 2, isBase: true).Seconds, 9); // two programs in turn, 0.5 s each
    }

    // 3 problems x 2 kept x 10 tokens x 3 epochs = 180 tokens at 2 x 5 a second; 30 bytes of weights at 15 a second.
    [Fact]
    public void Training_is_tokens_over_rate_and_the_loading_of_weights()
    {
        PartCost cost = CostModel.Train(Fleet, Work, 3);
        Assert.Equal((20, 180), (cost.Seconds, cost.Tokens));
        Assert.Equal((0.9, 0.1), (cost.Busy["trainers"], cost.Busy["loading"]));
    }

    /// <summary>No line is faster than its slowest station, nor slower than that and what one completion takes in all the others, twice over for the ends.</summary>
    [Fact]
    public void A_long_draw_takes_as_long_as_its_slowest_station()
    {
        RandomSequence random = RandomStream.Of(7, RandomPurpose.Sample).Sequence();
        var slowest = new HashSet<string>();
        for (int round = 0; round < 200; round++)
        {
            CostFleet fleet = Fleet with
            {
                Samplers = random.Between(1, 4),
                SlotsEach = random.Between(1, 8),
                JudgeCores = random.Between(1, 5),
                DrawnTokens = Rate(10, 1000),
                Network = Rate(5, 500),
                Answers = Rate(0.2, 20),
                LedgerSamples = Rate(0.5, 50),
            };
            CostWork work = Work with { CompletionSpread = 0.6 };
            PartCost cost = CostModel.Draw(fleet, work, 50, 8, isBase: false);
            string station = cost.Busy.MaxBy(entry => entry.Value).Key;
            slowest.Add(station);
            double least = cost.Seconds * cost.Busy[station];
            double longest = work.MostTokens * fleet.SlotsEach / fleet.DrawnTokens;
            double ends = 2 * (longest + (work.MostTokens / fleet.Network) + (1 / fleet.Answers) + (1 / fleet.LedgerSamples));
            Assert.InRange(cost.Seconds, least, least + ends);
            Assert.InRange(cost.Busy[station], 0, 1.000001);
        }

        Assert.Equal(4, slowest.Count); // each was the slowest in some round

        double Rate(double low, double high) => low * Math.Pow(high / low, random.Uniform());
    }
}
