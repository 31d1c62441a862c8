using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class DiversityTests
{
    // Words and pairs of "a b" and "a c": a is in both, so 1 + ln(3/3) = 1; b and "a b" in one, 1 + ln(3/2). Cosine 1 / (1 + 2 w^2).
    [Fact]
    public void Two_solutions_have_the_distance_of_the_formula()
    {
        double w = 1 + Math.Log(1.5);
        Assert.Equal(1 - (1 / (1 + (2 * w * w))), Diversity.Of([["a b", "a c"]])!.Chamfer, precision: 12);

        // "alone" is a third solution: N = 3, so a has ln(4/3), and b has ln(4/2).
        double a = 1 + Math.Log(4.0 / 3), b = 1 + Math.Log(2);
        Diversity found = Diversity.Of([["a b", "a c"], ["alone"]])!;
        Assert.Equal(1 - (a * a / ((a * a) + (2 * b * b))), found.Chamfer, precision: 12);
        Assert.Equal((found.Chamfer, 1), (found.RemoteClique, found.Problems));
    }

    [Fact]
    public void Of_three_the_clique_is_the_mean_and_chamfer_the_nearest()
    {
        string[] texts = ["1 + 2 = 3", "2 + 1 = 3", "x"];
        Diversity all = Diversity.Of([texts])!;
        Assert.InRange(all.Chamfer, 0, all.RemoteClique);
        Assert.InRange(all.RemoteClique, 2.0 / 3, 1); // x has nothing in common with the others
        Assert.Null(Diversity.Of([["one"], []]));
        Assert.Equal(1, Diversity.Of([["a", "b"]])!.RemoteClique, precision: 12);
    }

    // The weights are those of the texts of all groups, 1 + ln((1 + N) / (1 + df)).
    [Fact]
    public void Each_group_is_measured_with_the_weights_of_all()
    {
        Diversity?[] each = [.. Diversity.OfEach([["a b", "a c"], ["x y", "x y"], ["alone"]])];
        Assert.Equal(Apart(6), each[0]!.RemoteClique, precision: 12); // of five texts, a in two, b in one: ln(6/3), ln(6/2)
        Assert.Equal(0, each[1]!.Chamfer, precision: 12);
        Assert.Null(each[2]);
        Assert.Equal(Apart(5), Diversity.OfEach([["a b", "a c"], ["x", "y"]]).First()!.Chamfer, precision: 12);
        Assert.Equal(
            Diversity.Of([["a b", "a c"], ["x y", "x z"]])!.RemoteClique,
            Diversity.OfEach([["a b", "a c"], ["x y", "x z"]]).Average(one => one!.RemoteClique), precision: 15);

        static double Apart(double plusOne)
        {
            double a = 1 + Math.Log(plusOne / 3), b = 1 + Math.Log(plusOne / 2);
            return 1 - (a * a / ((a * a) + (2 * b * b)));
        }
    }

    // Directions at 0, 90 and 180 degrees: distances 1, 2, 1. Clique (1.5 + 1 + 1.5) / 3, Chamfer 1. Lengths do not count.
    [Fact]
    public void Embeddings_have_the_cosine_distance()
    {
        Diversity found = Diversity.OfEmbeddings([[3, 0], [0, 0.5f], [-1, 0]])!;
        Assert.Equal((4.0 / 3, 1), (found.RemoteClique, found.Chamfer));
        Assert.Null(Diversity.OfEmbeddings([[1, 2]]));
    }

    [Fact]
    public void Embeddings_give_what_all_pairs_give()
    {
        RandomSequence random = RandomStream.Of(2, RandomPurpose.Problems).Sequence();
        float[][] vectors = [.. Enumerable.Range(0, 9).Select(_ => Enumerable.Range(0, 4).Select(_ => (float)random.Normals().First).ToArray())];
        double[][] apart = [.. vectors.Select((one, i) => vectors.Where((_, j) => j != i).Select(other => 1 - (Dot(one, other) / Math.Sqrt(Dot(one, one) * Dot(other, other)))).ToArray())];
        Diversity found = Diversity.OfEmbeddings(vectors)!;
        Assert.Equal(apart.Average(row => row.Average()), found.RemoteClique, precision: 12);
        Assert.Equal(apart.Average(row => row.Min()), found.Chamfer, precision: 12);
    }

    [Theory]
    [InlineData(float.NaN, "embedding 1 has the squared length NaN, expected a finite one above 0")]
    [InlineData(0, "embedding 1 has the squared length 0, expected a finite one above 0")]
    [InlineData(float.PositiveInfinity, "embedding 1 has the squared length Infinity, expected a finite one above 0")]
    public void Embeddings_without_direction_are_named(float number, string fault) =>
        Assert.StartsWith(fault, Assert.Throws<ArgumentException>(() => Diversity.OfEmbeddings([[1], [number]])).Message, StringComparison.Ordinal);

    private static double Dot(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();
}
