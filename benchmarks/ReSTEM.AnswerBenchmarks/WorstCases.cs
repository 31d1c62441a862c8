using ReSTEM.Answers;

namespace ReSTEM.AnswerBenchmarks;

/// <summary>Answers made to take long: families of growing size, each judged against a neighbour. The bound on steps must hold all below 50 ms.</summary>
internal static class WorstCases
{
    private static readonly List<int> Primes = [2];

    private static readonly (string Name, Func<int, (string Left, string Right)> Make)[] Families =
    [
        ("sum of fractions in x", n => (Join("+", n, i => $"\\frac{{1}}{{x+{i}}}"), Join("+", n, i => $"\\frac{{1}}{{x+{n + 1 - i}}}"))),
        ("sum of fractions in many names", n => (Join("+", n, i => $"\\frac{{a_{{{i}}}}}{{x+{i}}}"), "x")),
        ("list of roots", n => (Join(",", n, i => $"\\sqrt{{{i}}}"), Join(",", n, i => $"\\sqrt{{{n + 1 - i}}}"))),
        ("list of numbers", n => (Join(",", n, i => $"{i}"), Join(",", n, i => $"{n + 1 - i}"))),
        ("list of opaque values", n => (Join(",", n, i => $"\\sin {i}"), Join(",", n, i => $"\\sin {n + 1 - i}"))),
        ("sum of roots", n => (Join("+", n, i => $"\\sqrt{{{i}}}"), Join("+", n, i => $"\\sqrt{{{n + 1 - i}}}"))),
        ("sum of cube roots", n => (Join("+", n, i => $"\\sqrt[3]{{{i}+\\sqrt{{{i + 1}}}}}"), "1")),
        ("product of sums", n => (Join("", n, i => $"(x+{i})"), Join("", n, i => $"(x+{n + 1 - i})"))),
        ("product of sums in many names", n => (Join("", n, i => $"(a_{{{i}}}+b_{{{i}}})"), "1")),
        ("power of a sum", n => ($"(x+y+z)^{{{n}}}", $"(z+y+x)^{{{n}}}+1")),
        ("inverse of a sum of roots", n => ($"\\frac{{1}}{{{Join("+", n, i => $"\\sqrt{{{Prime(i)}}}")}}}", "1")),
        ("continued fraction", n => (Nest(n, "\\frac{1}{1+", "}", "x"), Nest(n, "\\frac{1}{1+", "}", "y"))),
        ("nested roots", n => (Nest(n, "\\sqrt{2+", "}", "x"), Nest(n, "\\sqrt{2+", "}", "y"))),
        ("nested roots of numbers", n => (Nest(n, "\\sqrt{2+", "}", "2"), "2")),
        ("nested absolute values", n => (Nest(n, "|x-", "|", "1"), Nest(n, "|x-", "|", "2"))),
        ("sum of absolute values", n => (Join("+", n, i => $"|x-{i}|"), Join("+", n, i => $"|{n + 1 - i}-x|"))),
        ("sum of absolute values in many names", n => (Join("+", n, i => $"|a_{{{i}}}-x|"), Join("+", n, i => $"|x-a_{{{n + 1 - i}}}|"))),
        ("sum of floors", n => (Join("+", n, i => $"\\lfloor {i}x \\rfloor"), Join("+", n, i => $"\\lfloor {n + 1 - i}x \\rfloor"))),
        ("maximum of lines", n => ($"\\max({Join(",", n, i => $"{i}x-{i * i}")})", $"\\max({Join(",", n, i => $"{n + 1 - i}x-{(n + 1 - i) * (n + 1 - i)}")})")),
        ("large hyperbolic", n => ($"\\sinh({n})", $"\\cosh({n})")),
        ("opaque constants", n => (Join("+", n, i => $"\\sin\\frac{{{i}}}{{7}}"), Join("+", n, i => $"\\sin\\frac{{{n + 1 - i}}}{{7}}"))),
        ("trigonometry in x", n => (Join("+", n, i => $"\\sin({i}x)"), Join("+", n, i => $"\\sin({n + 1 - i}x)"))),
        ("trigonometry of multiples", n => ($"\\sin({n}x)", $"\\cos({n}x)\\tan({n}x)")),
        ("near 1", n => ($"\\sqrt{{1+10^{{-{n}}}}}", $"1+\\frac{{10^{{-{n}}}}}{{2}}")),
        ("tower", n => (Nest(n, "2^{", "}", "2"), "4")),
        ("factorials", n => ($"\\frac{{{n}!}}{{{n - 1}!}}", $"{n}")),
        ("binomials", n => (Join("+", n, i => $"\\binom{{{n}}}{{{i}}}"), $"2^{{{n}}}-1")),
        ("long number", n => (new string('7', n), new string('7', n) + ".5")),
        ("long decimal", n => ("0." + new string('3', n), "\\frac{1}{3}")),
        ("large number to factor", n => ($"\\sqrt{{{new string('9', n)}7}}", "1")),
        ("union of intervals", n => (Join("\\cup", n, i => $"({2 * i},{(2 * i) + 1})"), Join("\\cup", n, i => $"({2 * (n + 1 - i)},{(2 * (n + 1 - i)) + 1})"))),
        ("union of irrational intervals", n => (Join("\\cup", n, i => $"(\\sqrt{{{2 * i}}},\\sqrt{{{(2 * i) + 1}}})"), "(1,2)")),
        ("matrix", n => (Matrix(n, (i, j) => $"{i + j}"), Matrix(n, (i, j) => $"{i + j}+x-x"))),
        ("power of a matrix", n => ($"{Matrix(n, (i, j) => $"{i + j}")}^{{16}}", "1")),
        ("polynomial inequality", n => (Join("", n, i => $"(x-{i})") + "<0", "x<1")),
        ("plus-minus", n => (Join("+", n, i => $"(\\pm {i})"), "1")),
        ("words", n => (Join(" ", n, _ => "word"), Join(" ", n, _ => "ward"))),
        ("set of sets", n => ($"\\{{{Join(",", n, i => $"\\{{{i},{i + 1}\\}}")}\\}}", $"\\{{{Join(",", n, i => $"\\{{{n + 2 - i},{n + 1 - i}\\}}")}\\}}")),
        ("equation", n => ($"{Join("+", n, i => $"a_{{{i}}}x^{{{i}}}")}=0", $"{Join("+", n, i => $"2a_{{{i}}}x^{{{i}}}")}=0")),
        ("sum written out", n => ($"\\sum_{{k=1}}^{{{n}}} \\sqrt{{k}}", "1")),
        ("sum of fractions written out", n => ($"\\sum_{{k=1}}^{{{n}}} \\frac{{1}}{{k^2+x}}", "1")),
    ];

