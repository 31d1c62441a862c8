namespace ReSTEM.Answers;

/// <summary>Definite integrals of sums of powers: Call "integral" of (body, variable, from, to).</summary>
internal static class Integrals
{
    /// <summary>The integral, or null when the body is no such sum.</summary>
    internal static Form? Of(Node integral, Budget budget)
    {
        if (integral.Items is not [var body, { Kind: NodeKind.Symbol } variable, var low, var high])
        {
            return null;
        }

        var form = Normaliser.Normalise(body, budget);
        var (from, to) = (Normaliser.Normalise(low, budget), Normaliser.Normalise(high, budget));
        var atom = Atom.Variable(variable.Name);
        if (!form.Denominator.IsOne)
        {
            return null;
        }

        var result = Form.Zero;
        foreach (var (monomial, coefficient) in form.Numerator.Terms)
        {
            var power = monomial.PowerOf(atom).ToRational();
            var rest = monomial.Without(atom);
            if (power.Sign < 0 || Array.Exists(rest.Factors, static factor => factor.Atom.IsVariable && factor.Atom.Kind != AtomKind.Variable))
            {
                return null; // a pole may lie between the bounds, or a function of the variable is left
            }

            var next = Form.Of(power + 1);
            var area = Powers.Of(to, next, budget).Minus(Powers.Of(from, next, budget), budget);
            result = result.Plus(
                area.Times(new Form(Polynomial.Term(rest, coefficient / (power + 1))), budget), budget);
        }

        return result;
    }
}
