namespace ReSTEM.Core;

/// <summary>Makes training sequences of weighted examples, one problem after the other.</summary>
/// <param name="model">The base model: its tokenizer and its context.</param>
/// <param name="prompt">How a problem becomes a prompt; training sequences see what a trained policy will see.</param>
/// <param name="sameTokenizer">Whether drawn token ids are this tokenizer's; otherwise their text is encoded anew.</param>
public sealed class TrainingSequences(ModelInfo model, PromptOptions prompt, bool sameTokenizer)
{
    private readonly ChatFormat? _chat = prompt.Chat is null ? null : new ChatFormat(model, prompt);

    /// <summary>Examples that were left out because they are longer than the model's context.</summary>
    public int TooLong { get; private set; }

    /// <summary>Examples that were made into sequences.</summary>
    public int Made { get; private set; }

    /// <summary>The sequences of a problem's examples; those of which a part does not fit the context are left out whole, and counted as one.</summary>
    public IEnumerable<TrainingSequence> Of(Problem problem, IReadOnlyList<WeightedExample> examples)
    {
        for (int first = 0; first < examples.Count;)
        {
            int end = first + 1;
            while (end < examples.Count && examples[end].Continues)
            {
                end++;
            }

            foreach (TrainingSequence sequence in Whole(problem, examples, first, end))
            {
                yield return sequence;
            }

            first = end;
        }
    }

    /// <summary>The sequence of an example; null, and counted, where it does not fit the context.</summary>
    public TrainingSequence? Of(Problem problem, WeightedExample example) => Whole(problem, [example], 0, 1) is [var one] ? one : null;

    /// <summary>What belongs together, or nothing.</summary>
    private TrainingSequence[] Whole(Problem problem, IReadOnlyList<WeightedExample> examples, int first, int end)
    {
        int[] before = Prompt(problem);
        var made = new TrainingSequence[end - first];
        for (int index = 0; index < made.Length; index++)
        {
            IReadOnlyList<int> completion = Completion(examples[first + index]);
            if (before.Length + completion.Count > model.ContextLength)
            {
                TooLong++;
                return [];
            }

            made[index] = new TrainingSequence
            {
                TokenIds = [.. before, .. completion],
                PromptLength = before.Length,
                Weight = (float)examples[first + index].Weight,
                Continues = index > 0,
            };
        }

        Made++;
        return made;
    }

    private IReadOnlyList<int> Completion(WeightedExample example) =>
        sameTokenizer && example.Completion is { FinishReason: FinishReason.EndOfText } drawn
            ? drawn.TokenIds
            : [.. model.Encode(example.Text, addSpecialTokens: false), _chat?.EndTokenId ?? model.EndOfTextId];


    /// <summary>
    /// What predicted gain B scores of an example: the tokens that were drawn, whatever ended them, so that the log-probabilities of
    /// two policies are of the same tokens. Null where they cannot be: another tokenizer, or no room in the context.
    /// </summary>
    /// <returns>Prompt and drawn tokens, and where the drawn ones begin.</returns>
    public (int[] Ids, int First)? Drawn(Problem problem, WeightedExample example)
    {
        if (!sameTokenizer || example.Completion is not { } drawn)
        {
            return null;
        }

        int[] before = Prompt(problem);
        return before.Length + drawn.TokenIds.Count > model.ContextLength ? null : ([.. before, .. drawn.TokenIds], before.Length);
    }

    private int[] Prompt(Problem problem) => Prompts.Encode(model, problem, prompt, isUntrained: false);
}
