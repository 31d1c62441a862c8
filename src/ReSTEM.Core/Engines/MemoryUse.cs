namespace ReSTEM.Core;

/// <summary>Work whose memory is to be known before it begins.</summary>
public sealed record MemoryUse
{
    /// <summary>Tokens of the longest prompt.</summary>
    public required int PromptLength { get; init; }

    /// <summary>Tokens of the longest completion; prompt and completion together are bounded by the context.</summary>
    public required int CompletionLength { get; init; }

    /// <summary>Completions that are drawn from one prompt.</summary>
    public int SamplesPerPrompt { get; init; } = 1;

    /// <summary>How it trains; null where it only samples.</summary>
    public OptimizerOptions? Optimizer { get; init; }

    /// <summary>The adapter that is trained; null for all weights.</summary>
    public AdapterOptions? Adapter { get; init; }

    /// <summary>Whether training is interrupted to sample or to ask candidates.</summary>
    public bool Validates { get; init; }

    /// <summary>Whether sequences are mixed in pairs, which are computed together.</summary>
    public bool Mixes { get; init; }
}

/// <summary>What work takes, in bytes: most memory of the whole process at a time, files that the system caches apart, and disk.</summary>
/// <param name="Sampling">While it samples.</param>
/// <param name="Training">While it trains, candidates being sampled included; 0 where it does not train.</param>
/// <param name="Trained">What an M-step writes for each policy, on disk; 0 where it does not train.</param>
public sealed record MemoryEstimate(long Sampling, long Training, long Trained)
{
    /// <summary>The larger of the two: policies are closed before training begins.</summary>
    public long Peak => Math.Max(Sampling, Training);

    /// <summary>Completions drawn at once that <see cref="Sampling"/> has room for, where the engine chooses them by its memory; else 0.</summary>
    public int Slots { get; init; }
}
