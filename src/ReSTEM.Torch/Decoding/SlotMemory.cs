using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Models;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>
/// Memory of a lane's sequences: caches of the slots, in groups that are computed together, and one for each prompt. It is bounded; as many slots as fit
/// with the positions asked for are in use at a time.
/// </summary>
internal sealed class SlotMemory : IDisposable
{
    private readonly ModelConfig _config;
    private readonly ScalarType _type;
    private readonly Device _device;
    private readonly int _groupLength;
    private readonly SlotLimit _limit;
    private readonly long _budget;
    private readonly List<KvCache> _groups = [];
    private readonly List<SlotSequence?> _slots = [];
    private readonly HashSet<SlotSequence> _own = [];
    private bool _ranShort; // of memory that the budget allows

    /// <param name="config">Shapes.</param>
    /// <param name="type">Of keys and values.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="groupLength">Slots that are computed together.</param>
    /// <param name="limit">Most slots; halved when memory cannot be had.</param>
    /// <param name="budget">Most bytes of keys and values.</param>
    internal SlotMemory(ModelConfig config, ScalarType type, Device device, int groupLength, SlotLimit limit, long budget)
    {
        (_config, _type, _device, _groupLength, _limit, _budget) = (config, type, device, groupLength, limit, budget);
    }

    internal int GroupCount => _groups.Count;

    private long Used => _groups.Sum(static group => group.Bytes) + _own.Sum(static sequence => sequence.Own!.Bytes);

    /// <summary>The cache of a group.</summary>
    internal KvCache Group(int group) => _groups[group];

    /// <summary>Who is in a slot of a group; null for nobody.</summary>
    internal SlotSequence? At(int group, int place) => _slots[(group * _groupLength) + place];

    private bool IsEmpty => _own.Count == 0 && _slots.TrueForAll(static sequence => sequence is null);

    /// <summary>A sequence with a cache of its own; null if there is no memory now.</summary>
    /// <exception cref="EngineException">The device has less memory than it seemed to have.</exception>
    internal SlotSequence? TryOpen(int positions)
    {
        int blocks = KvCache.BlocksFor(positions);
        var cache = new KvCache(_config, _type, _device, sequences: 1);
        if (!TryHold(cache, blocks) && (!IsEmpty || !TryHoldAlone(cache, blocks)))
        {
            return IsEmpty ? throw Shortage(blocks) : null;
        }

        var opened = SlotSequence.OfItsOwn(this, positions, cache);
        _own.Add(opened);
        return opened;
    }

    /// <summary>A sequence that goes on from a prompt; null if there is no memory now.</summary>
    /// <exception cref="EngineException">The device has less memory than it seemed to have.</exception>
    internal SlotSequence? TryFork(SlotSequence prompt, int positions)
    {
        int blocks = KvCache.BlocksFor(positions);
        while (true)
        {
            bool areFree = _slots.TrueForAll(static sequence => sequence is null);
            if (areFree)
            {
                LayOut(blocks);
            }

            int slot = Enumerable.Range(0, _slots.Count)
                .FirstOrDefault(slot => _slots[slot] is null && TryHold(_groups[slot / _groupLength], blocks), -1);
            if (slot >= 0)
            {
                return _slots[slot] = SlotSequence.Fork(this, positions, prompt, slot);
            }

            if (!areFree || !_ranShort || _own.Count > 1)
            {
                return null;
            }

            Clear();
            if (!_limit.TryHalve())
            {
                throw Shortage(blocks);
            }
        }
    }

    internal void GiveBack(SlotSequence sequence)
    {
        sequence.Logits?.Dispose();
        sequence.Logits = null;
        if (sequence.Own is { } own && _own.Remove(sequence))
        {
            own.Dispose();
        }
        else if (sequence.Own is null && sequence.Slot < _slots.Count && _slots[sequence.Slot] == sequence)
        {
            _slots[sequence.Slot] = null;
        }
    }

    public void Dispose()
    {
        foreach (var sequence in _own.ToArray())
        {
            GiveBack(sequence);
        }

        Clear();
    }

    /// <summary>While all slots are free: as many as fit with so many blocks each, if that is another count than there is.</summary>
    private void LayOut(int blocks)
    {
        long prompts = _own.Sum(static sequence => sequence.Own!.Bytes), each = blocks * KvCache.BytesPerBlock(_config, _type);
        int fitting = (int)Math.Clamp((_budget - prompts) / each, 1, _limit.Count);
        if (_slots.Count == fitting || (_slots.Count > fitting && _slots.Count <= _limit.Count && _groups.TrueForAll(group => group.Blocks >= blocks)))
        {
            return;
        }

        Clear();
        for (int slot = 0; slot < fitting; slot += _groupLength)
        {
            _groups.Add(new KvCache(_config, _type, _device, Math.Min(_groupLength, fitting - slot)));
        }

        _slots.AddRange(Enumerable.Repeat<SlotSequence?>(null, fitting));
    }

    /// <summary>For the only sequence there is: what earlier ones left is of no use to it.</summary>
    private bool TryHoldAlone(KvCache cache, int blocks)
    {
        Clear();
        return TryHold(cache, blocks);
    }

    /// <summary>Whether a cache has so many blocks, if need be with more memory. The budget is what was free at first; others may have taken it since.</summary>
    private bool TryHold(KvCache cache, int blocks)
    {
        if (cache.Blocks >= blocks)
        {
            return true;
        }

        if (Used + ((blocks - cache.Blocks) * cache.Sequences * KvCache.BytesPerBlock(_config, _type)) > _budget)
        {
            return false;
        }

        try
        {
            cache.Grow(blocks);
            return true;
        }
        catch (ExternalException fault) when (TorchMemory.IsShortage(fault))
        {
            _ranShort = true;
            return false;
        }
    }

    private EngineException Shortage(int blocks) => new(
        $"{_device} has no memory for keys and values of {blocks * KvCache.BlockLength} positions, which take {blocks * KvCache.BytesPerBlock(_config, _type) >> 20} MiB; close what else uses it, or shorten the text.");

    private void Clear()
    {
        _groups.ForEach(static group => group.Dispose());
        _groups.Clear();
        _slots.Clear();
    }
}
