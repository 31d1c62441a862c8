namespace ReSTEM.Core;

/// <summary>Builds the M-step's training sequences.</summary>
/// <param name="tokenizer">A policy with the base model's tokenizer.</param>
/// <param name="prompt">How a problem becomes a prompt; training sequences see what a trained policy will see.</param>
public sealed class TrainingData(IPolicy tokenizer, PromptOptions prompt)
{
    /// <summary>One sequence per kept sample.</summary>
    /// <param name="problems">The training problems.</param>
    /// <param name="kept">What the E-steps kept.</param>
    /// <param name="sameTokenizer">Whether the samples' token ids are this tokenizer's; otherwise their text is encoded anew.</param>
    public IReadOnlyList<TrainingSequence> FromKept(
        IReadOnlyList<Problem> problems, IReadOnlyList<KeptSample> kept, bool sameTokenizer)
    {
        var byId = problems.ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        return [.. kept.Select(sample => Sequence(byId[sample.ProblemId], Ids(sample.Sample.Completion, sameTokenizer), sample.Weight))];
    }

    /// <summary>One sequence per human solution, weight 1; those longer than the context are left out and counted.</summary>
    /// <exception cref="InvalidDataException">A problem has no solution.</exception>
    public (IReadOnlyList<TrainingSequence> Sequences, int TooLong) FromSolutions(IReadOnlyList<Problem> problems)
    {
        var sequences = new List<TrainingSequence>();
        foreach (Problem problem in problems)
        {
            if (problem.Solution.Length == 0)
            {
                throw new InvalidDataException(
                    $"problem '{problem.Id}' has no solution, expected one for every problem with m_step.data: solutions.");
            }

            sequences.Add(Sequence(problem, [.. tokenizer.Encode(problem.Solution, addSpecialTokens: false), tokenizer.EndOfTextId], 1));
        }

        int count = sequences.RemoveAll(sequence => sequence.TokenIds.Count > tokenizer.ContextLength);
        return (sequences, count);
    }

    /// <summary>Merges what several iterations kept: equal texts of a problem become one with the sum of the counts.</summary>
    public static IReadOnlyList<KeptSample> Merge(IEnumerable<KeptSample> kept, KeptWeights weights)
    {
        var merged = new List<KeptSample>();
        foreach (var problem in kept.GroupBy(sample => sample.ProblemId, StringComparer.Ordinal))
        {
            double total = problem.Sum(sample => sample.Count);
            foreach (var text in problem.GroupBy(sample => sample.Sample.Completion.Text, StringComparer.Ordinal))
            {
                int count = text.Sum(sample => sample.Count);
                merged.Add(text.First() with { Count = count, Weight = weights is KeptWeights.Count ? count / total : 1 });
            }
        }

        return merged;
    }

    private TrainingSequence Sequence(Problem problem, IReadOnlyList<int> completion, double weight)
    {
        var ids = tokenizer.Encode(prompt.Build(problem, forBase: false), addSpecialTokens: true);
        return new TrainingSequence { TokenIds = [.. ids, .. completion], PromptLength = ids.Count, Weight = (float)weight };
    }

    private IReadOnlyList<int> Ids(Completion completion, bool sameTokenizer) =>
        sameTokenizer && completion.FinishReason is FinishReason.EndOfText
            ? completion.TokenIds
            : [.. tokenizer.Encode(completion.Text, addSpecialTokens: false), tokenizer.EndOfTextId];
}
