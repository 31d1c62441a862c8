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

    /// <summary>Is told every token as it is drawn; null for nobody.</summary>
    public TokenListener? Listener { get; init; }

    /// <summary>When cancelled, nobody waits for the completion any more: drawing may stop, and then none is given.</summary>
    public CancellationToken Abandoned { get; init; }
}

/// <summary>
/// Is told a token, on the thread that draws, so it returns at once. A completion that is begun anew for want of memory tells its first tokens again.
/// </summary>
/// <param name="position">Number of the token in the completion, from 0.</param>
/// <param name="tokenId">The token.</param>
/// <param name="logProbability">log p(token | before) under the untempered, unfiltered policy, in nats.</param>
public delegate void TokenListener(int position, int tokenId, double logProbability);
