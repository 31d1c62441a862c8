using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>Completions and log-probabilities of servers of other programs, in vLLM's extension of OpenAI's API.</summary>
internal static class ForeignMessage
{
    /// <summary>Position of the number that seeds a sample; no token is drawn with it.</summary>
    private const uint SeedPosition = uint.MaxValue;

    /// <summary>A number of the sample's own, made of the address of its random numbers: asked again, it is the same.</summary>
    internal static int SeedOf(SampleRequest request) => (int)(request.Random.Block(SeedPosition).X0 >> 1);

    internal static byte[] DrawBody(SampleRequest request, string model) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        model,
        prompt = request.PromptIds,
        n = 1,
        seed = SeedOf(request),
        max_tokens = request.Options.MaxTokens,
        temperature = request.Options.Temperature,
        top_k = request.Options.TopK == 0 ? -1 : request.Options.TopK,
        top_p = request.Options.TopP,
        stop = request.Options.Stop,
        logprobs = 0,
        return_token_ids = true,
    });

    /// <exception cref="RemoteException">The answer is not what was asked for.</exception>
    internal static Completion ReadDrawn(JsonElement answer, SampleRequest request, ModelInfo model, bool reencodes)
    {
        JsonElement[] choices = new AnswerFields(answer).List("choices");
        if (choices.Length != 1)
        {
            throw RemoteException.Malformed($"it has {choices.Length} choices, expected 1");
        }

        var choice = new AnswerFields(choices[0]);
        string text = choice.Text("text");
        int[]? told = choice.Has("token_ids") ? choice.Wholes("token_ids") : null;
        if (told is null && !reencodes)
        {
            throw new RemoteException("it tells no token ids; engine.reencode makes them of the text", isTransient: false);
        }

        FinishReason reason = ReasonOf(choice, told, request, model);
        int[] ids = told ?? [.. model.Encode(text, addSpecialTokens: false), .. reason is FinishReason.EndOfText ? [model.EndOfTextId] : (int[])[]];
        if (reason is FinishReason.EndOfText && !model.EndTokenIds.Contains(ids.LastOrDefault(-1)))
        {
            ids = [.. ids, model.EndOfTextId]; // some leave it out
        }

        double[] logs = [.. choice.Object("logprobs").List("token_logprobs").Select(log => log.ValueKind is JsonValueKind.Number && log.TryGetDouble(out double number) ? number
            : throw RemoteException.Malformed("a log-probability is no number"))];
        var completion = new Completion
        {
            ProblemId = request.ProblemId,
            Index = request.Index,
            TokenIds = ids,
            Text = text,
            FinishReason = reason is FinishReason.MaxTokens && ids.Length < request.Options.MaxTokens && told is not null ? FinishReason.ContextFull : reason,
            LogProbability = logs.Sum(),
        };
        string? fault = ids.Length == 0 ? "it has no tokens"
            : told is not null && ids.Length > request.Options.MaxTokens ? $"token_ids has {ids.Length} ids, expected at most {request.Options.MaxTokens}"
            : told is not null && logs.Length != told.Length ? $"it has {logs.Length} log-probabilities for {told.Length} token_ids"
            : ContextLimits.IdFault(ids, model.VocabularySize)?.TrimEnd('.') ?? (told is null ? null : ToldText.Fault(completion, model));
        return fault is null ? completion : throw RemoteException.Malformed(fault);
    }

    internal static byte[] ScoreBody(IReadOnlyList<IReadOnlyList<int>> sequences, string model) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        model,
        prompt = sequences,
        max_tokens = 1,
        temperature = 0,
        prompt_logprobs = 0,
    });

    /// <exception cref="RemoteException">The answer is not what was asked for.</exception>
    internal static float[][] ReadScores(JsonElement answer, IReadOnlyList<IReadOnlyList<int>> sequences)
    {
        JsonElement[] choices = [.. new AnswerFields(answer).List("choices").OrderBy(choice => new AnswerFields(choice).Whole("index"))];
        return choices.Length == sequences.Count
            ? [.. choices.Select((choice, index) => ReadScores(new AnswerFields(choice), sequences[index]))]
            : throw RemoteException.Malformed($"it has {choices.Length} choices, expected {sequences.Count}");
    }

    private static float[] ReadScores(AnswerFields choice, IReadOnlyList<int> ids)
    {
        JsonElement[] logs = choice.List("prompt_logprobs");
        return logs.Length == ids.Count
            ? [0, .. logs.Skip(1).Select((log, index) => (float)new AnswerFields(log).Object(ids[index + 1].ToString(CultureInfo.InvariantCulture)).Number("logprob"))]
            : throw RemoteException.Malformed($"it has {logs.Length} log-probabilities, expected {ids.Count}");
    }

    /// <summary>Why it ended: <c>stop</c> is an end token or a stop string, which vLLM tells apart by <c>stop_reason</c>.</summary>
    private static FinishReason ReasonOf(AnswerFields choice, int[]? ids, SampleRequest request, ModelInfo model) => choice.Text("finish_reason") switch
    {
        "length" => FinishReason.MaxTokens,
        "stop" when choice.Has("stop_reason") => choice.IsText("stop_reason") ? FinishReason.StopString : FinishReason.EndOfText,
        "stop" when request.Options.Stop.Count == 0 || (ids is [.., var last] && model.EndTokenIds.Contains(last)) => FinishReason.EndOfText,
        "stop" when ids is null => throw new RemoteException("it tells neither token ids nor what stopped a completion, expected one of them where there are stop strings", isTransient: false),
        "stop" => FinishReason.StopString,
        var other => throw RemoteException.Malformed($"finish_reason is {other}, expected stop or length"),
    };
}
