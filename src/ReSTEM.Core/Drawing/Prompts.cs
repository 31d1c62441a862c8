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
    /// <exception cref="InvalidDataException">The chat template cannot be used; or some prompts leave no room for a token in the model's context; all are counted, the first ones named.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Encode(
        ModelInfo model, IReadOnlyList<Problem> problems, PromptOptions options, bool isUntrained)
    {
        if (options.Chat is not null)
        {
            new ChatFormat(model, options).ThrowUnlessUsable();
        }

        var prompts = new IReadOnlyList<int>[problems.Count];
        var tooLong = new List<string>();
        for (int p = 0; p < prompts.Length; p++)
        {
            prompts[p] = Encode(model, problems[p], options, isUntrained);
            if (model.PromptFault(prompts[p]) is not null)
            {
                tooLong.Add($"'{problems[p].Id}' ({prompts[p].Count} tokens)");
            }
        }

        return tooLong.Count == 0 ? prompts : throw new InvalidDataException(
            $"{tooLong.Count} of {prompts.Length} prompts do not fit the model: expected 1 to {model.ContextLength - 1} tokens, got " +
            $"{string.Join(", ", tooLong.Take(Shown))}{(tooLong.Count > Shown ? ", ..." : "")}. Leave these problems out or use fewer examples.");
    }

    /// <summary>
    /// Encodes the prompt of one problem. A chat template writes every special token itself, so the tokenizer adds none to what it gives.
    /// </summary>
    public static int[] Encode(ModelInfo model, Problem problem, PromptOptions options, bool isUntrained) => options.Chat is null
        ? model.Encode(options.Build(problem, isUntrained), addSpecialTokens: true)
        : model.Encode(new ChatFormat(model, options).Render(problem, isUntrained), addSpecialTokens: false);
}