    internal static void Report()
    {
        var verifier = new MathVerifier();
        double slowest = 0;
        foreach (var (name, make) in Families)
        {
            double most = 0;
            string at = "";
            for (int size = 1; size <= 20_000; size += 1 + (size / 3))
            {
                var (left, right) = make(size);
                if (left.Length > 25_000)
                {
                    break;
                }

                var (least, reason) = CpuTime.Least(() => verifier.Compare(left, right).Reason);
                if (least > most)
                {
                    (most, at) = (least, $"size {size}: {reason}");
                }
            }

            slowest = Math.Max(slowest, most);
            Console.WriteLine($"{most,8:F2} ms  {name}, {at}");
        }

        Console.WriteLine($"slowest {slowest:F2} ms");
    }

    private static string Join(string separator, int count, Func<int, string> item) => string.Join(separator, Enumerable.Range(1, count).Select(item));

    private static string Nest(int depth, string open, string close, string inner) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));

    private static string Matrix(int size, Func<int, int, string> entry) =>
        $"\\begin{{pmatrix}}{Join("\\\\", size, row => Join("&", size, column => entry(row, column)))}\\end{{pmatrix}}";

    /// <summary>The prime of an index, from 1.</summary>
    private static int Prime(int index)
    {
        for (int candidate = Primes[^1] + 1; Primes.Count < index; candidate++)
        {
            if (Primes.TrueForAll(prime => candidate % prime != 0))
            {
                Primes.Add(candidate);
            }
        }

        return Primes[index - 1];
    }
}
