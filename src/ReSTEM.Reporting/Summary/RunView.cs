using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What a reader of a ledger must know besides the ledger. Serves a run, and an evaluation of one or two models as well.</summary>
public sealed record RunView
{
    /// <summary>Name of the run.</summary>
    public required string Name { get; init; }

    /// <summary>The run's seed; keys the bootstrap.</summary>
    public required ulong Seed { get; init; }

    /// <summary>
    /// E-step and M-step pairs. An evaluation has none: 0 for one model, 1 for two, which then stand where the base model and the
    /// policy of iteration 1 stand in a run.
    /// </summary>
    public required int Iterations { get; init; }

    /// <summary>The problem sets that were measured; the first one measured at every iteration is the main one.</summary>
    public required IReadOnlyList<EvaluationSet> Evaluations { get; init; }

    /// <summary>Tells which answers are the same, for majority votes.</summary>
    public required IVerifier Verifier { get; init; }

    /// <summary>The training problems; empty for an evaluation.</summary>
    public IReadOnlyList<Problem> Train { get; init; } = [];

    /// <summary>The validation problems; empty for an evaluation.</summary>
    public IReadOnlyList<Problem> Validation { get; init; } = [];

    /// <summary>What the models of an evaluation are called, first and second; empty for a run.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>How the run was started, for the report; may be empty.</summary>
    public string Command { get; init; } = "";

    /// <summary>The loop's knobs, for the report's notes on what is approximate; null for an evaluation.</summary>
    public LoopOptions? Options { get; init; }

    /// <summary>The set that tables and sentences speak of first; null when nothing is measured.</summary>
    public EvaluationSet? MainSet =>
        Evaluations.FirstOrDefault(set => set.Options.At is EvaluateAt.Every) ?? (Evaluations.Count > 0 ? Evaluations[0] : null);

    /// <summary>The view of a run.</summary>
    public static RunView OfRun(string name, LoopOptions options, RunProblems problems, IVerifier verifier, string command) => new()
    {
        Name = name,
        Seed = options.Seed,
        Iterations = options.Iterations,
        Evaluations = problems.Evaluations,
        Verifier = verifier,
        Train = problems.Train,
        Validation = problems.Validation,
        Command = command,
        Options = options,
    };

    /// <summary>Whether two policies of a run are given different prompts: examples that only the base model sees.</summary>
    public bool PromptsDiffer(int first, int second) =>
        Options is { Prompt: { FewShot.Count: > 0, Use: FewShotUse.Base } } && (first == 0) != (second == 0);

    /// <summary>What an iteration's policy is called: <c>base model</c>, <c>iteration 2</c>, or the name of an evaluated model.</summary>
    public string NameOf(int iteration) =>
        iteration < Models.Count ? Models[iteration] : iteration == 0 ? "base model" : $"iteration {iteration}";
}
