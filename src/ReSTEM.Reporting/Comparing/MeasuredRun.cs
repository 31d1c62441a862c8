using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>What one policy of a run did on every problem that it was measured on.</summary>
public sealed record MeasuredRun
{
    /// <summary>The run, in messages.</summary>
    public required string Name { get; init; }

    /// <summary>The policy's iteration; 0 is the base model.</summary>
    public required int Iteration { get; init; }

    /// <summary>The run's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Every set that the policy was measured on, in the order of the configuration.</summary>
    public required IReadOnlyList<MeasuredSet> Sets { get; init; }

    /// <summary>Reads what a ledger has of a policy.</summary>
    /// <param name="ledger">Of the run.</param>
    /// <param name="view">Of the run.</param>
    /// <param name="iteration">Which policy; null for the run's result.</param>
    /// <exception cref="InvalidDataException">The policy is not there, or was not measured.</exception>
    public static MeasuredRun Read(RunLedger ledger, RunView view, int? iteration)
    {
        int last = Enumerable.Range(1, view.Iterations).TakeWhile(trained => ledger.Training.Read(trained) is not null).LastOrDefault();
        int chosen = iteration ?? BestIteration.Of(ledger.Measures, last);
        if (chosen < 0 || chosen > last)
        {
            throw new InvalidDataException($"{view.Name} has no iteration {chosen}, expected 0 (the base model) to {last}.");
        }

        var measures = ledger.Measures.Read(chosen);
        var evaluation = new Evaluation(view.Verifier, ledger.Samples, ledger.Measures, view.Seed);
        MeasuredSet[] sets =
        [
            .. view.Evaluations
                .Where(set => measures.Keys.Any(measure => measure.Name.StartsWith(set.Name + "/", StringComparison.Ordinal)))
                .Select(set => new MeasuredSet(set, evaluation.Values(set, chosen), PromptOf(view, set, chosen))),
        ];
        return sets.Length > 0
            ? new MeasuredRun { Name = view.Name, Iteration = chosen, Seed = view.Seed, Sets = sets }
            : throw new InvalidDataException($"{view.Name} measured no problem set at iteration {chosen}, expected at least one under evaluations.");
    }

    /// <summary>A set by name; null where the policy was not measured on it.</summary>
    public MeasuredSet? Find(string set) => Sets.FirstOrDefault(measured => measured.Set.Name == set);

    /// <summary>What the policy is given for the first problem of a set, so that two policies that are given different texts can be told apart.</summary>
    private static string PromptOf(RunView view, EvaluationSet set, int iteration) => view.Options is not { Prompt: var prompt } ? ""
        : prompt.Chat is null ? prompt.Build(set.Problems[0], isUntrained: iteration == 0)
        : string.Join('\n', prompt.Turns(set.Problems[0], isUntrained: iteration == 0).Select(turn => $"{turn}"));
}

/// <summary>A problem set with one policy's values.</summary>
/// <param name="Set">The set, and how it was measured.</param>
/// <param name="Values">By metric, one value for each problem in the order of the set.</param>
/// <param name="Prompt">What the policy was given for its first problem.</param>
public sealed record MeasuredSet(EvaluationSet Set, IReadOnlyDictionary<string, double[]> Values, string Prompt)
{
    /// <summary>Whether another one is of the same problems, in the same order.</summary>
    public bool IsOfSameProblems(MeasuredSet other) => Set.Problems.Count == other.Set.Problems.Count
        && Set.Problems.Zip(other.Set.Problems).All(pair => pair.First.Id == pair.Second.Id && pair.First.Prompt == pair.Second.Prompt && pair.First.Reference == pair.Second.Reference);
}
