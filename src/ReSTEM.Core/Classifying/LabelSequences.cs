namespace ReSTEM.Core;

/// <summary>What is scored to classify a problem: the prompt, and what the model may say after it, for each label, end token included.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Labels">Token ids of each label, in their order; no two are the same, though one may begin with another.</param>
public sealed record LabelSequences(IReadOnlyList<int> Prompt, IReadOnlyList<IReadOnlyList<int>> Labels)
{
    /// <summary>Prompt and label in one, for each label.</summary>
    public IEnumerable<IReadOnlyList<int>> Whole => Labels.Select(label => (IReadOnlyList<int>)[.. Prompt, .. label]);

    /// <summary>Tokens of the longest.</summary>
    public int Longest => Prompt.Count + Labels.Max(label => label.Count);
}

/// <summary>Makes sequences of problems; labels are encoded once. The end token is that of training sequences, so that a label which begins with another is told from it exactly.</summary>
/// <param name="model">Whose tokenizer and context.</param>
/// <param name="prompt">How a problem becomes a prompt.</param>
/// <param name="isUntrained">See <see cref="PromptedPolicy"/>.</param>
public sealed class LabelEncoder(ModelInfo model, PromptOptions prompt, bool isUntrained)
{
    private readonly Dictionary<string, IReadOnlyList<int>> _labels = new(StringComparer.Ordinal);
    private int? _end;

    /// <summary>The sequences of a problem.</summary>
    /// <exception cref="InvalidDataException">It has no labels; or a label has no token, or two are the same tokens.</exception>
    public LabelSequences Of(Problem problem)
    {
        LabelTarget target = problem.Target ?? throw new InvalidDataException($"problem '{problem.Id}' has no labels, expected a problem of task classify.");
        return new LabelSequences(Prompts.Encode(model, problem, prompt, isUntrained), Labels(target));
    }

    /// <summary>
    /// Which label cannot be said and ended in so many tokens, in words; null when all can. One that is cut is never kept, so that a model would be
    /// trained on the short labels alone; and where a label begins with another it would be taken for that.
    /// </summary>
    /// <param name="problems">Those without labels are passed over.</param>
    /// <param name="maxTokens">Most tokens of a completion.</param>
    /// <exception cref="InvalidDataException">A label has no token, or two are the same tokens.</exception>
    public string? RoomFault(IEnumerable<Problem> problems, int maxTokens)
    {
        foreach (LabelTarget target in problems.Select(problem => problem.Target).OfType<LabelTarget>())
        {
            IReadOnlyList<int>[] labels = Labels(target);
            int longest = Enumerable.Range(0, labels.Length).MaxBy(label => labels[label].Count);
            if (labels[longest].Count > maxTokens)
            {
                return $"max_tokens is {maxTokens}, expected at least {labels[longest].Count}: the label '{target.Labels[longest]}' is {labels[longest].Count - 1} tokens to the model, and the end token follows.";
            }
        }

        return null;
    }

    private IReadOnlyList<int>[] Labels(LabelTarget target)
    {
        IReadOnlyList<int>[] labels = [.. target.Verbalisers.Select(Encode)];
        for (int label = 1; label < labels.Length; label++)
        {
            int same = Array.FindIndex(labels, 0, label, other => other.SequenceEqual(labels[label]));
            if (same >= 0)
            {
                throw new InvalidDataException(
                    $"what is said for the labels '{target.Labels[same]}' and '{target.Labels[label]}' is the same to the model's tokenizer ({string.Join(' ', labels[label])}), expected different tokens.");
            }
        }

        return labels;
    }

    /// <summary>Whether all labels of a problem fit the model's context behind its prompt.</summary>
    public bool Fits(LabelSequences sequences) => sequences.Longest <= model.ContextLength;

    private IReadOnlyList<int> Encode(string verbaliser)
    {
        if (!_labels.TryGetValue(verbaliser, out IReadOnlyList<int>? ids))
        {
            int[] said = model.Encode(verbaliser, addSpecialTokens: false);
            ids = said.Length > 0 ? [.. said, _end ??= EndToken()] : throw new InvalidDataException(
                $"what is said for a label, '{verbaliser}', has no token, expected at least one; give another text under labels.");
            _labels.Add(verbaliser, ids);
        }

        return ids;
    }

    private int EndToken()
    {
        if (prompt.Chat is null)
        {
            return model.EndOfTextId;
        }

        var chat = new ChatFormat(model, prompt);
        chat.ThrowUnlessUsable();
        return chat.EndTokenId;
    }
}
