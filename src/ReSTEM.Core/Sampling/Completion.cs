namespace ReSTEM.Core;

/// <summary>Why a completion ended.</summary>
public enum FinishReason
{
    /// <summary>The model drew an end-of-text token.</summary>
    EndOfText,

    /// <summary>A stop string appeared.</summary>
    StopString,

    /// <summary><see cref="SamplingOptions.MaxTokens"/> were drawn.</summary>
    MaxTokens,

    /// <summary>Prompt and completion fill the model's context.</summary>
    ContextFull,
}

/// <summary>Text drawn from a policy.</summary>
public sealed record Completion
{
    /// <summary>From the request.</summary>
    public required string ProblemId { get; init; }

    /// <summary>From the request.</summary>
    public required int Index { get; init; }

    /// <summary>The drawn ids in order; an end-of-text token that ended the completion is the last of them.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>The decoded text, special tokens left out, cut before a stop string; empty for a model without tokenizer.</summary>
    public required string Text { get; init; }

    /// <summary>Why it ended.</summary>
    public required FinishReason FinishReason { get; init; }

    /// <summary>Sum over <see cref="TokenIds"/> of log p(token | before) under the untempered, unfiltered policy, in nats.</summary>
    public required double LogProbability { get; init; }
}
