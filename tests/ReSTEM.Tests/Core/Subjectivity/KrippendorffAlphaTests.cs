using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class KrippendorffAlphaTests
{
    // Four observers, twelve units.
    private const string ReliabilityData = "123321412... 1233224125.3 .3332342251. 12332441251.";

    private static readonly RandomStream Stream = RandomStream.Of(1, RandomPurpose.Bootstrap);

    /// <summary>Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", sections A, B and C; the last from the article of Wikipedia on alpha.</summary>
    [Theory]
    [InlineData("0100000010 1110010000", 0.095)]
    [InlineData("aabbdcccedda babbbccceddd", 0.692)]
    [InlineData(ReliabilityData, 0.743)]
    [InlineData(".....34121133.3 1.213343....... ..21344.21133.4", 0.691)]
    public void Alpha_is_that_of_published_examples(string raters, double expected)
    {
        Assert.Equal(expected, KrippendorffAlpha.Nominal(Units(raters))!.Value, tolerance: 0.0005);
    }

    [Fact]
    public void Alpha_equals_the_sum_over_all_pairs_of_ratings()
    {
        RandomSequence random = RandomStream.Of(7, RandomPurpose.Problems).Sequence();
        for (int trial = 0; trial < 50; trial++)
        {
            string[][] units = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, random.Below(6)).Select(_ => random.Pick(["x", "y", "z"])).ToArray())];
            double? expected = OverPairs(units), actual = KrippendorffAlpha.Nominal(units);
            Assert.Equal(expected is null, actual is null);
            Assert.Equal(expected ?? 0, actual ?? 0, precision: 12);
        }
    }

    [Fact]
    public void Alpha_of_perfect_agreement_is_1_and_neither_order_nor_single_ratings_change_it()
    {
        Assert.Equal(1, KrippendorffAlpha.Nominal([["a", "a"], ["b", "b", "b"]]));
        string[][] units = [["a", "b", "b"], ["b", "a"], ["a", "a"]];
        double alpha = KrippendorffAlpha.Nominal(units)!.Value;
        Assert.Equal(alpha, KrippendorffAlpha.Nominal([["a", "a"], ["a", "b"], ["b", "a", "b"]])!.Value, precision: 12);
        Assert.Equal(alpha, KrippendorffAlpha.Nominal([.. units, ["c"], []]));
    }

    [Fact]
    public void Alpha_is_not_defined_without_pairs_or_with_one_label()
    {
        Assert.Null(KrippendorffAlpha.Nominal([]));
        Assert.Null(KrippendorffAlpha.Nominal([["a"], ["b"], []]));
        Assert.Null(KrippendorffAlpha.Nominal([["a", "a"], ["a", "a", "a"]]));
    }

    [Fact]
    public void The_interval_holds_the_value_and_shrinks_with_more_items()
    {
        string[][] units = Units(ReliabilityData);
        Estimate few = KrippendorffAlpha.NominalWithInterval(units, Stream)!.Value;
        Estimate many = KrippendorffAlpha.NominalWithInterval(Enumerable.Repeat(units, 8).SelectMany(part => part), Stream)!.Value;
        Assert.Equal(KrippendorffAlpha.Nominal(units), few.Value);
        Assert.InRange(few.Value, few.Low, few.High);
        Assert.True(many.High - many.Low < (few.High - few.Low) / 2, $"{many} beside {few}");
        Assert.Equal(few, KrippendorffAlpha.NominalWithInterval(units, Stream)!.Value);
    }

    // 1 - observed / expected disagreement, each as a mean over pairs of values, as Krippendorff defines them before he counts.
    private static double? OverPairs(string[][] units)
    {
        string[][] pairable = [.. units.Where(unit => unit.Length > 1)];
        string[] values = [.. pairable.SelectMany(unit => unit)];
        double observed = pairable.Sum(unit => Different(unit) / (unit.Length - 1.0)) / values.Length;
        double expected = Different(values) / (values.Length * (values.Length - 1.0));
        return values.Length == 0 || expected == 0 ? null : 1 - (observed / expected);
    }

    private static int Different(string[] values) => values.Sum(one => values.Count(other => other != one));

    // A rater a word, a unit a character; a dot is a missing rating.
    private static string[][] Units(string raters)
    {
        string[] rows = raters.Split(' ');
        return [.. Enumerable.Range(0, rows[0].Length).Select(unit => rows.Where(row => row[unit] != '.').Select(row => $"{row[unit]}").ToArray())];
    }
}
