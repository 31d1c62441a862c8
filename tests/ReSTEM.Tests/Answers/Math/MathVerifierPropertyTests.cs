using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class MathVerifierPropertyTests
{
    private static readonly MathVerifier Verifier = new();

    [Fact]
    public void Any_text_equals_itself_or_is_no_answer() => Check(Texts(), static text =>
    {
        var verdict = Verifier.Compare(text, text).Verdict;
        return verdict is Verdict.Correct or Verdict.Unparsable or Verdict.LimitExceeded;
    });

    [Fact]
    public void Readable_expressions_equal_themselves() => Check(Expressions(), static text =>
        Verifier.Compare(text, " " + text).Verdict == Verdict.Correct);

    [Fact]
    public void The_verdict_does_not_depend_on_the_order() => Check(Pairs(Expressions()), static pair =>
        Verifier.Compare(pair.Item1, pair.Item2).Verdict == Verifier.Compare(pair.Item2, pair.Item1).Verdict);

    [Fact]
    public void Blanks_do_not_matter() => Check(Expressions(), static text =>
        Verifier.Compare(text.Replace(" ", "", StringComparison.Ordinal), text.Replace(" ", "  ", StringComparison.Ordinal)).Verdict
            == Verdict.Correct);

    [Fact]
    public void Equal_keys_mean_equal_answers_and_equality_is_transitive() => Check(
        Pairs(ArbMap.Default.GeneratorFor<int>().Select(static n => (n % 12).ToString(CultureInfo.InvariantCulture))), static pair =>
        {
            // Three spellings of n/12 and of m/12: equal exactly when n = m.
            string[] left = [$"\\frac{{{pair.Item1}}}{{12}}", $"({pair.Item1})/12", $"{pair.Item1} \\cdot \\frac{{1}}{{12}}"];
            string[] right = [$"\\frac{{{pair.Item2}}}{{12}}", $"({pair.Item2})/12", $"{pair.Item2} \\cdot \\frac{{1}}{{12}}"];
            return left.SelectMany(a => right.Select(b => (a, b))).All(both =>
            {
                var finding = Verifier.Compare(both.a, both.b);
                return finding.Verdict == Verdict.Correct == (pair.Item1 == pair.Item2);
            });
        });

    private static void Check<T>(Gen<T> generator, Func<T, bool> property) =>
        Prop.ForAll(generator.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20260101, 31));

    private static Gen<(string, string)> Pairs(Gen<string> single) => single.Two().Select(static pair => (pair.Item1, pair.Item2));

    private static Gen<string> Texts() => Gen.ListOf(Gen.Elements(Fuzz.Pieces)).Select(static pieces => string.Concat(pieces));

    private static Gen<string> Expressions() => Gen.Sized(size => Expression(Math.Min(4, size / 12)));

    private static Gen<string> Expression(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Choose(0, 30).Select(static n => n.ToString(CultureInfo.InvariantCulture)),
            Gen.Elements("x", "y", "\\pi", "i", "\\sqrt{2}", "\\sqrt[3]{5}", "0.5", "2.75"));
        if (depth == 0)
        {
            return leaf;
        }

        var below = Expression(depth - 1);
        return Gen.OneOf(
            leaf,
            below.Two().Select(static pair => $"{pair.Item1} + {pair.Item2}"),
            below.Two().Select(static pair => $"({pair.Item1}) - ({pair.Item2})"),
            below.Two().Select(static pair => $"({pair.Item1})({pair.Item2})"),
            below.Select(static e => $"\\frac{{{e}}}{{7}}"),
            below.Select(static e => $"\\sqrt{{{e}}}"),
            below.Select(static e => $"({e})^2"),
            below.Select(static e => $"\\sin({e})"));
    }
}
