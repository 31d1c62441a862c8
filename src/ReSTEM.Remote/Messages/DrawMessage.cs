using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// Completions of one prompt, asked for by the address of their random numbers, which is that of (run, purpose, iteration, problem, sample): asked again,
/// it is the same samples.
/// </summary>
internal static class DrawMessage
{
    /// <param name="batch">Of one prompt and one way to draw.</param>
    /// <param name="policy">What must answer.</param>
    internal static byte[] Body(IReadOnlyList<SampleRequest> batch, WantedPolicy policy)
    {
        SamplingOptions options = batch[0].Options;
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            prompt = batch[0].PromptIds,
            n = batch.Count,
            max_tokens = options.MaxTokens,
            temperature = options.Temperature,
            top_k = options.TopK,
            top_p = options.TopP,
            stop = options.Stop,
            return_token_ids = true,
            restem_weights = policy.Weights,
            restem_streams = batch.Select(request => request.Random.Address),
        });
    }

    /// <exception cref="RemoteException">The answer is not what was asked for.</exception>
    internal static Completion[] Read(JsonElement answer, IReadOnlyList<SampleRequest> batch, ModelInfo model)
    {
        JsonElement[] choices = new AnswerFields(answer).List("choices");
        if (choices.Length != batch.Count)
        {
            throw RemoteException.Malformed($"it has {choices.Length} choices, expected {batch.Count}");
        }

        var completions = new Completion?[batch.Count];
        foreach (JsonElement choice in choices)
        {
            var fields = new AnswerFields(choice);
            int index = fields.Whole("index");
            if (index < 0 || index >= batch.Count || completions[index] is not null)
            {
                throw RemoteException.Malformed($"a choice has the index {index}, expected 0 to {batch.Count - 1}, each once");
            }

            completions[index] = Read(fields, batch[index], model);
        }

        return completions!;
    }

    private static Completion Read(AnswerFields choice, SampleRequest request, ModelInfo model)
    {
        int[] ids = choice.Wholes("token_ids");
        AnswerFields more = choice.Object("restem");
        var completion = new Completion
        {
            ProblemId = request.ProblemId,
            Index = request.Index,
            TokenIds = ids,
            Text = choice.Text("text"),
            FinishReason = FinishReasonNames.Parse(more.Text("finish_reason")) ?? throw RemoteException.Malformed("finish_reason is unknown"),
            LogProbability = more.Number("logprob"),
        };
        return Fault(completion, request, model) is { } fault ? throw RemoteException.Malformed(fault) : completion;
    }

    /// <summary>What of a completion cannot be, whatever was drawn; null for nothing.</summary>
    private static string? Fault(Completion completion, SampleRequest request, ModelInfo model)
    {
        IReadOnlyList<int> ids = completion.TokenIds;
        bool endsText = ids.Count > 0 && model.EndTokenIds.Contains(ids[^1]);
        return ids.Count == 0 || ids.Count > request.Options.MaxTokens ? $"token_ids has {ids.Count} ids, expected 1 to {request.Options.MaxTokens}"
            : ContextLimits.IdFault(ids, model.VocabularySize) is { } outside ? outside.TrimEnd('.')
            : endsText != completion.FinishReason is FinishReason.EndOfText ? $"finish_reason is {FinishReasonNames.Of(completion.FinishReason)} after token {ids[^1]}"
            : completion.FinishReason is FinishReason.MaxTokens && ids.Count != request.Options.MaxTokens ? $"finish_reason is max_tokens after {ids.Count} of {request.Options.MaxTokens} tokens"
            : model.Tokenizer is not { } tokenizer || IsText(tokenizer.Decode([.. endsText ? ids.SkipLast(1) : ids], skipSpecialTokens: true), completion, request.Options) ? null
            : "text is not that of token_ids";
    }

    /// <summary>Whether a text is that of its token ids, or what stands of that before a stop string.</summary>
    private static bool IsText(string decoded, Completion completion, SamplingOptions options) => completion.FinishReason is FinishReason.StopString
        ? decoded.StartsWith(completion.Text, StringComparison.Ordinal)
            && options.Stop.Any(stop => decoded.AsSpan(completion.Text.Length).StartsWith(stop, StringComparison.Ordinal))
        : decoded == completion.Text;
}
