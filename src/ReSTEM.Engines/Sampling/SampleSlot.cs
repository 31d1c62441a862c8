using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>One completion being drawn.</summary>
internal sealed class SampleSlot
{
    private readonly List<int> _ids = [];
    private readonly ITokenizer? _tokenizer;
    private readonly CompletionText? _text;
    private readonly int _limit;
    private double _logProbability;

    internal SampleSlot(SampleRequest request, SharedPrompt prompt, IDecoderSequence sequence, int limit, ITokenizer? tokenizer)
    {
        Request = request;
        Prompt = prompt;
        Sequence = sequence;
        _limit = limit;
        _tokenizer = tokenizer;
        _text = request.Options.Stop.Count == 0 ? null : new CompletionText(tokenizer!, request.Options.Stop);
    }

    internal SampleRequest Request { get; }

    internal SharedPrompt Prompt { get; }

    internal IDecoderSequence Sequence { get; }

    /// <summary>False while the first token is to be drawn, from the prompt.</summary>
    internal bool HasBegun => _ids.Count > 0;

    /// <summary>The row that computes what follows the last token drawn.</summary>
    internal DecoderRow NextRow => new(_ids[^1], Prompt.Ids.Count + _ids.Count - 1, Sequence);

    internal TokenDraw NextDraw => new(Sequence, Request.Options, Request.Random, (uint)_ids.Count);

    /// <summary>Adds the token drawn; returns the completion if that was the last.</summary>
    internal Completion? Advance(DrawnToken token, IReadOnlyList<int> endTokenIds)
    {
        _ids.Add(token.Id);
        _logProbability += token.LogProbability;
        Request.Listener?.Invoke(_ids.Count - 1, token.Id, token.LogProbability);
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
        Text = reason is FinishReason.StopString
            ? _text!.Cut()
            : Decode(reason is FinishReason.EndOfText ? _ids.Count - 1 : _ids.Count),
        FinishReason = reason,
        LogProbability = _logProbability,
    };

    private string Decode(int count) => _tokenizer?.Decode(_ids.ToArray().AsSpan(0, count), skipSpecialTokens: true) ?? "";
}
