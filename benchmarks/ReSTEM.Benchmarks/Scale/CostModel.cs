using ReSTEM.Core;

namespace ReSTEM.Benchmarks;

/// <summary>What a run asks for.</summary>
internal sealed record CostWork
{
    /// <summary>Of the run, for a reader.</summary>
    public required string Name { get; init; }

    public required int Iterations { get; init; }

    public required int TrainProblems { get; init; }

    /// <summary>Of each problem in an E-step.</summary>
    public required int Samples { get; init; }

    /// <summary>Problems of all evaluations of an iteration.</summary>
    public required int EvaluationProblems { get; init; }

    public required int EvaluationSamples { get; init; }

    /// <summary>Tokens of a trained policy's prompt, mean.</summary>
    public required double PromptTokens { get; init; }

    /// <summary>Tokens that examples add to the prompts of the base model.</summary>
    public required double ExampleTokens { get; init; }

    /// <summary>Tokens of a completion, mean of a log-normal distribution.</summary>
    public required double CompletionTokens { get; init; }

    /// <summary>Standard deviation of the logarithm of its length.</summary>
    public required double CompletionSpread { get; init; }

    /// <summary>Longest completion in tokens.</summary>
    public required int MostTokens { get; init; }

    /// <summary>Kept of each problem, mean.</summary>
    public required double Kept { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Programs that are run to judge a completion; 0 where its answer is compared.</summary>
    public required double ProgramsEach { get; init; }
}

/// <summary>What there is to do it with, and how fast each part is.</summary>
internal sealed record CostFleet
{
    /// <summary>Where the rates are from.</summary>
    public required string Name { get; init; }

    /// <summary>Devices that draw.</summary>
    public required int Samplers { get; init; }

    /// <summary>Completions that a device draws at once.</summary>
    public required int SlotsEach { get; init; }

    /// <summary>Tokens a second of one device with all slots in use.</summary>
    public required double DrawnTokens { get; init; }

    /// <summary>Prompt tokens a second of one device.</summary>
    public required double PromptTokens { get; init; }

    /// <summary>Devices that train.</summary>
    public required int Trainers { get; init; }

    /// <summary>Tokens a second of one of them.</summary>
    public required double TrainedTokens { get; init; }

    /// <summary>Cores that judge.</summary>
    public required int JudgeCores { get; init; }

    /// <summary>Answers a second that a core compares.</summary>
    public required double Answers { get; init; }

    /// <summary>Programs a second that a core runs.</summary>
    public required double Programs { get; init; }

    /// <summary>Samples a second that the ledger takes, of 200 tokens each.</summary>
    public required double LedgerSamples { get; init; }

    /// <summary>Bytes of the ledger for each sample, and for each of its tokens.</summary>
    public required double LedgerBytes { get; init; }

    public required double LedgerTokenBytes { get; init; }

    /// <summary>Bytes of a request or answer on the network for each token in it.</summary>
    public required double WireTokenBytes { get; init; }

    /// <summary>Bytes a second that the machine of the run takes from the network.</summary>
    public required double Network { get; init; }

    /// <summary>Bytes of the weights.</summary>
    public required double Weights { get; init; }

    /// <summary>Bytes a second that all servers together load weights at.</summary>
    public required double Loading { get; init; }
}

/// <summary>What one part of a run costs.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="Tokens">Drawn, or trained on.</param>
/// <param name="LedgerBytes">More in the ledger.</param>
/// <param name="WireBytes">Over the network of the run's machine.</param>
/// <param name="Busy">Share of <paramref name="Seconds"/> that each resource works, in [0, 1].</param>
internal sealed record PartCost(double Seconds, double Tokens, double LedgerBytes, double WireBytes, IReadOnlyDictionary<string, double> Busy);

/// <summary>
/// A simulation of draws as a line of stations: slots of the samplers, the network, the cores that judge, the ledger. A slot takes the next completion as
/// soon as it is free; completions reach each station in the order in which they leave the one before, and wait there for a server that is free.
/// </summary>
internal static class CostModel
{
    private const int LedgerTokens = 200; // of the samples whose rate was measured

