using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class FuzzTests
{
    [Fact]
    public void Two_thousand_fuzzed_pairs_neither_fail_nor_depend_on_order_or_run() =>
        Assert.Empty(Faults(Fuzz.PairsOf(1, 2_000, ["\\frac{1}{2}", "(1,2)", "x^2+1", "[0,3)\\cup(4,\\infty)", "20\\text{ miles}", "3\\pm\\sqrt{2}"])));

    [Fact]
    public void Eight_threads_agree_with_one()
    {
        var pairs = Fuzz.PairsOf(2, 500, ["\\sqrt{3+2\\sqrt2}", "\\sin 3x", "0.785", "\\frac{\\pi}{4}"]).ToArray();
        var verifier = new MathVerifier();
        var alone = Array.ConvertAll(pairs, pair => verifier.Compare(pair.Left, pair.Right).Verdict);
        var together = new Verdict[pairs.Length];
        Parallel.For(
            0, pairs.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            index => together[index] = verifier.Compare(pairs[index].Left, pairs[index].Right).Verdict);
        Assert.Equal(alone, together);
    }

    internal static List<string> Faults(IEnumerable<(string Left, string Right)> pairs)
    {
        var verifier = new MathVerifier();
        var faults = new List<string>();
        foreach (var (left, right) in pairs)
        {
            var finding = verifier.Compare(left, right);
            var swapped = verifier.Compare(right, left);
            if (finding.Verdict == Verdict.VerifierFailed)
            {
                faults.Add($"'{left}' and '{right}': {finding.Evidence["error"]}");
            }
            else if (finding.Verdict != swapped.Verdict || finding.Reason != verifier.Compare(left, right).Reason)
            {
                faults.Add($"'{left}' and '{right}': {finding.Verdict} {finding.Reason}, swapped {swapped.Verdict} {swapped.Reason}");
            }
        }

        return faults;
    }
}
