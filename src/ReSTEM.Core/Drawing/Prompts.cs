namespace ReSTEM.Core;

/// <summary>Prompts as token ids.</summary>
public static class Prompts
{
    private const int Shown = 5;

    /// <summary>Encodes the prompt of every problem of a plan.</summary>
    /// <exception cref="InvalidDataException">Some leave no room for a token in the policy's context; all are counted, the first ones named.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Encode(IPolicy policy, DrawPlan plan, PromptOptions options)
    {
        var prompts = new IReadOnlyList<int>[plan.Problems.Count];
        var tooLong = new List<string>();
        for (int p = 0; p < prompts.Length; p++)
        {
            prompts[p] = policy.Encode(options.Build(plan.Problems[p], plan.ForBase), addSpecialTokens: true);
            if (prompts[p].Count == 0 || prompts[p].Count >= policy.ContextLength)
            {
                tooLong.Add($"'{plan.Problems[p].Id}' ({prompts[p].Count} tokens)");
            }
        }

        return tooLong.Count == 0 ? prompts : throw new InvalidDataException(
            $"{tooLong.Count} of {prompts.Length} prompts do not fit the model: expected 1 to {policy.ContextLength - 1} tokens, got " +
            $"{string.Join(", ", tooLong.Take(Shown))}{(tooLong.Count > Shown ? ", ..." : "")}. Leave these problems out or use fewer examples.");
    }
}
