using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Pretraining;

/// <summary>What a stage trains on, as sequences, made one at a time.</summary>
internal sealed class StageSequences(ModelInfo model, PromptOptions prompt)
{
    /// <summary>Documents until they have the tokens that are asked for.</summary>
    internal IEnumerable<TrainingSequence> Of(CorpusConfig corpus)
    {
        long tokens = 0;
        foreach (CorpusDocument document in QuickstartCorpus.Documents(corpus.Mix, corpus.Name, (ulong)corpus.Seed))
        {
            TrainingSequence sequence = Sequence(
                document.Prompt.Length == 0 ? [] : model.Encode(document.Prompt, addSpecialTokens: true),
                document.Completion, model.EndOfTextId, document.LossOnPrompt);
            tokens += sequence.TokenIds.Count;
            yield return sequence;
            if (tokens >= corpus.Tokens)
            {
                yield break;
            }
        }
    }

    /// <summary>Problems with their human solutions.</summary>
    /// <exception cref="InvalidDataException">A problem has no solution.</exception>
    internal IEnumerable<TrainingSequence> Of(IReadOnlyList<Problem> problems)
    {
        var chat = prompt.Chat is null ? null : new ChatFormat(model, prompt);
        chat?.ThrowUnlessUsable();
        int end = chat?.EndTokenId ?? model.EndOfTextId;
        return problems.Select(problem => problem.Solution.Length > 0
            ? Sequence(Prompts.Encode(model, problem, prompt, isUntrained: false), problem.Solution, end, lossOnPrompt: false)
            : throw new InvalidDataException($"problem '{problem.Id}' has no solution, expected one for every training problem."));
    }

    private TrainingSequence Sequence(int[] before, string completion, int end, bool lossOnPrompt) => new()
    {
        TokenIds = [.. before, .. model.Encode(completion, addSpecialTokens: false), end],
        PromptLength = lossOnPrompt ? 0 : before.Length,
    };
}
