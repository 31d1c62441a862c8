using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReSTEM.Benchmarks;

/// <summary>A table of what runs cost on fleets, once and at a hundred times their problems.</summary>
internal static class CostReport
{
    private const int Larger = 100;

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Writes <c>cost.md</c>.</summary>
    /// <param name="results">Folder of the page.</param>
    /// <param name="inputs">JSON of works and fleets.</param>
    internal static void Write(string results, string inputs)
    {
        var (works, fleets) = JsonSerializer.Deserialize<Inputs>(File.ReadAllText(inputs), Strict)!;
        var text = new StringBuilder("# What runs cost\n\n");
        text.Append("A simulation, not a measurement: each completion passes the slots of the samplers, the network, the cores that judge and the ledger. Inputs, and where they are from: ");
        text.Append(CultureInfo.InvariantCulture, $"`{inputs.Replace('\\', '/')}`.\n\n");
        text.Append("| run | problems | on | tokens drawn | tokens trained | E-steps | evaluations | M-steps | all | ledger | network | busiest in an E-step | judges last for | network | ledger |\n");
        text.Append("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|\n");
        foreach (var (work, fleet, times) in works.SelectMany(work => fleets.SelectMany(fleet => new[] { 1, Larger }.Select(times => (work, fleet, times)))))
        {
            string row = Row(work, fleet, times);
            Console.WriteLine(row);
            text.Append(row).Append('\n');
        }

        text.Append("\nThe last three columns: devices that draw which the judging cores, the network of the run's machine and its ledger keep up with. A busiest part well below 100 % means that a draw ends with waiting for its longest completions.\n");
        Directory.CreateDirectory(results);
        File.WriteAllText(Path.Combine(results, "cost.md"), text + $"\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- cost benchmarks/results {inputs}\n");
    }

    private static string Row(CostWork work, CostFleet fleet, int times)
    {
        long train = (long)work.TrainProblems * times, evaluated = (long)work.EvaluationProblems * times;
        PartCost first = CostModel.Draw(fleet, work, train, work.Samples, isBase: true), later = CostModel.Draw(fleet, work, train, work.Samples, isBase: false);
        PartCost evaluationOfBase = CostModel.Draw(fleet, work, evaluated, work.EvaluationSamples, isBase: true);
        PartCost evaluation = CostModel.Draw(fleet, work, evaluated, work.EvaluationSamples, isBase: false);
        PartCost training = CostModel.Train(fleet, work, train);
        double eSteps = first.Seconds + (later.Seconds * (work.Iterations - 1)), evaluations = evaluationOfBase.Seconds + (evaluation.Seconds * work.Iterations), mSteps = training.Seconds * work.Iterations;
        string busiest = later.Busy.MaxBy(station => station.Value).Key;
        string[] cells =
        [
            work.Name, $"{train:N0}", fleet.Name, Large(All(part => part.Tokens)), Large(training.Tokens * work.Iterations),
            Time(eSteps), Time(evaluations), Time(mSteps), Time(eSteps + evaluations + mSteps),
            Large(All(part => part.LedgerBytes)) + "B", Large(All(part => part.WireBytes)) + "B",
            string.Create(CultureInfo.InvariantCulture, $"{busiest} ({later.Busy[busiest]:P0})"), Lasts("judges"), Lasts("network"), Lasts("ledger"),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");

        double All(Func<PartCost, double> of) => of(first) + (of(later) * (work.Iterations - 1)) + of(evaluationOfBase) + (of(evaluation) * work.Iterations);

        string Lasts(string station) => string.Create(CultureInfo.InvariantCulture, $"{fleet.Samplers * later.Busy["samplers"] / later.Busy[station]:N0}");
    }

    private static string Time(double seconds) => seconds < 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:N1} min")
        : seconds < 3600 * 48 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:N1} h") : string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:N1} d");

    private static string Large(double value) => value switch
    {
        >= 1e12 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e12:N1} T"),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:N1} G"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:N1} M"),
    };

    private sealed record Inputs(IReadOnlyList<CostWork> Works, IReadOnlyList<CostFleet> Fleets);
}
