using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What a run, or an evaluation, measured.</summary>
public sealed record RunSummary
{
    /// <summary>Status of a run whose last phase is done.</summary>
    public const string Complete = "complete";

    /// <summary>Status of a run that has something left to do; the same command goes on with it.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>What was summarised.</summary>
    public required RunView View { get; init; }

    /// <summary><see cref="Complete"/> or <see cref="Incomplete"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The iteration with the best validation reward so far; 0 is the base model.</summary>
    public required int BestIteration { get; init; }

    /// <summary>Every iteration that anything is known of, from 0, the base model.</summary>
    public required IReadOnlyList<IterationSummary> Iterations { get; init; }

    /// <summary>Paired differences between the base model and the best iteration, for each set that both were measured on.</summary>
    public required IReadOnlyList<SetDifferences> Differences { get; init; }

    /// <summary>The main set by how often the base model solved a problem, with what the result did; empty where that is not known.</summary>
    public IReadOnlyList<DifficultyBin> Difficulty { get; init; } = [];

    /// <summary>Whether validation chose the result; else it is the last iteration.</summary>
    public bool IsValidated => Iterations.Any(entry => entry.Validation is not null);

    /// <summary>What an iteration is beside its name: <c>best</c> where validation chose it, <c>last</c> where nothing did; empty for the others.</summary>
    public string RankOf(int iteration) => View.Models.Count > 0 || iteration != BestIteration ? ""
        : IsValidated ? "best"
        : iteration > 0 ? "last" : "";

    /// <summary>Digest of the ledger's reproducible contents, lower-case hexadecimal SHA-256.</summary>
    public required string Digest { get; init; }

    /// <summary>What kind of gain it is, in plain sentences.</summary>
    public IReadOnlyList<string> Reading => GainReading.Of(this);

    /// <summary>The measurement of one set at one iteration; null when there is none.</summary>
    public SetSummary? Find(int iteration, string set) => Iterations
        .FirstOrDefault(entry => entry.Iteration == iteration)?.Evaluations
        .FirstOrDefault(entry => entry.Set == set);
}

/// <summary>One iteration, or the base model.</summary>
public sealed record IterationSummary
{
    /// <summary>0 for the base model.</summary>
    public required int Iteration { get; init; }

    /// <summary>Every set that its policy was measured on.</summary>
    public required IReadOnlyList<SetSummary> Evaluations { get; init; }

    /// <summary>Distinct completions that its E-step kept; null where there was no E-step.</summary>
    public int? Kept { get; init; }

    /// <summary>
    /// Examples that its M-step trained on: what was kept, with <c>accumulate</c> by earlier iterations too, or the problems' solutions;
    /// null where nothing was trained.
    /// </summary>
    public int? TrainedOn { get; init; }

    /// <summary>Training problems with a correct sample in its E-step; null where there was no E-step.</summary>
    public int? ProblemsSolved { get; init; }

    /// <summary>Pass@1 of its policy on the training problems.</summary>
    public Estimate? Train { get; init; }

    /// <summary>Validation reward of its policy.</summary>
    public Estimate? Validation { get; init; }

    /// <summary>The iteration of the policy that its E-step sampled; that of the base model's, 0, for the base model itself.</summary>
    public int SampledBy { get; init; }

    /// <summary>What its validation decided; null where the run's rule asks for nothing.</summary>
    public ValidationDecision? Decision { get; init; }

    /// <summary>The EM diagnostics of its E-step and M-step, by measure.</summary>
    public required IReadOnlyDictionary<Measure, double> Diagnostics { get; init; }

    /// <summary>What each phase cost, over all starts.</summary>
    public required IReadOnlyDictionary<string, PhaseCost> Costs { get; init; }

    /// <summary>Wall-clock seconds of all phases.</summary>
    public double Seconds => Costs.Values.Sum(cost => cost.Seconds);
}

/// <summary>One problem set measured with one policy.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Problems">How many problems it has.</param>
/// <param name="Samples">Samples drawn per problem, the greedy one not counted.</param>
/// <param name="Metrics">By name, in the order to show: pass@k, maj@k, greedy.</param>
public sealed record SetSummary(
    string Set, int Problems, int Samples, IReadOnlyList<KeyValuePair<string, Estimate>> Metrics)
{
    /// <summary>A metric by name; null when it was not measured.</summary>
    public Estimate? Find(string metric) =>
        Metrics.Where(entry => entry.Key == metric).Select(entry => (Estimate?)entry.Value).FirstOrDefault();
}

/// <summary>Paired differences of one set between two policies.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Metrics">By name, in the order to show.</param>
public sealed record SetDifferences(string Set, IReadOnlyList<KeyValuePair<string, PairedDifference>> Metrics)
{
    /// <summary>A metric by name; null when it was not measured.</summary>
    public PairedDifference? Find(string metric) =>
        Metrics.Where(entry => entry.Key == metric).Select(entry => (PairedDifference?)entry.Value).FirstOrDefault();
}
