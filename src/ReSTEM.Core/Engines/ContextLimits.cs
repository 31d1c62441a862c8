namespace ReSTEM.Core;

/// <summary>What fits a model's context and vocabulary: the one home of these limits, for whoever has text and for engines.</summary>
public static class ContextLimits
{
    /// <summary>Why a prompt cannot be drawn from, in words; null when it can: a completion needs room for one token.</summary>
    /// <param name="tokenCount">Length of the prompt.</param>
    /// <param name="contextLength">Most tokens of prompt and completion.</param>
    public static string? PromptFault(int tokenCount, int contextLength) => tokenCount > 0 && tokenCount < contextLength
        ? null
        : $"the prompt has {tokenCount} tokens, expected 1 to {contextLength - 1} (the model's context is {contextLength}).";

    /// <summary>Why a sequence cannot be scored or trained on; null when it can.</summary>
    public static string? SequenceFault(int tokenCount, int contextLength) => tokenCount > 0 && tokenCount <= contextLength
        ? null
        : $"the sequence has {tokenCount} tokens, expected 1 to {contextLength} (the model's context).";

    /// <summary>Which id is not in the vocabulary; null when all are.</summary>
    public static string? IdFault(IReadOnlyList<int> ids, int vocabularySize)
    {
        foreach (int id in ids)
        {
            if (id < 0 || id >= vocabularySize)
            {
                return $"a token id is {id}, expected 0 to {vocabularySize - 1}.";
            }
        }

        return null;
    }
}
