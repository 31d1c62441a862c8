using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Onnx;

/// <summary>A model for this engine: one lane, whose slots go forward together on all threads or on a card.</summary>
internal sealed class OnnxModel : IDecoderModel
{
    /// <summary>Slots where nobody says how many.</summary>
    internal const int DefaultSlots = 64;

    /// <summary>Rows of prompts beside those of the slots in a step.</summary>
    private const int PromptRows = 2 * Pieces.MaxLength;

    private readonly DecoderSession _session;
    private readonly KvLayout _layout;

    /// <param name="source">Read once, all of it.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="layout">Of keys and values.</param>
    /// <param name="fingerprint">For samples.</param>
    internal OnnxModel(GraphSource source, OnnxDevice device, KvLayout layout, PolicyFingerprint fingerprint)
    {
        (_layout, Fingerprint) = (layout, fingerprint);
        EndTokenIds = source.Weights.Config.EndTokenIds;
        WeightCheck.ThrowUnlessFinite(source.Weights);
        _session = new DecoderSession(source, device);
        LaneSlots = [layout.MaxRows];
    }

    public PolicyFingerprint Fingerprint { get; }

    public int ContextLength => _session.Config.ContextLength;

    public int VocabularySize => _session.Config.VocabularySize;

    public IReadOnlyList<int> EndTokenIds { get; }

    public IReadOnlyList<int> LaneSlots { get; }

    public int MaxRows => _layout.MaxRows + PromptRows;

    public string? Refusal(int promptLength, int positions) => _layout.Refusal(positions);

    public IDecoder OpenDecoder() => new OnnxDecoder(_session, _layout);

    public void Dispose() => _session.Dispose();
}
