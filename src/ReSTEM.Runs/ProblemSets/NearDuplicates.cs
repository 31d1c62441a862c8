using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A problem that is nearly one of another set.</summary>
/// <param name="First">Of the one set.</param>
/// <param name="Second">Of the other.</param>
/// <param name="IsSameText">Whether their texts differ in punctuation and spaces only; else they share words in a row.</param>
public sealed record NearDuplicate(Problem First, Problem Second, bool IsSameText);

/// <summary>
/// Problems of two sets that a reader would call the same or copied from each other: the same letters, digits and operators, or 13 words in a
/// row. Problems made from one pattern have that too, so that it is told and not refused.
/// </summary>
/// <remarks>13 words: Brown et al. 2020, arXiv:2005.14165, appendix C.</remarks>
public static class NearDuplicates
{
    /// <summary>How many words in a row two texts must share.</summary>
    public const int Words = 13;

    private const string Operators = "+-*/^=<>%";

    /// <summary>Each problem of the first set at most once, with the first one of the second that it is near to.</summary>
    public static IReadOnlyList<NearDuplicate> Find(IEnumerable<Problem> first, IEnumerable<Problem> second)
    {
        Dictionary<string, Problem> byText = new(StringComparer.Ordinal), byWords = new(StringComparer.Ordinal);
        foreach (Problem problem in second)
        {
            string[] words = WordsOf(problem.Prompt);
            byText.TryAdd(string.Concat(words), problem);
            foreach (string run in Runs(words))
            {
                byWords.TryAdd(run, problem);
            }
        }

        var found = new List<NearDuplicate>();
        foreach (Problem problem in first)
        {
            string[] words = WordsOf(problem.Prompt);
            if (byText.TryGetValue(string.Concat(words), out Problem? same))
            {
                found.Add(new NearDuplicate(problem, same, true));
            }
            else if (Runs(words).Select(run => byWords.GetValueOrDefault(run)).FirstOrDefault(near => near is not null) is { } near)
            {
                found.Add(new NearDuplicate(problem, near, false));
            }
        }

        return found;
    }

    private static IEnumerable<string> Runs(string[] words) =>
        Enumerable.Range(0, Math.Max(0, words.Length - Words + 1)).Select(start => string.Join(' ', words, start, Words));

    /// <summary>Runs of letters and digits in lower case, and single operators: a sum is not the difference of the same numbers.</summary>
    private static string[] WordsOf(string text)
    {
        var spaced = new StringBuilder();
        foreach (char character in text.Normalize(NormalizationForm.FormKC))
        {
            spaced.Append(char.IsLetterOrDigit(character) ? char.ToLowerInvariant(character).ToString()
                : Operators.Contains(character, StringComparison.Ordinal) ? $" {character} "
                : " ");
        }

        return spaced.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
