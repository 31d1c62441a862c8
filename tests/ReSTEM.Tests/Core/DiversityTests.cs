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
}
