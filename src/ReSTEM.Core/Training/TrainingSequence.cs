namespace ReSTEM.Core;

/// <summary>One sequence to train on.</summary>
public sealed record TrainingSequence
{
    /// <summary>Prompt, completion and end token.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Predictions of tokens t &gt;= max(1, PromptLength) count in the loss; 0 counts the whole text.</summary>
    public required int PromptLength { get; init; }

    /// <summary>The weight w(x, y) &gt;= 0 of the sequence's log-likelihood.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>
    /// Whether it is one more completion of the example that the sequence before it is of. The sequences of an example stand in one batch, in this
    /// order, and are one of its <see cref="OptimizerOptions.BatchSequences"/>.
    /// </summary>
    public bool Continues { get; init; }
}
