using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.AnswerBenchmarks;

/// <summary>
/// Texts that no list foresees: every command, function, word and sign that the reader knows, alone and with others, repeated to the longest
/// answer, and as one side of a comparison with a neighbour.
/// </summary>
internal static class WorstMixtures
{
    /// <summary>Milliseconds from which a text is printed; the bound is 50.</summary>
    private const double Printed = 20;

    private static readonly int[] Lengths = [20_000, 6_000, 1_500, 400];

    /// <summary>What the reader's own tables know.</summary>
    private static readonly string[] Known =
    [
        .. CharacterTable.Commands.Keys.Select(static name => $"\\{name} "),
        .. CharacterTable.Signs.Keys.Select(static sign => sign.ToString()),
        .. FunctionNames.Functions.Keys.SelectMany(static name => (string[])[$"\\{name} ", $"\\{name} 2 ", $"{name} ", $"{name}(x)", $"{name}(2)", $"\\operatorname{{{name}}} "]),
        .. FunctionNames.Greek.Select(static name => $"\\{name} "),
        .. FunctionNames.Code.Select(static name => $"{name}(1,2)"),
        .. PhraseTable.Before.Keys.SelectMany(static words => (string[])[$"{words} 5 ", $"\\text{{{words}}} 5 "]),
        .. PhraseTable.After.Keys.SelectMany(static words => (string[])[$"5 {words} ", $"5 \\text{{ {words} }} "]),
        .. PhraseTable.Between.Keys.SelectMany(static words => (string[])[$"5 {words} ", $"{words} 5, "]),
        "0.5", "0.333... ", "(-1)^n", "x^n", "\\sqrt{x}", "\\sqrt{5}+", "\\frac{1}{x}", "\\frac{1}{3}+", "\\sin x+", "\\cos 1+", "|x|+", "\\lfloor x\\rfloor+", "\\max(x,1)+", "x!+", "\\binom{x}{2}+",
        "x<", "<1", "<x<", "\\le x,", "=x", "=5", "5=", "x=5=", "(1,", "[1,2],", "(1,2),", "\\{1,2\\},", "\\{x:", "{x: 1, ", "A=", "5\\%+", "5^\\circ+", "1:2:", "i+", "e^{i}", "\\ln 2+", "2^{0.5}", "0^0",
        "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{cases}x=1\\\\y=2\\end{cases}", "\\int_0^1 x dx+", "\\sum_{k=1}^{99} k+", "17 \\bmod 5 +", "\\text{ is }", "\\text{ of }", "and ", "or ", "\"a\" ", "5'6'' ", "30°15' ",
        "3rd and ", "5 and ", "2 hours 30 minutes ", "5 km/h ", "5 \\text{ m}^2 ", "(about 5) ", "(\\approx 5)", "for all x ", "where x ", "\\not", "\\quad ", "\\qquad x=1", "−", "＝", "三", "十", "百", "年3月5日", "约", "至少",
    ];

    /// <summary>Each known text, and each of those and of the listed ones beside <paramref name="partners"/> others, drawn by a seed.</summary>
    internal static void Report(int seed, int partners)
    {
        var random = RandomStream.Of((ulong)seed, RandomPurpose.Problems).Sequence();
        string[] pieces = [.. WorstTexts.Answers.Concat(Known).Distinct()];
        double slowest = 0;
        foreach (string piece in pieces)
        {
            slowest = Math.Max(slowest, Slowest(piece));
            for (int partner = 0; partner < partners; partner++)
            {
                string other = pieces[random.Below(pieces.Length)];
                slowest = Math.Max(slowest, Slowest(piece + other));
                slowest = Math.Max(slowest, Slowest(piece + other + pieces[random.Below(pieces.Length)]));
            }
        }

        Console.WriteLine($"slowest mixture {slowest:F2} ms");
    }

    private static double Slowest(string text)
    {
        var verifier = new MathVerifier();
        double most = 0;
        string at = "";
        Console.Error.Write($"\r{text}          ");
        foreach (int length in Lengths)
        {
            string all = string.Concat(Enumerable.Repeat(text, Math.Max(1, length / text.Length)));
            foreach (var (left, right) in (ReadOnlySpan<(string, string)>)[(all, "5"), (all + "5", "x+1"), (all + "x", all + "y")])
            {
                var (least, reason) = CpuTime.Least(() => verifier.Compare(left, right).Reason, Printed);
                if (least > most)
                {
                    (most, at) = (least, $"{left.Length} characters: {reason}{(right.Length > 3 ? ", against a neighbour" : "")}");
                }
            }
        }

        if (most > Printed)
        {
            Console.WriteLine($"{most,8:F2} ms  {text.ReplaceLineEndings("\\n")}, {at}");
        }

        return most;
    }
}
