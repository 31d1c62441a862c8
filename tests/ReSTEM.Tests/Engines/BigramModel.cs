using System.Collections.Concurrent;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

/// <summary>How the bigram engine behaves.</summary>
internal sealed record BigramOptions
{
    internal IReadOnlyList<int> LaneSlots { get; init; } = [4];

    /// <summary>Positions that a decoder has memory for.</summary>
    internal int Memory { get; init; } = 1000;

    /// <summary>Called with the decoder's number before each step.</summary>
    internal Action<int> OnStep { get; init; } = _ => { };

    /// <summary>What the model says, whatever its memory is.</summary>
    internal bool RefusesNothing { get; init; }
}

/// <summary>A second engine's model, for the port.</summary>
internal sealed class BigramModel(BigramWeights weights, BigramOptions options) : IDecoderModel
{
    internal const int RowsBesideSlots = 5;

    private IReadOnlyList<int> _laneSlots = options.LaneSlots;

    public PolicyFingerprint Fingerprint { get; } = new(weights.Sha256, BigramEngine.Identity);

    public int ContextLength => BigramWeights.ContextLength;

    public int VocabularySize => BigramWeights.VocabularySize;

    public IReadOnlyList<int> EndTokenIds => [CharacterTokenizer.EndToken];

    public IReadOnlyList<int> LaneSlots => _laneSlots;

    public int MaxRows => LaneSlots[0] + RowsBesideSlots;

    internal BigramWeights Weights => weights;

    internal BigramOptions Options => options;

    /// <summary>All that were opened, in order.</summary>
    internal ConcurrentQueue<BigramDecoder> Decoders { get; } = new();

    internal bool IsDisposed { get; private set; }

    public string? Refusal(int promptLength, int positions) => positions <= options.Memory || options.RefusesNothing
        ? null
        : $"{positions} positions are wanted, expected at most {options.Memory}.";

    public IDecoder OpenDecoder()
    {
        lock (Decoders)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            Decoders.Enqueue(new BigramDecoder(this, Decoders.Count));
            return Decoders.Last();
        }
    }

    public bool TryHalveSlots()
    {
        bool canHalve = _laneSlots.Max() > 1;
        _laneSlots = [.. _laneSlots.Select(slots => Math.Max(1, slots / 2))];
        return canHalve;
    }

    public void Dispose()
    {
        Assert.False(IsDisposed);
        Assert.All(Decoders, decoder => Assert.True(decoder.IsDisposed));
        IsDisposed = true;
    }
}
