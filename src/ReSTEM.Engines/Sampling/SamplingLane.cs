using System.Runtime.InteropServices;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// One lane's share of sampling: its slots go forward together, one token a step; finished ones leave at once, new requests take
/// their place, and prompts are computed in the same steps.
/// </summary>
/// <remarks>Continuous batching: Yu et al. 2022, "Orca", section 3.1.</remarks>
internal sealed class SamplingLane
{
    private readonly RequestQueue _queue;
    private readonly int _lane;
    private readonly int _slotCount;
    private readonly IDecoderModel _model;
    private readonly IDecoder _decoder;
    private readonly RequestLimits _limits;
    private readonly ITokenizer? _tokenizer;
    private readonly Action<Completion> _give;
    private readonly List<SampleSlot> _slots = [];
    private readonly List<SharedPrompt> _prompts = []; // those not computed yet, in order
    private readonly List<DecoderRow> _rows = [];
    private readonly List<TokenDraw> _draws = [];
    private readonly List<SampleSlot> _drawing = [];
    private readonly DrawnToken[] _drawn;
    private SharedPrompt? _current;

    /// <param name="queue">Where requests come from.</param>
    /// <param name="lane">Number of this lane.</param>
    /// <param name="model">Of the decoder.</param>
    /// <param name="decoder">Used by this lane alone.</param>
    /// <param name="limits">Lengths of completions.</param>
    /// <param name="tokenizer">For text and stop strings; null for a model that is used with token ids only.</param>
    /// <param name="give">Takes completions; may block.</param>
    internal SamplingLane(
        RequestQueue queue, int lane, IDecoderModel model, IDecoder decoder, RequestLimits limits, ITokenizer? tokenizer,
        Action<Completion> give)
    {
        (_queue, _lane, _model, _decoder, _limits, _tokenizer, _give) = (queue, lane, model, decoder, limits, tokenizer, give);
        _slotCount = model.LaneSlots[lane];
        _drawn = new DrawnToken[_slotCount];
    }

