using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>What a model can serve; everything else is refused, in a sentence, before anything is computed for it.</summary>
internal sealed class RequestLimits(IDecoderModel model, bool hasTokenizer)
{
    /// <summary>Most tokens that the completion can have.</summary>
    internal int CompletionLimit(SampleRequest request) =>
        Math.Min(request.Options.MaxTokens, model.ContextLength - request.PromptIds.Count);

    /// <summary>Most positions that are computed for a request, those of the prompt included: the last token drawn never is.</summary>
    internal int Positions(SampleRequest request) => request.PromptIds.Count + CompletionLimit(request) - 1;

    /// <exception cref="ArgumentException">The request cannot be served; the message says why.</exception>
    internal void ThrowUnlessValid(SampleRequest request)
    {
        if (Fault(request) is { } fault)
        {
            throw new ArgumentException($"problem {request.ProblemId}, sample {request.Index}: {fault}");
        }
    }

    /// <summary>Why a request cannot be served; null when it can.</summary>
    internal string? Fault(SampleRequest request) => PromptFault(request.PromptIds) ?? OptionsFault(request.Options)
        ?? model.Refusal(request.PromptIds.Count, Positions(request));

    /// <exception cref="ArgumentException">A sequence is empty, longer than the context, or holds ids out of range.</exception>
    internal void ThrowUnlessScorable(IReadOnlyList<int> ids)
    {
        string? fault = ContextLimits.SequenceFault(ids.Count, model.ContextLength) ?? ContextLimits.IdFault(ids, model.VocabularySize)
            ?? model.Refusal(promptLength: 0, ids.Count);
        if (fault is not null)
        {
            throw new ArgumentException(fault);
        }
    }

    private string? PromptFault(IReadOnlyList<int> ids) =>
        ContextLimits.PromptFault(ids.Count, model.ContextLength) ?? ContextLimits.IdFault(ids, model.VocabularySize);

    private string? OptionsFault(SamplingOptions options) => options.Fault() ?? (options.Stop.Count > 0 && !hasTokenizer
        ? $"stop has {options.Stop.Count} strings, expected none for a model without tokenizer."
        : null);
}
