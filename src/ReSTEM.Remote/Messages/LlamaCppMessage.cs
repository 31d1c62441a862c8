using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// Completions in the form of llama.cpp's own server: it tells all token ids, and log-probabilities of all but those of a stop string. What it has by default and
/// is no part of our options (penalties, min-p, text of earlier requests that is used again) is switched off.
/// </summary>
internal static class LlamaCppMessage
{
    /// <summary>Temperature first, as with our engines: the probabilities of top-p are those of the divided logits.</summary>
    private static readonly string[] Samplers = ["temperature", "top_k", "top_p"];

    internal static byte[] DrawBody(SampleRequest request) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        prompt = request.PromptIds,
        n_predict = request.Options.MaxTokens,
        seed = ForeignMessage.SeedOf(request),
        temperature = request.Options.Temperature,
        top_k = request.Options.TopK,
        top_p = request.Options.TopP,
        min_p = 0,
        repeat_penalty = 1,
        samplers = Samplers,
        stop = request.Options.Stop,
        n_probs = 1,
        return_tokens = true,
        cache_prompt = false,
    });

    /// <exception cref="RemoteException">The answer is not what was asked for.</exception>
    internal static Completion ReadDrawn(JsonElement answer, SampleRequest request, ModelInfo model)
    {
        var fields = new AnswerFields(answer);
        int[] ids = fields.Wholes("tokens");
        FinishReason reason = fields.Text("stop_type") switch
        {
            "eos" => FinishReason.EndOfText,
            "word" => FinishReason.StopString,
            "limit" => ids.Length < request.Options.MaxTokens ? FinishReason.ContextFull : FinishReason.MaxTokens,
            var unknown => throw RemoteException.Malformed($"stop_type is {unknown}, expected eos, word or limit"),
        };
        AnswerFields[] told = [.. fields.List("completion_probabilities").Select(row => new AnswerFields(row))];
        string? fault = ids.Length == 0 || ids.Length > request.Options.MaxTokens ? $"tokens has {ids.Length} ids, expected 1 to {request.Options.MaxTokens}"
            : ContextLimits.IdFault(ids, model.VocabularySize) is { } outside ? outside.TrimEnd('.')
            : reason is FinishReason.EndOfText && !model.EndTokenIds.Contains(ids[^1]) ? $"stop_type is eos after token {ids[^1]}, expected {string.Join(" or ", model.EndTokenIds)}: the file has another end of text than the model"
            : told.Length > ids.Length || (reason is not FinishReason.StopString && told.Length != ids.Length) ? $"it has {told.Length} log-probabilities for {ids.Length} tokens"
            : told.Select(row => row.Whole("id")).SequenceEqual(ids.Take(told.Length)) ? null
            : "its log-probabilities are of other tokens than it tells";
        if (fault is not null)
        {
            throw RemoteException.Malformed(fault);
        }

        var completion = new Completion
        {
            ProblemId = request.ProblemId,
            Index = request.Index,
            TokenIds = ids,
            Text = fields.Text("content"),
            FinishReason = reason,
            LogProbability = told.Sum(row => row.Number("logprob")),
        };
        return ToldText.Fault(completion, model) is { } other ? throw RemoteException.Malformed(other) : completion;
    }
}
