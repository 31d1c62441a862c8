namespace ReSTEM.Answers;

/// <summary>Sums and products over whole numbers from one bound to another: Call "sum" or "prod" of (body, index, from, to).</summary>
internal static class Sums
{
    /// <summary>Most terms that are written out.</summary>
    internal const int MaxTerms = 1_000;

    private const int MaxPower = 12;

    /// <summary>The sum in closed form, or null when there is no rule for it.</summary>
    /// <remarks>
    /// Written out between whole bounds; by Faulhaber's formula where the body is a polynomial in the index; as a geometric series where
    /// neighbouring terms have a constant ratio, to infinity too.
    /// </remarks>
    internal static Form? Of(Node sum, Budget budget)
    {
        if (sum.Items is not [var body, { Kind: NodeKind.Symbol } index, var low, var high])
        {
            return null;
        }

        var from = Normaliser.Normalise(low, budget);
        if (high.IsConstant("infinity"))
        {
            return sum.Name == "sum" && Ratio(body, index.Name, budget) is { AsRational: { } ratio } && ratio.Absolute < 1
                ? Term(body, index.Name, low, budget).DividedBy(Form.Of(1 - ratio), budget)
                : null;
        }

        var to = Normaliser.Normalise(high, budget);
        if (Normaliser.SmallInteger(from) is { } first && Normaliser.SmallInteger(to) is { } last)
        {
            return WrittenOut(sum.Name, body, index.Name, first, last, budget);
        }

        return sum.Name == "sum" ? Faulhaber(body, index.Name, from, to, budget) ?? Geometric(body, index.Name, low, high, budget) : null;
    }

    private static Form WrittenOut(string name, Node body, string index, int first, int last, Budget budget)
    {
        if ((long)last - first >= MaxTerms)
        {
            throw new LimitExceededException("term-limit", $"a sum has more than {MaxTerms} terms");
        }

        var result = name == "sum" ? Form.Zero : Form.One;
        for (int value = first; value <= last; value++)
        {
            var term = Term(body, index, Node.Number(value), budget);
            result = name == "sum" ? result.Plus(term, budget) : result.Times(term, budget);
        }

        return result;
    }

    private static Form Term(Node body, string index, Node value, Budget budget) =>
        Normaliser.Normalise(Switches.Substitute(body, index, value, budget), budget);

    /// <summary>Each power of the index on its own: the sum to b less the sum to a - 1.</summary>
    private static Form? Faulhaber(Node body, string index, Form from, Form to, Budget budget)
    {
        var form = Normaliser.Normalise(body, budget);
        if (!form.Denominator.IsOne)
        {
            return null;
        }

        var variable = Atom.Variable(index);
        var below = from.Minus(Form.One, budget);
        var result = Form.Zero;
        foreach (var (monomial, coefficient) in form.Numerator.Terms)
        {
            var power = monomial.PowerOf(variable);
            var rest = monomial.Without(variable);
            if (!power.IsInteger || power.Numerator is < 0 or > MaxPower || HoldsIndex(rest, index))
            {
                return null;
            }

            var sum = PowerSum((int)power.Numerator, to, budget).Minus(PowerSum((int)power.Numerator, below, budget), budget);
            result = result.Plus(sum.Times(new Form(Polynomial.Term(rest, coefficient)), budget), budget);
        }

        return result;
    }

    /// <summary>1^j + ... + n^j = 1/(j+1) sum over r of C(j+1, r) B_r n^(j+1-r), with B_1 = 1/2.</summary>
    private static Form PowerSum(int j, Form n, Budget budget)
    {
        var bernoulli = new Rational[j + 1];
        for (int m = 0; m <= j; m++)
        {
            var row = Rational.One;
            for (int k = 0; k < m; k++)
            {
                row -= Choose(m, k) * bernoulli[k] / (m - k + 1);
            }

            bernoulli[m] = row;
        }

        var sum = Form.Zero;
        for (int r = 0; r <= j; r++)
        {
            sum = sum.Plus(n.Power(j + 1 - r, budget).Times(Form.Of(Choose(j + 1, r) * bernoulli[r] / (j + 1)), budget), budget);
        }

        return sum;
    }

    private static Rational Choose(int n, int k)
    {
        var result = Rational.One;
        for (int factor = 1; factor <= k; factor++)
        {
            result = result * (n - k + factor) / factor;
        }

        return result;
    }

    /// <summary>The ratio of neighbouring terms, when it does not depend on the index.</summary>
    private static Form? Ratio(Node body, string index, Budget budget)
    {
        var next = Switches.Substitute(body, index, Node.Of(NodeKind.Sum, Node.Symbol(index), Node.Number(1)), budget);
        try
        {
            var ratio = Normaliser.Normalise(next, budget).DividedBy(Normaliser.Normalise(body, budget), budget);
            return ratio.HasVariable ? Factor(body, index, budget) : ratio;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    /// <summary>
    /// By what a product of powers is multiplied when its index grows by one, from its factors: b^(sn + t) by b^s, whatever the sign of b. Null
    /// where a factor depends on the index otherwise.
    /// </summary>
    private static Form? Factor(Node body, string index, Budget budget)
    {
        budget.Spend(1);
        if (!Holds(body, index))
        {
            return Form.One;
        }

        switch (body.Kind)
        {
            case NodeKind.Negation:
                return Factor(body.Items[0], index, budget);
            case NodeKind.Product or NodeKind.Quotient:
                var result = Form.One;
                for (int item = 0; item < body.Items.Length; item++)
                {
                    if (Factor(body.Items[item], index, budget) is not { } factor)
                    {
                        return null;
                    }

                    result = item > 0 && body.Is(NodeKind.Quotient) ? result.DividedBy(factor, budget) : result.Times(factor, budget);
                }

                return result;
            case NodeKind.Power when !Holds(body.Items[0], index):
                var step = Term(body.Items[1], index, Node.Number(1), budget).Minus(Term(body.Items[1], index, Node.Number(0), budget), budget);
                var second = Term(body.Items[1], index, Node.Number(2), budget).Minus(Term(body.Items[1], index, Node.Number(1), budget), budget);
                return step.AsRational is { IsInteger: true } && second.Minus(step, budget).Numerator.IsZero && Normaliser.Normalise(body.Items[1], budget).Denominator.IsOne
                    ? Powers.Of(Normaliser.Normalise(body.Items[0], budget), step, budget)
                    : null;
            default:
                return null;
        }
    }

    private static bool Holds(Node node, string name) => node.IsSymbol(name) || Array.Exists(node.Items, item => Holds(item, name));

    private static Form? Geometric(Node body, string index, Node low, Node high, Budget budget)
    {
        if (Ratio(body, index, budget) is not { } ratio || ratio.Minus(Form.One, budget).Numerator.IsZero)
        {
            return null;
        }

        var beyond = Term(body, index, Node.Of(NodeKind.Sum, high, Node.Number(1)), budget);
        return Term(body, index, low, budget).Minus(beyond, budget).DividedBy(Form.One.Minus(ratio, budget), budget);
    }

    /// <summary>Whether a power or function of the index is left, whose key tells its variables.</summary>
    private static bool HoldsIndex(Monomial monomial, string index) => Array.Exists(
        monomial.Factors, factor => factor.Atom.IsVariable && factor.Atom.Kind != AtomKind.Variable && factor.Atom.Key.Contains(index, StringComparison.Ordinal));
}
