using System.Numerics;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Sensible sizes for a first run with a model and its data.</summary>
internal sealed record DraftSizes
{
    private const long SamplesPerIteration = 16_000;
    private const int MostLookedAt = 2_000;
    private const long LargestWhole = 300_000_000;
    private const long SmallModel = 20_000_000;
    private const int LeastForPatience = 20;

    /// <summary>Completions per problem.</summary>
    internal required int Samples { get; init; }

    /// <summary>Most tokens of a completion.</summary>
    internal required int MaxTokens { get; init; }

    /// <summary>Tokens of the longest prompt that was looked at.</summary>
    internal required int LongestPrompt { get; init; }

    /// <summary>Whether an adapter is trained, the whole model being large.</summary>
    internal required bool Adapter { get; init; }

    /// <summary>Peak learning rate, as it is written.</summary>
    internal required string LearningRate { get; init; }

    /// <summary>Whether the backward pass saves memory.</summary>
    internal required bool Recompute { get; init; }

    /// <summary>Whether the validation is large enough to stop training by it.</summary>
    internal required bool Patience { get; init; }

    /// <exception cref="InvalidDataException">A prompt cannot be encoded.</exception>
    internal static DraftSizes Of(ConfigDraft draft)
    {
        ModelInfo model = draft.Model;
        var options = new PromptOptions { Template = draft.UsedTemplate, Chat = draft.Chat ? new ChatOptions() : null };
        Problem[] seen = [.. draft.Looks.SelectMany(look => look.Problems.Take(MostLookedAt))];
        int[] prompts = [.. seen.Select(problem => Prompts.Encode(model, problem, options, isUntrained: true).Length).Order()];
        int longest = prompts.LastOrDefault(length => length < model.ContextLength, 1);
        int solution = seen.Max(problem => problem.Solution.Length > 0 ? model.Encode(problem.Solution, addSpecialTokens: false).Length : 0);
        int wanted = solution > 0 ? RoundedUp(solution + (solution / 2) + 1)
            : draft.Kind switch
            {
                TaskKind.Choice => 64,
                TaskKind.Code => 512,
                _ => 256,
            };
        long count = Math.Max(1, draft.Train.Sum(look => (long)look.Problems.Count));
        bool large = model.ParameterCount > LargestWhole;
        return new DraftSizes
        {
            Samples = PowerOfTwo(Math.Clamp(SamplesPerIteration / count, 4, 32)),
            MaxTokens = Math.Clamp(Math.Min(wanted, model.ContextLength - longest), 1, Math.Max(1, model.ContextLength - 1)),
            LongestPrompt = longest,
            Adapter = large,
            LearningRate = large ? "2e-4" : model.ParameterCount > SmallModel ? "3e-5" : "3e-4",
            Recompute = model.ParameterCount > SmallModel,
            Patience = (draft.Validation.Count > 0 ? draft.Validation.Sum(look => look.Problems.Count) : draft.Share * count) >= LeastForPatience,
        };
    }

    private static int RoundedUp(int tokens) => (tokens + 31) / 32 * 32;

    private static int PowerOfTwo(long count) => 1 << BitOperations.Log2((ulong)count);
}
