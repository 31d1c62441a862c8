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

/// <summary>Why completions ended, as rows and answers say it.</summary>
public static class FinishReasonNames
{
    private static readonly Dictionary<FinishReason, string> Written = new()
    {
        [FinishReason.EndOfText] = "end_of_text",
        [FinishReason.StopString] = "stop",
        [FinishReason.MaxTokens] = "max_tokens",
        [FinishReason.ContextFull] = "context_full",
    };

    /// <summary>The name of a reason.</summary>
    public static string Of(FinishReason reason) => Written[reason];

    /// <summary>The reason of a name; null where there is none.</summary>
    public static FinishReason? Parse(string? name) => Written.Where(entry => entry.Value == name).Select(entry => (FinishReason?)entry.Key).FirstOrDefault();
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
