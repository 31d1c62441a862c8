using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// The forward pass of one lane, with the keys and values of its sequences. Used by one thread at a time, not always the same.
/// </summary>
/// <remarks>
/// A sequence is given back by its <see cref="IDisposable.Dispose"/>, once, forks before the prompt that they share. After an
/// exception from <see cref="Step"/> or <see cref="Score"/> the sequences are given back and the decoder is disposed, never used
/// again; so no state needs to be repaired.
/// </remarks>
public interface IDecoder : IDisposable
{
    /// <summary>
    /// Opens an empty sequence with memory for a number of positions set aside, so that no later step fails for want of memory.
    /// </summary>
    /// <param name="positions">At least 1, at most the context; all are computed if the sequence is a prompt.</param>
    /// <returns>Null if there is no memory now; it is asked for again when other sequences have been given back.</returns>
    IDecoderSequence? TryOpen(int positions);

    /// <summary>
    /// Opens a sequence that begins with a prompt and shares what was computed for it. Memory is set aside at once; the prompt
    /// may still be under way, and is whole before the fork is first used in a step.
    /// </summary>
    /// <param name="prompt">Opened by this decoder; outlives the fork.</param>
    /// <param name="positions">Most positions that are computed, the prompt's included; at least the prompt's.</param>
    /// <returns>Null if there is no memory now.</returns>
    IDecoderSequence? TryFork(IDecoderSequence prompt, int positions);

    /// <summary>Computes rows in one forward pass, then draws tokens.</summary>
    /// <remarks>
    /// Rows of one sequence are in order of position and follow without a gap on those of earlier steps; those of different
    /// sequences come in any mixture. A draw is from the logits after the last row of its sequence, which is in this step; or,
    /// for a fork that has had no rows yet, from the logits after its prompt: those of a prompt's last position are kept until
    /// it is given back.
    /// </remarks>
    /// <param name="rows">At most <see cref="IDecoderModel.MaxRows"/>; none where there are only draws from prompts.</param>
    /// <param name="draws">At most one for a sequence.</param>
    /// <param name="drawn">Receives the token of each draw, as <see cref="TokenSampler"/> defines it.</param>
    /// <exception cref="InvalidDataException">The logits are not numbers: the weights are damaged.</exception>
    void Step(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<TokenDraw> draws, Span<DrawnToken> drawn);

    /// <summary>Computes rows as in <see cref="Step"/>, and how probable a given token is after each.</summary>
    /// <param name="rows">1 to <see cref="IDecoderModel.MaxRows"/>, none of a fork unless <see cref="IDecoderModel.ScoresForks"/>.</param>
    /// <param name="targets">A token id for each row.</param>
    /// <param name="logProbabilities">Receives its log-probability without temperature and filters, in nats.</param>
    void Score(ReadOnlySpan<DecoderRow> rows, ReadOnlySpan<int> targets, Span<float> logProbabilities);
}

/// <summary>A sequence that a decoder holds. Only the decoder that opened it knows what is in it; disposing it gives its memory back.</summary>
public interface IDecoderSequence : IDisposable;

/// <summary>One token to compute.</summary>
/// <param name="TokenId">In the model's vocabulary.</param>
/// <param name="Position">From 0; all earlier positions are computed, or come before it in the same step.</param>
/// <param name="Sequence">Where it stands.</param>
public readonly record struct DecoderRow(int TokenId, int Position, IDecoderSequence Sequence);

/// <summary>One token to draw.</summary>
/// <param name="Sequence">Whose next token.</param>
/// <param name="Options">Temperature and filters; free of faults.</param>
/// <param name="Random">Where the random number comes from.</param>
/// <param name="Position">Its position there: the number of the token in the completion, from 0.</param>
public readonly record struct TokenDraw(IDecoderSequence Sequence, SamplingOptions Options, RandomStream Random, uint Position);
