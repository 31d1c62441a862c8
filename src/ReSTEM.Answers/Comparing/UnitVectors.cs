namespace ReSTEM.Answers;

/// <summary>Sums of multiples of the unit vectors i, j and k, as tuples of their components.</summary>
internal static class UnitVectors
{
    private static readonly string[] Names = ["vec-i", "vec-j", "vec-k"];

    /// <summary>The components of a sum like 3i - j + 2k beside a tuple of that many items; null for anything else.</summary>
    internal static Node? AsTuple(Node sum, Node beside, Budget budget)
    {
        if (beside is not { Kind: NodeKind.Tuple, Items.Length: 2 or 3 } || !Normaliser.IsScalar(sum) || !Holds(sum))
        {
            return null;
        }

        int dimension = beside.Items.Length;
        try
        {
            var form = Normaliser.Normalise(sum, budget);
            bool linear = form.Denominator.IsOne && Array.TrueForAll(form.Numerator.Terms, term => Degree(term.Monomial, dimension) == 1);
            return linear
                ? Node.Tuple('(', ')', [.. Names.Take(dimension).Select(name => Component(sum, name, budget))])
                : null;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    private static bool Holds(Node node) => (node.Is(NodeKind.Symbol) && Names.Contains(node.Name)) || Array.Exists(node.Items, Holds);

    /// <summary>The power of all unit vectors together; 2 where one lies outside the dimension.</summary>
    private static long Degree(Monomial monomial, int dimension) => monomial.Factors
        .Where(static factor => factor.Atom.Kind == AtomKind.Variable && Names.Contains(factor.Atom.Key))
        .Sum(factor => Array.IndexOf(Names, factor.Atom.Key) < dimension && factor.Power.IsInteger ? factor.Power.Numerator : 2);

    private static Node Component(Node sum, string name, Budget budget) => Switches.Replace(
        sum, part => part.Is(NodeKind.Symbol) && Names.Contains(part.Name) ? Node.Number(part.Name == name ? 1 : 0) : null, budget);
}