    /// <summary>Works until there are no more requests.</summary>
    /// <exception cref="DecoderMemoryException">The requests being drawn are put back: the same tokens are drawn for them again.</exception>
    internal void Run(CancellationToken cancellationToken)
    {
        try
        {
            while (AwaitWork(cancellationToken))
            {
                Begin();
                Step(cancellationToken);
            }
        }
        catch (DecoderMemoryException)
        {
            foreach (var slot in Enumerable.Reverse(_slots))
            {
                _queue.PutBack(_lane, slot.Request);
            }

            throw;
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Fills free slots, and waits where nothing is drawn and requests may still come; false if nothing is left to do.</summary>
    private bool AwaitWork(CancellationToken cancellationToken)
    {
        long known;
        do
        {
            known = _queue.Arrivals; // first: what comes from here on is not slept through
            if (Admit(cancellationToken))
            {
                return true;
            }
        }
        while (_queue.WaitForMore(known, cancellationToken));
        return false;
    }

    /// <summary>Fills free slots; false if there is nothing to do.</summary>
    private bool Admit(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (SampleSlot slot in _slots.Where(slot => slot.Request.Abandoned.IsCancellationRequested).ToList())
        {
            Remove(slot);
        }

        while (_slots.Count < _slotCount && _queue.Take(_lane) is { } request)
        {
            if (!TryStart(request))
            {
                _queue.PutBack(_lane, request);
                break;
            }
        }

        return _slots.Count > 0;
    }

    /// <summary>Gives a request a slot; false if it has to wait for memory.</summary>
    private bool TryStart(SampleRequest request)
    {
        if (_current is not null && !_current.Serves(request))
        {
            ForgetCurrent();
        }

        SharedPrompt? prompt = _current ?? TryOpen(request);
        if (prompt is not null && _decoder.TryFork(prompt.Sequence, _limits.Positions(request)) is { } sequence)
        {
            Adopt(prompt);
            prompt.AddUser();
            _slots.Add(new SampleSlot(request, prompt, sequence, _limits.CompletionLimit(request), _tokenizer));
            return true;
        }

        if (prompt != _current)
        {
            prompt!.Sequence.Dispose(); // its memory is of no use without the sample's
        }

        if (_slots.Count > 0)
        {
            return false;
        }

        // A decoder that holds nothing has room for any valid request, so its prompt was all that it held.
        throw new InvalidOperationException(
            $"problem {request.ProblemId}, sample {request.Index}: a decoder without sequences refuses a prompt of {request.PromptIds.Count} tokens and {_limits.Positions(request)} positions, expected room, because the model did not refuse them.");
    }

    /// <summary>A new prompt; null if there is no memory for it now.</summary>
    private SharedPrompt? TryOpen(SampleRequest request) => _decoder.TryOpen(request.PromptIds.Count) is { } sequence
        ? new SharedPrompt(request.PromptIds, sequence)
        : null;

    /// <summary>Makes a prompt the current one, which stays for further requests.</summary>
    private void Adopt(SharedPrompt prompt)
    {
        if (_current is null)
        {
            _current = prompt;
            _current.AddUser();
            _prompts.Add(_current);
        }
    }

    /// <summary>Draws the first token of every slot whose prompt is ready.</summary>
    private void Begin()
    {
        Collect(slot => !slot.HasBegun && slot.Prompt.IsReady);
        if (_draws.Count > 0)
        {
            Advance();
        }
    }

    /// <summary>One forward pass over the last tokens of all slots and as much of waiting prompts as fits.</summary>
    private void Step(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Collect(slot => slot.HasBegun);
        foreach (SampleSlot slot in _drawing)
        {
            _rows.Add(slot.NextRow);
        }

        AddPromptRows();
        if (_rows.Count > 0)
        {
            Advance();
        }
    }

    private void Collect(Predicate<SampleSlot> isDrawn)
    {
        _rows.Clear();
        _draws.Clear();
        _drawing.Clear();
        foreach (SampleSlot slot in _slots)
        {
            if (isDrawn(slot))
            {
                _drawing.Add(slot);
                _draws.Add(slot.NextDraw);
            }
        }
    }

    private void AddPromptRows()
    {
        foreach (SharedPrompt prompt in _prompts)
        {
            for (; !prompt.IsReady && _rows.Count < _model.MaxRows; prompt.Done++)
            {
                _rows.Add(new DecoderRow(prompt.Ids[prompt.Done], prompt.Done, prompt.Sequence));
            }
        }

        _prompts.RemoveAll(prompt => prompt.IsReady);
    }

    private void Advance()
    {
        Span<DrawnToken> drawn = _drawn.AsSpan(0, _draws.Count);
        _decoder.Step(CollectionsMarshal.AsSpan(_rows), CollectionsMarshal.AsSpan(_draws), drawn);
        for (int index = 0; index < drawn.Length; index++)
        {
            if (_drawing[index].Advance(drawn[index], _model.EndTokenIds) is { } completion)
            {
                Remove(_drawing[index]);
                _give(completion);
            }
        }
    }

    private void Remove(SampleSlot slot)
    {
        _slots.Remove(slot);
        Leave(slot);
        _queue.Finish(_lane);
    }

    private void Leave(SampleSlot slot)
    {
        slot.Sequence.Dispose();
        RemoveUser(slot.Prompt);
    }

    private void ForgetCurrent()
    {
        if (_current is { } prompt)
        {
            RemoveUser(prompt);
        }

        _current = null;
    }

    /// <summary>A prompt that nobody uses is not computed further: its requests were abandoned.</summary>
    private void RemoveUser(SharedPrompt prompt)
    {
        if (prompt.RemoveUser())
        {
            _prompts.Remove(prompt);
        }
    }

    /// <summary>Gives all sequences back, whatever state the lane was left in.</summary>
    private void Clear()
    {
        _slots.ForEach(Leave);
        ForgetCurrent();
    }
}
