using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>Reads what completions and chats have in common.</summary>
/// <param name="model">Whose tokens.</param>
/// <param name="name">What the model is called.</param>
internal sealed class OrderReader(ModelInfo model, string name)
{
    private const int MostChoices = 1024;

    /// <summary>Tokens of a completion where a request does not say, as OpenAI's API has it.</summary>
    internal const int UsualMaxTokens = 16;

    /// <summary>Refuses a request for another model.</summary>
    /// <exception cref="ApiException">It is for another.</exception>
    internal void CheckModel(RequestFields fields)
    {
        if (fields.Text("model") is { } asked && asked != name)
        {
            throw new ApiException(StatusCodes.Status404NotFound, $"model is '{asked}', expected '{name}', which is the one served here.", "model");
        }
    }

    /// <summary>Reads the fields that both forms have.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="maxTokens">Most tokens drawn; 0 for none; null for all that fit.</param>
    /// <param name="newSeed">Gives one where the request has none.</param>
    internal DrawOrder Read(RequestFields fields, IReadOnlyList<OrderedPrompt> prompts, long? maxTokens, Func<ulong> newSeed)
    {
        foreach (OrderedPrompt prompt in prompts)
        {
            if ((maxTokens == 0 ? model.SequenceFault(prompt.Ids) : model.PromptFault(prompt.Ids)) is { } fault)
            {
                throw ApiException.Of("prompt", fault);
            }
        }

        int count = (int)(fields.Whole("n", 1, MostChoices) ?? 1);
        long topK = fields.Whole("top_k", -1, int.MaxValue) ?? 0;
        var options = new SamplingOptions
        {
            Temperature = fields.Number("temperature") ?? 1,
            TopP = fields.Number("top_p") ?? 1,
            TopK = topK == -1 ? 0 : (int)topK, // as vLLM calls all of them
            MaxTokens = (int)Math.Max(1, maxTokens ?? (model.ContextLength - prompts.Min(prompt => prompt.Ids.Count))),
            Stop = fields.Texts("stop"),
        };
        if (options.Fault() is { } wrong)
        {
            throw ApiException.Of(wrong.Split(' ')[0], wrong);
        }

        if (options.Stop.Count > 0 && model.Tokenizer is null)
        {
            throw ApiException.Of("stop", "stop holds texts, expected none: the model has no tokenizer.");
        }

        RefuseWhatIsNotDone(fields, count);
        var order = new DrawOrder
        {
            Prompts = prompts,
            Count = count,
            Options = options,
            DrawsNothing = maxTokens == 0,
            Seed = (ulong?)fields.Whole("seed", 0, long.MaxValue) ?? newSeed(),
            Streams = Streams(fields, prompts.Count * count),
            Streamed = fields.Flag("stream"),
            StreamsUsage = StreamsUsage(fields),
            TokenIds = fields.Flag("return_token_ids"),
        };
        return order.ChoiceCount <= MostChoices ? order : throw ApiException.Of(
            "n", $"n is {count} for {prompts.Count} prompts, expected at most {MostChoices} completions in a request.");
    }

    private static bool StreamsUsage(RequestFields fields)
    {
        if (fields.Object("stream_options") is not { } options)
        {
            return false;
        }

        bool isAsked = options.Flag("include_usage");
        options.RefuseOthers();
        return isAsked;
    }

    private static List<RandomStream>? Streams(RequestFields fields, int choiceCount)
    {
        if (fields.Any("restem_streams") is null)
        {
            return null;
        }

        List<RandomStream> streams = [.. fields.Texts("restem_streams").Select(text => RandomStream.OfAddress(text)
            ?? throw ApiException.Of("restem_streams", $"restem_streams holds '{text}', expected addresses of 40 hexadecimal digits."))];
        return streams.Count == choiceCount ? streams : throw ApiException.Of(
            "restem_streams", $"restem_streams has {streams.Count} addresses, expected {choiceCount}, one a completion.");
    }

    private static void RefuseWhatIsNotDone(RequestFields fields, int count)
    {
        foreach (string name in (string[])["presence_penalty", "frequency_penalty", "min_p", "min_tokens"])
        {
            fields.OnlyNeutral(name, IsNumber(0), "0");
        }

        fields.OnlyNeutral("repetition_penalty", IsNumber(1), "1");
        fields.OnlyNeutral("best_of", IsNumber(count), $"n ({count})");
        fields.OnlyNeutral("logit_bias", value => value.ValueKind is JsonValueKind.Object && !value.EnumerateObject().Any(), "none");
        fields.OnlyNeutral("store", value => value.ValueKind is JsonValueKind.False, "false");
        _ = fields.Any("user"); // a label of the caller, which asks for nothing
        _ = fields.Any("metadata");
    }

    private static Predicate<JsonElement> IsNumber(double expected) =>
        value => value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out double number) && number == expected;
}
