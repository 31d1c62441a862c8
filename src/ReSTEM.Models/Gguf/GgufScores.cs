using ReSTEM.Tokenizers;

namespace ReSTEM.Models;

/// <summary>
/// SentencePiece's scores of tokens, which a tokenizer.json does not have: minus the place of the first merge that makes a token.
/// llama.cpp joins the pair whose result scores highest, wherever the pair was cut; a tokenizer.json joins the pair that is earliest
/// in its list. The two are the same where every way to cut a token in two is in the list, and all ways of one token stand together.
/// </summary>
internal static class GgufScores
{
    /// <summary>A score for each token that merges make; the others are never made.</summary>
    /// <param name="merges">The <c>merges</c>, in order.</param>
    /// <param name="ids">The vocabulary.</param>
    /// <param name="isRun">Tokens for which order does not matter: those found as a whole before anything is merged.</param>
    /// <exception cref="InvalidDataException">The scores would not give the tokenizer's own tokens.</exception>
    internal static Dictionary<string, float> Of(JsonPart merges, IReadOnlyDictionary<string, int> ids, Func<string, bool> isRun)
    {
        Dictionary<string, float> scores = new(StringComparer.Ordinal);
        HashSet<(string Left, string Right)> pairs = [];
        string previous = "";
        foreach (JsonPart item in merges.Items())
        {
            (string left, string right) = ModelFile.ReadPair(item);
            string merged = left + right;
            pairs.Add((left, right));
            if (!scores.TryAdd(merged, -scores.Count) && merged != previous && !isRun(merged))
            {
                throw item.Bad($"a merge to '{merged}' apart from the others", "them side by side, as scores of tokens have them");
            }

            previous = merged;
        }

        foreach (string token in scores.Keys)
        {
            for (int cut = 1; cut < token.Length; cut++)
            {
                string left = token[..cut], right = token[cut..];
                if (ids.ContainsKey(left) && ids.ContainsKey(right) && !pairs.Contains((left, right)))
                {
                    throw merges.Bad($"without a merge of '{left}' and '{right}'", $"every way to cut '{token}', as scores of tokens have them");
                }
            }
        }

        return scores;
    }
}
