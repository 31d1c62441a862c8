using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Pretraining;

/// <summary>What a stage trains on, as sequences, made one at a time.</summary>
internal sealed class StageSequences(ModelInfo model, PromptOptions prompt)
{
    private int _leftOut;

    /// <summary>Examples so far; of soft targets one has a sequence for each label that has a share.</summary>
    internal int Examples { get; private set; }

    /// <summary>How many problems were left out, in words; empty for none.</summary>
    internal string LeftOut => _leftOut == 0 ? "" : $"{_leftOut} of {_leftOut + Examples} problems are longer than the model's context with what is to be said, and are left out";

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
            Examples++;
            yield return sequence;
            if (tokens >= corpus.Tokens)
            {
                yield break;
            }
        }
    }

    /// <summary>Problems with their human solutions, or with the distributions over their labels.</summary>
    /// <exception cref="InvalidDataException">A problem has none, or it does not fit the context and may not be left out; or nothing is left.</exception>
    internal IEnumerable<TrainingSequence> Of(IReadOnlyList<Problem> problems, TrainStage stage)
    {
        (prompt.Chat is null ? null : new ChatFormat(model, prompt))?.ThrowUnlessUsable();
        var sequences = new TrainingSequences(model, prompt, sameTokenizer: false);
        foreach (Problem problem in problems)
        {
            foreach (TrainingSequence sequence in sequences.Of(problem, Targets(problem, stage)))
            {
                yield return sequence;
            }

            if (sequences.TooLong > _leftOut && stage.OnLongPrompt is not LongPrompt.Skip)
            {
                throw new InvalidDataException(
                    $"problem '{problem.Id}' is longer than the model's context with what is to be said, expected at most {model.ContextLength} tokens; leave such problems out (on_long_prompt: skip, or exclude).");
            }

            (_leftOut, Examples) = (sequences.TooLong, sequences.Made);
        }

        if (Examples == 0)
        {
            throw new InvalidDataException($"all {_leftOut} problems are longer than the model's context, {model.ContextLength} tokens, expected at least one that fits.");
        }
    }

    private static IReadOnlyList<WeightedExample> Targets(Problem problem, TrainStage stage) =>
        stage.Objective is { HasSoftTargets: true } ? SoftTargetsObjective.Of(problem)
        : problem.Solution.Length > 0 ? [new WeightedExample(null, problem.Solution, 1, 0)]
        : throw new InvalidDataException($"problem '{problem.Id}' has no solution, expected one for every training problem.");

    private TrainingSequence Sequence(int[] before, string completion, int end, bool lossOnPrompt) => new()
    {
        TokenIds = [.. before, .. model.Encode(completion, addSpecialTokens: false), end],
        PromptLength = lossOnPrompt ? 0 : before.Length,
    };
}
