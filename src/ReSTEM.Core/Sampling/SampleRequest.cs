namespace ReSTEM.Core;

/// <summary>One completion to draw.</summary>
public sealed record SampleRequest
{
    /// <summary>Handed back on the completion; requests with the same prompt that follow each other share its prefill.</summary>
    public required string ProblemId { get; init; }

    /// <summary>Number of this sample among those of its problem, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Prompt as token ids, special tokens included.</summary>
    public required IReadOnlyList<int> PromptIds { get; init; }

    /// <summary>How to draw.</summary>
    public required SamplingOptions Options { get; init; }

    /// <summary>Random numbers of this sample; position p draws token p.</summary>
    public required RandomStream Random { get; init; }
}
