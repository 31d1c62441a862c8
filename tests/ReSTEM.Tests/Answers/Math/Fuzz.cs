using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Seeded pairs of near-mathematics: pieces strung together, and real answers cut and joined at random.</summary>
internal static class Fuzz
{
    internal static readonly string[] Pieces =
    [
        "0", "1", "2", "7", "12", "345", "0.5", ".", ",", "x", "y", "n", "e", "i", "+", "-", "*", "/", "^", "_", "!", "%", "=", "<", ">", "\\le ", "\\ge ",
        "(", ")", "[", "]", "{", "}", "\\{", "\\}", "|", "\\frac", "\\frac{1}{2}", "\\sqrt", "\\sqrt{3}", "\\sqrt[3]{", "\\pi", "\\infty", "\\cup ", "\\in ",
        "\\sin ", "\\log ", "\\ln(", "\\text{", "\\text{ and }", "\\begin{pmatrix}", "\\end{pmatrix}", "\\\\", "&", "\\pm ", "\\cdot ", "^{2}", "^\\circ",
        "\\left(", "\\right)", " ", "  ", "\\,", "\\!", "$", "\\$", "cm", "miles", "or ", "and ", "10^{10}", "!!", "²", "½", "√", "°", "\\binom{5}{2}",
        "\\overline{3}", "0.\\overline{", "...", "\\boxed{", "A", "(B)", ":", "4:30", "p.m.", "\\mathbb{R}", "\\setminus ", "#", "\u0000", "\ud83d\ude00", "é",
    ];

    /// <summary>A count of pairs; <c>answers</c> are real answers to mutate and may be empty.</summary>
    internal static IEnumerable<(string Left, string Right)> PairsOf(ulong seed, int count, IReadOnlyList<string> answers)
    {
        var random = RandomStream.Of(seed, RandomPurpose.Problems).Sequence();
        for (int index = 0; index < count; index++)
        {
            yield return (Next(random, answers), Next(random, answers));
        }
    }

    private static string Next(RandomSequence random, IReadOnlyList<string> answers)
    {
        if (answers.Count == 0 || random.Chance(0.4))
        {
            return string.Concat(Enumerable.Range(0, random.Between(1, 12)).Select(_ => random.Pick(Pieces)));
        }

        string answer = random.Pick(answers);
        if (answer.Length == 0 || random.Chance(0.3))
        {
            return answer;
        }

        int cut = random.Below(answer.Length + 1);
        return random.Below(3) switch
        {
            0 => answer[..cut] + random.Pick(Pieces) + answer[cut..],
            1 => answer[..cut] + random.Pick(answers),
            _ => answer.Remove(Math.Min(cut, answer.Length - 1), 1),
        };
    }
}
