using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>
/// One thread's share of sampling: its slots go forward together, one token a step; finished ones leave at once, new requests take
/// their place, and prompts are computed in the same steps.
/// </summary>
/// <remarks>Continuous batching: Yu et al. 2022, "Orca", section 3.1.</remarks>
internal sealed class SamplingLane
{
    private readonly Func<SampleRequest?> _take;
    private readonly Action<Completion> _give;
    private readonly LaneMemory _memory;
    private readonly RequestCheck _check;
    private readonly Tokenizer? _tokenizer;
    private readonly int _slotCount;
    private readonly List<SampleSlot> _slots = [];
    private readonly List<PromptState> _prompts = []; // those not computed yet, in order
    private readonly List<DecoderRow> _rows = [];
    private readonly List<int> _logitRows = [];
    private readonly List<SampleSlot> _drawing = [];
    private readonly RowAction _useLogits;
    private PromptState? _current;
    private SampleRequest? _held; // taken, but there is no memory for it yet
    private int _reservedBlocks;

    internal SamplingLane(
        Func<SampleRequest?> take, Action<Completion> give, LaneMemory memory, RequestCheck check, Tokenizer? tokenizer, int slotCount)
    {
        (_take, _give, _memory, _check, _tokenizer, _slotCount) = (take, give, memory, check, tokenizer, slotCount);
        _useLogits = UseLogits;
    }

    private TransformerDecoder Decoder => _memory.Decoder;

    /// <summary>Works until there are no more requests.</summary>
    internal void Run(CancellationToken cancellationToken)
    {
        try
        {
            while (Admit(cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Step();
            }
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Fills free slots; false if nothing is left to do.</summary>
    private bool Admit(CancellationToken cancellationToken)
    {
        while (_slots.Count < _slotCount)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SampleRequest? request = _held ?? _take();
            _held = null;
            if (request is null)
            {
                break;
            }

            if (!Start(request))
            {
                _held = request;
                break;
            }
        }

        return _slots.Count > 0;
    }

    /// <summary>Gives a request a slot; false if it has to wait for memory.</summary>
    private bool Start(SampleRequest request)
    {
        if (_current is not null && !_current.Serves(request))
        {
            Leave(_current);
            _current = null;
        }

        int limit = _check.CompletionLimit(request);
        int wanted = _check.OwnBlocks(request) + (_current is null ? RequestCheck.PromptBlocks(request) : 0);
        if (_reservedBlocks + wanted > Decoder.Memory.BlockCount)
        {
            return false; // an empty lane has room for any valid request
        }

        _reservedBlocks += wanted;
        if (_current is null)
        {
            _current = new PromptState(request.PromptIds, Decoder.Memory, Decoder.Model.Config.VocabularySize);
            _current.AddUser();
            _prompts.Add(_current);
        }

        _current.AddUser();
        var sequence = new KvSequence(Decoder.Memory, request.PromptIds.Count + limit);
        var slot = new SampleSlot(request, _current, sequence, limit, _tokenizer);
        _slots.Add(slot);
        if (_current.IsReady)
        {
            Begin(slot);
        }

        return true;
    }

    /// <summary>One forward pass over the last tokens of all slots and as much of waiting prompts as fits.</summary>
    private void Step()
    {
        _rows.Clear();
        _logitRows.Clear();
        _drawing.Clear();
        foreach (SampleSlot slot in _slots)
        {
            if (slot.Count > 0)
            {
                DecoderRow row = slot.NextRow();
                slot.Sequence.MakeRoom(row.Position + 1);
                _drawing.Add(slot);
                _logitRows.Add(_rows.Count);
                _rows.Add(row);
            }
        }

        int readyPrompts = AddPromptRows();
        Decoder.Forward(CollectionsMarshal.AsSpan(_rows));
        _memory.ForEachLogits(CollectionsMarshal.AsSpan(_logitRows), _useLogits);
        for (int prompt = 0; prompt < readyPrompts; prompt++)
        {
            BeginSlots(_prompts[prompt]);
        }

        _prompts.RemoveRange(0, readyPrompts);
    }

    /// <summary>Adds rows of prompts in order; returns how many prompts are whole with that.</summary>
    private int AddPromptRows()
    {
        int ready = 0;
        foreach (PromptState prompt in _prompts)
        {
            prompt.Sequence.MakeRoom(prompt.Ids.Count);
            while (!prompt.IsReady && _rows.Count < Decoder.MaxRows)
            {
                _rows.Add(new DecoderRow(prompt.Ids[prompt.Done], prompt.Done, prompt.Sequence));
                prompt.Done++;
            }

            if (!prompt.IsReady)
            {
                break;
            }

            _logitRows.Add(_rows.Count - 1);
            ready++;
        }

        return ready;
    }

    /// <summary>Logits of the slots that are drawing come first, then those of prompts that are ready.</summary>
    private void UseLogits(int index, ReadOnlySpan<float> logits)
    {
        if (index < _drawing.Count)
        {
            Advance(_drawing[index], logits);
        }
        else
        {
            logits.CopyTo(_prompts[index - _drawing.Count].Logits);
        }
    }

    private void BeginSlots(PromptState prompt)
    {
        for (int index = _slots.Count - 1; index >= 0; index--) // a slot may leave at its first token
        {
            if (_slots[index].Prompt == prompt)
            {
                Begin(_slots[index]);
            }
        }
    }

    private void Begin(SampleSlot slot)
    {
        slot.Sequence.Continue(slot.Prompt.Sequence, slot.Prompt.Ids.Count);
        Advance(slot, slot.Prompt.Logits);
    }

    private void Advance(SampleSlot slot, ReadOnlySpan<float> logits)
    {
        if (slot.Advance(logits, _memory.Sampler, Decoder.Model.Config.EndTokenIds) is { } completion)
        {
            _slots.Remove(slot);
            Leave(slot);
            _give(completion);
        }
    }

    private void Leave(SampleSlot slot)
    {
        slot.Sequence.Release();
        _reservedBlocks -= _check.OwnBlocks(slot.Request);
        Leave(slot.Prompt);
    }

    private void Leave(PromptState prompt)
    {
        if (prompt.RemoveUser())
        {
            _reservedBlocks -= prompt.BlockCount;
        }
    }

    /// <summary>Gives all blocks back, whatever state the lane was left in.</summary>
    private void Clear()
    {
        foreach (SampleSlot slot in _slots)
        {
            Leave(slot);
        }

        if (_current is not null)
        {
            Leave(_current);
        }
    }
}
