using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>What a request must fulfil before it takes a slot.</summary>
internal sealed class RequestCheck(ModelConfig config, bool hasTokenizer, int blockCount)
{
    private const double LowestTemperature = 1e-6;

    /// <summary>Most tokens that the completion can have.</summary>
    internal int CompletionLimit(SampleRequest request) =>
        Math.Min(request.Options.MaxTokens, config.ContextLength - request.PromptIds.Count);

    /// <summary>Blocks of keys and values for the prompt by itself.</summary>
    internal static int PromptBlocks(SampleRequest request) => KvMemory.BlocksFor(request.PromptIds.Count);

    /// <summary>Most blocks that the sample takes beside the whole blocks of its prompt; its last token is never computed.</summary>
    internal int OwnBlocks(SampleRequest request) =>
        KvMemory.BlocksFor(request.PromptIds.Count + CompletionLimit(request) - 1)
        - (request.PromptIds.Count / KvBlocks.BlockLength);

    /// <exception cref="ArgumentException">The request cannot be served; the message says why.</exception>
    internal void ThrowUnlessValid(SampleRequest request)
    {
        string? fault = PromptFault(request.PromptIds) ?? OptionsFault(request.Options) ?? MemoryFault(PromptBlocks(request) + OwnBlocks(request));
        if (fault is not null)
        {
            throw new ArgumentException($"problem {request.ProblemId}, sample {request.Index}: {fault}");
        }
    }

    /// <exception cref="ArgumentException">A sequence is empty, longer than the context, or holds ids out of range.</exception>
    internal void ThrowUnlessScorable(IReadOnlyList<int> ids)
    {
        if (ids.Count < 1 || ids.Count > config.ContextLength)
        {
            throw new ArgumentException($"a sequence's length is {ids.Count} tokens, expected 1 to {config.ContextLength} (the context).");
        }

        if ((IdFault(ids) ?? MemoryFault(KvMemory.BlocksFor(ids.Count))) is { } fault)
        {
            throw new ArgumentException(fault);
        }
    }

    private string? MemoryFault(int blocks) => blocks <= blockCount
        ? null
        : $"keys and values take {blocks * KvMemory.BytesPerBlock(config)} bytes, expected at most " +
          $"{blockCount * KvMemory.BytesPerBlock(config)} (KvMemoryBytes shared out to the threads); shorten the text or raise the memory.";

    private string? PromptFault(IReadOnlyList<int> ids)
    {
        if (ids.Count < 1 || ids.Count >= config.ContextLength)
        {
            return $"the prompt's length is {ids.Count} tokens, expected 1 to {config.ContextLength - 1} (one less than the context).";
        }

        return IdFault(ids);
    }

    private string? IdFault(IReadOnlyList<int> ids)
    {
        foreach (int id in ids)
        {
            if (id < 0 || id >= config.VocabularySize)
            {
                return $"a token id is {id}, expected 0 to {config.VocabularySize - 1}.";
            }
        }

        return null;
    }

    private string? OptionsFault(SamplingOptions options) => options switch
    {
        { Temperature: not (0 or >= LowestTemperature and < double.PositiveInfinity) } =>
            $"Temperature is {options.Temperature}, expected 0 or at least {LowestTemperature}.",
        { TopK: < 0 } => $"TopK is {options.TopK}, expected 0 (all) or more.",
        { TopP: not (> 0 and <= 1) } => $"TopP is {options.TopP}, expected more than 0 and at most 1.",
        { MaxTokens: < 1 } => $"MaxTokens is {options.MaxTokens}, expected at least 1.",
        _ when options.Stop.Any(string.IsNullOrEmpty) => "a stop string is empty, expected text.",
        { Stop.Count: > 0 } when !hasTokenizer => $"Stop has {options.Stop.Count} strings, expected none for a model without tokenizer.",
        _ => null,
    };
}
