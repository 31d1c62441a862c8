namespace ReSTEM.Core;

/// <summary>Prompts as token ids.</summary>
public static class Prompts
{
    private const int Shown = 5;

    /// <summary>Encodes the prompt of every problem.</summary>
    /// <param name="model">Whose tokenizer and context.</param>
    /// <param name="problems">In the order of the result.</param>
    /// <param name="options">How a problem becomes a prompt.</param>
    /// <param name="isUntrained">See <see cref="PromptedPolicy"/>.</param>
    /// <exception cref="InvalidDataException">Some leave no room for a token in the model's context; all are counted, the first ones named.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Encode(
        ModelInfo model, IReadOnlyList<Problem> problems, PromptOptions options, bool isUntrained)
    {
        var prompts = new IReadOnlyList<int>[problems.Count];
        var tooLong = new List<string>();
        for (int p = 0; p < prompts.Length; p++)
        {
            prompts[p] = model.Encode(options.Build(problems[p], isUntrained), addSpecialTokens: true);
            if (model.PromptFault(prompts[p]) is not null)
            {
                tooLong.Add($"'{problems[p].Id}' ({prompts[p].Count} tokens)");
            }
        }

        return tooLong.Count == 0 ? prompts : throw new InvalidDataException(
            $"{tooLong.Count} of {prompts.Length} prompts do not fit the model: expected 1 to {model.ContextLength - 1} tokens, got " +
            $"{string.Join(", ", tooLong.Take(Shown))}{(tooLong.Count > Shown ? ", ..." : "")}. Leave these problems out or use fewer examples.");
    }
}
