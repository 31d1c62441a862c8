namespace ReSTEM.Core;

/// <summary>Every knob of the self-training loop.</summary>
public sealed record LoopOptions
{
    /// <summary>Keys every random draw of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>E-step and M-step pairs, I.</summary>
    public required int Iterations { get; init; }

    /// <summary>The base model.</summary>
    public required PolicyRef Base { get; init; }

    /// <summary>Sampled in every E-step instead of the latest policy (distillation); null for self-training.</summary>
    public required PolicyRef? Teacher { get; init; }

    /// <summary>What every draw has in common.</summary>
    public required DrawingOptions Drawing { get; init; }

    /// <summary>The E-step.</summary>
    public required EStepOptions EStep { get; init; }

    /// <summary>The M-step.</summary>
    public required MStepOptions MStep { get; init; }

    /// <summary>The validation reward.</summary>
    public required ValidationOptions Validation { get; init; }

    /// <summary>Samples per training problem drawn from the last policy, so that its train-test gap is known; 0 leaves it out.</summary>
    public required int TrainGapSamples { get; init; }

    /// <summary>Trains policies again whose folders are gone.</summary>
    public bool Rebuild { get; init; }

    /// <summary>How a problem becomes a prompt.</summary>
    public PromptOptions Prompt => Drawing.Prompt;
}

/// <summary>The problems of a run.</summary>
/// <param name="Train">What the E-step draws on.</param>
/// <param name="Validation">What chooses epochs and the best iteration; may be empty.</param>
/// <param name="Evaluations">What is measured and never trained on.</param>
public sealed record RunProblems(
    IReadOnlyList<Problem> Train, IReadOnlyList<Problem> Validation, IReadOnlyList<EvaluationSet> Evaluations)
{
    /// <summary>All of them.</summary>
    public IEnumerable<Problem> All => Train.Concat(Validation).Concat(Evaluations.SelectMany(set => set.Problems));
}

/// <summary>A problem set to measure.</summary>
/// <param name="Name">Its name in tables and reports.</param>
/// <param name="Problems">Not empty.</param>
/// <param name="Options">How to measure.</param>
public sealed record EvaluationSet(string Name, IReadOnlyList<Problem> Problems, EvaluationOptions Options);
