using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>One completion being drawn.</summary>
internal sealed class SampleSlot
{
    private readonly List<int> _ids = [];
    private readonly Tokenizer? _tokenizer;
    private readonly CompletionText? _text;
    private readonly int _limit;
    private double _logProbability;

    internal SampleSlot(SampleRequest request, PromptState prompt, KvSequence sequence, int limit, Tokenizer? tokenizer)
    {
        Request = request;
        Prompt = prompt;
        Sequence = sequence;
        _limit = limit;
        _tokenizer = tokenizer;
        _text = request.Options.Stop.Count == 0 ? null : new CompletionText(tokenizer!, request.Options.Stop);
    }

    internal SampleRequest Request { get; }

    internal PromptState Prompt { get; }

    internal KvSequence Sequence { get; }

    /// <summary>Tokens drawn; while there are none, the slot waits for its prompt.</summary>
    internal int Count => _ids.Count;

    /// <summary>The row that computes what follows the last token drawn.</summary>
    internal DecoderRow NextRow() => new(_ids[^1], Prompt.Ids.Count + _ids.Count - 1, Sequence);

    /// <summary>Draws the next token; returns the completion if that was the last.</summary>
    internal Completion? Advance(ReadOnlySpan<float> logits, TokenSampler sampler, IReadOnlyList<int> endTokenIds)
    {
        DrawnToken token = sampler.Draw(logits, Request.Options, Request.Random, (uint)_ids.Count);
        _ids.Add(token.Id);
        _logProbability += token.LogProbability;
        FinishReason? reason = endTokenIds.Contains(token.Id) ? FinishReason.EndOfText
            : _text is not null && _text.Append(token.Id) ? FinishReason.StopString
            : _ids.Count < _limit ? null
            : _ids.Count == Request.Options.MaxTokens ? FinishReason.MaxTokens
            : FinishReason.ContextFull;
        return reason is { } known ? Complete(known) : null;
    }

    private Completion Complete(FinishReason reason) => new()
    {
        ProblemId = Request.ProblemId,
        Index = Request.Index,
        TokenIds = _ids.ToArray(),
        Text = reason is FinishReason.StopString ? _text!.Cut() : Decode(reason is FinishReason.EndOfText ? Count - 1 : Count),
        FinishReason = reason,
        LogProbability = _logProbability,
    };

    private string Decode(int count) => _tokenizer?.Decode(_ids.ToArray().AsSpan(0, count), skipSpecialTokens: true) ?? "";
}
