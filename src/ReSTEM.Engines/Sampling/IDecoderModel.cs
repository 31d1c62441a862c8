using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// A model laid out in an engine. With <see cref="IDecoder"/> it is all that <see cref="DecoderPolicy"/> needs to be an
/// <see cref="IPolicy"/>: scheduling, prompt sharing, limits, stop strings and text are not the engine's.
/// </summary>
/// <remarks>
/// Every member may be called from several threads at once. Disposed once, after all its decoders.
/// </remarks>
public interface IDecoderModel : IDisposable
{
    /// <summary>
    /// What goes on every sample. <see cref="EngineFingerprint.Deterministic"/> is true only if what is computed and drawn for a
    /// row has the same bits whatever other rows are in the step, on any lane, and in any run.
    /// </summary>
    PolicyFingerprint Fingerprint { get; }

    /// <summary>Most tokens of prompt and completion together.</summary>
    int ContextLength { get; }

    /// <summary>Token ids lie in [0, VocabularySize).</summary>
    int VocabularySize { get; }

    /// <summary>Tokens that end a completion; the first is the one to train on. May be empty.</summary>
    IReadOnlyList<int> EndTokenIds { get; }

    /// <summary>
    /// Most completions drawn at once in each lane, all at least 1; as many lanes as there are entries. A lane is one thread of
    /// the scheduler with a decoder of its own: one for a core of a CPU engine, one for a device.
    /// </summary>
    IReadOnlyList<int> LaneSlots { get; }

    /// <summary>Most rows of one step; at least the slots of every lane, and more, so that prompts are computed beside them.</summary>
    int MaxRows { get; }

    /// <summary>
    /// Why a sequence can never be held, in a sentence; null if it can. Null is a promise: a decoder that holds nothing accepts
    /// <see cref="IDecoder.TryOpen"/> of <paramref name="promptLength"/> and then <see cref="IDecoder.TryFork"/> of
    /// <paramref name="positions"/>; for a prompt of 0, <see cref="IDecoder.TryOpen"/> of <paramref name="positions"/>.
    /// </summary>
    /// <param name="promptLength">Positions of the prompt; 0 for a sequence that is opened by itself.</param>
    /// <param name="positions">All positions of the sequence, the prompt's included.</param>
    string? Refusal(int promptLength, int positions);

    /// <summary>
    /// Whether <see cref="IDecoder.Score"/> takes rows of forks, with the bits that the same rows have in a sequence that is opened by itself. Texts that
    /// begin alike are then computed once up to where they part.
    /// </summary>
    bool ScoresForks => false;

    /// <summary>A decoder for one lane; the caller disposes it.</summary>
    IDecoder OpenDecoder();

    /// <summary>
    /// Goes on with half the slots after a decoder has thrown <see cref="DecoderMemoryException"/>; false if there is nothing to halve. The engine tells
    /// its user.
    /// </summary>
    bool TryHalveSlots() => false;
}