    /// <summary>Draws: an E-step, or an evaluation.</summary>
    /// <param name="fleet">Does it.</param>
    /// <param name="work">Says how long texts are, and how they are judged.</param>
    /// <param name="problems">Of the draw.</param>
    /// <param name="samples">Of each problem.</param>
    /// <param name="isBase">Whether the base model is drawn from, which sees examples.</param>
    internal static PartCost Draw(CostFleet fleet, CostWork work, long problems, int samples, bool isBase)
    {
        int slots = fleet.Samplers * fleet.SlotsEach;
        var drawing = new PriorityQueue<double, double>(slots); // lengths of completions, by when they end
        Station wire = new(1), judges = new(fleet.JudgeCores), ledger = new(1);
        double prompt = work.PromptTokens + (isBase ? work.ExampleTokens : 0);
        double tokenSeconds = fleet.SlotsEach / fleet.DrawnTokens;
        double prefill = prompt / fleet.PromptTokens * fleet.SlotsEach / samples; // once a problem, and all slots of the device wait for it
        double judging = work.ProgramsEach > 0 ? work.ProgramsEach / fleet.Programs : 1 / fleet.Answers;
        double written = fleet.LedgerBytes + (LedgerTokens * fleet.LedgerTokenBytes); // bytes of a sample whose rate was measured
        var lengths = new Lengths(work);
        long left = problems * samples;
        double tokens = 0, wires = 0, slotSeconds = 0, end = 0;
        for (; left > 0 && drawing.Count < slots; left--)
        {
            Begin(0);
        }

        while (drawing.TryDequeue(out double length, out double drawn))
        {
            if (left > 0)
            {
                Begin(drawn);
                left--;
            }

            double bytes = (length + (prompt / samples)) * fleet.WireTokenBytes;
            double judged = judges.Take(wire.Take(drawn, bytes / fleet.Network), judging);
            end = ledger.Take(judged, (fleet.LedgerBytes + (length * fleet.LedgerTokenBytes)) / written / fleet.LedgerSamples);
            tokens += length;
            wires += bytes;
        }

        return new PartCost(end, tokens, (problems * samples * fleet.LedgerBytes) + (tokens * fleet.LedgerTokenBytes), wires, new Dictionary<string, double>
        {
            ["samplers"] = slotSeconds / (slots * end),
            ["network"] = wire.Busy(end),
            ["judges"] = judges.Busy(end),
            ["ledger"] = ledger.Busy(end),
        });

        void Begin(double now)
        {
            double length = lengths.Next();
            double seconds = (length * tokenSeconds) + prefill;
            slotSeconds += seconds;
            drawing.Enqueue(length, now + seconds);
        }
    }

    /// <summary>An M-step, and the new weights to every device that draws.</summary>
    internal static PartCost Train(CostFleet fleet, CostWork work, long problems)
    {
        double tokens = problems * work.Kept * (work.PromptTokens + work.CompletionTokens) * work.Epochs;
        double training = tokens / (fleet.Trainers * fleet.TrainedTokens);
        double loading = fleet.Weights * fleet.Samplers / fleet.Loading;
        double seconds = training + loading;
        return new PartCost(seconds, tokens, 0, 0, new Dictionary<string, double> { ["trainers"] = training / seconds, ["loading"] = loading / seconds });
    }

    /// <summary>Lengths of completions in tokens: log-normal around the mean, cut where a completion is.</summary>
    private sealed class Lengths(CostWork work)
    {
        private readonly RandomSequence _random = RandomStream.Of(1, RandomPurpose.Sample).Sequence();
        private double? _spare;

        internal double Next()
        {
            double normal;
            if (_spare is { } spare)
            {
                (normal, _spare) = (spare, null);
            }
            else
            {
                (normal, _spare) = _random.Normals();
            }

            double spread = work.CompletionSpread;
            return Math.Clamp(work.CompletionTokens * Math.Exp((spread * normal) - (spread * spread / 2)), 1, work.MostTokens);
        }
    }

    /// <summary>Servers that serve in the order of asking, each by the one that is free first.</summary>
    private sealed class Station
    {
        private readonly PriorityQueue<int, double> _free = new();
        private readonly int _servers;
        private double _work;

        internal Station(int servers)
        {
            _servers = servers;
            for (int server = 0; server < servers; server++)
            {
                _free.Enqueue(server, 0);
            }
        }

        /// <summary>When it is done.</summary>
        internal double Take(double asked, double seconds)
        {
            _free.TryPeek(out int server, out double free);
            double done = Math.Max(asked, free) + seconds;
            _free.DequeueEnqueue(server, done);
            _work += seconds;
            return done;
        }

        internal double Busy(double end) => _work / (_servers * end);
    }
}
