using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Torch;

/// <summary>A model on a device: one lane, whose slots are drawn in passes of a fixed count of rows.</summary>
internal sealed class TorchModel : IDecoderModel
{
    private const int PassesPerStep = 8; // of prompts, beside those of the slots

    private readonly TorchSettings _settings;
    private readonly TorchWeights _weights;
    private readonly TorchAdapter? _adapter;
    private readonly Rotations _rotations;
    private readonly SlotLimit _limit;
    private readonly long _kvBytes;

    /// <param name="source">Read once.</param>
    /// <param name="adapter">Computed beside the weights; null for none.</param>
    /// <param name="fingerprint">What goes on samples.</param>
    /// <param name="settings">Device, type, slots.</param>
    /// <param name="kvBytes">Most bytes of keys and values; null for what the settings say.</param>
    /// <exception cref="EngineException">The device has too little memory for the weights.</exception>
    internal TorchModel(IWeightSource source, Adapter? adapter, PolicyFingerprint fingerprint, TorchSettings settings, long? kvBytes = null)
    {
        (_settings, Fingerprint) = (settings, fingerprint);
        try
        {
            _weights = TorchThread.Run(settings.Threads, () => new TorchWeights(source, settings.Device, settings.Type));
            _adapter = adapter is null
                ? null
                : TorchThread.Run(settings.Threads, () => new TorchAdapter(adapter, source, settings.Device, settings.Type));
            _rotations = TorchThread.Run(settings.Threads, () => new Rotations(source.Config, settings.Device));
        }
        catch (ExternalException fault) when (TorchMemory.IsShortage(fault))
        {
            Dispose();
            long needed = source.Places.Sum(static place => (long)place.Length) * TorchMemory.BytesOf(settings.Type);
            throw new EngineException(
                $"{settings.DeviceName} has no memory for the model's weights, which take {needed >> 20} MiB as {fingerprint.Engine.Dtype}; close what else uses it, or take a smaller model or type.", fault);
        }

        _limit = new SlotLimit(settings.Slots, settings.Notice);
        _kvBytes = kvBytes ?? settings.KvBytes ?? TorchMemory.ForKeysAndValues(settings, source.Config);
        MaxRows = settings.Slots + (PassesPerStep * settings.PassRows);
    }

    public PolicyFingerprint Fingerprint { get; }

    public int ContextLength => _weights.Config.ContextLength;

    public int VocabularySize => _weights.Config.VocabularySize;

    public IReadOnlyList<int> EndTokenIds => _weights.Config.EndTokenIds;

    public IReadOnlyList<int> LaneSlots => [_limit.Count];

    public int MaxRows { get; }

    public string? Refusal(int promptLength, int positions)
    {
        int blocks = KvCache.BlocksFor(promptLength) + KvCache.BlocksFor(positions);
        long bytes = blocks * KvCache.BytesPerBlock(_weights.Config, _settings.Type);
        return bytes <= _kvBytes
            ? null
            : $"keys and values take {bytes >> 20} MiB, expected at most {_kvBytes >> 20} MiB of {_settings.DeviceName}; shorten the text, or free memory.";
    }

    public IDecoder OpenDecoder() => new SlotDecoder(
        new TorchDecoder(_weights, _settings.Type, _adapter), _rotations, _settings,
        new SlotMemory(_weights.Config, _settings.Type, _settings.Device, _settings.PassRows, _limit, _kvBytes));

    public bool TryHalveSlots() => _limit.TryHalve();

    public void Dispose()
    {
        _rotations?.Dispose();
        _adapter?.Dispose();
        _weights?.Dispose();
    }
}
