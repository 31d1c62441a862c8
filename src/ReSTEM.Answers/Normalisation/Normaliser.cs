using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Turns a single-valued <see cref="Node"/> into its <see cref="Form"/>.</summary>
internal static class Normaliser
{
    /// <summary>Whether the tree has one value, as opposed to lists, sets, relations and words.</summary>
    internal static bool IsScalar(Node node)
    {
        bool self = node.Kind <= NodeKind.Ratio && node.Kind != NodeKind.PlusMinus && !(node.Is(NodeKind.Ratio) && node.Items.Length > 2)
            && !node.IsConstant("empty-set") && !node.IsConstant("reals");
        return self && Array.TrueForAll(node.Items, static item => IsScalar(item) || item.Is(NodeKind.Matrix));
    }

    /// <exception cref="UndefinedException">The expression has no value.</exception>
    /// <exception cref="LimitExceededException">It is too large.</exception>
    internal static Form Normalise(Node node, Budget budget)
    {
        budget.Spend(1);
        switch (node.Kind)
        {
            case NodeKind.Number or NodeKind.BaseNumeral:
                return Form.Of(node.Value);
            case NodeKind.Symbol:
                return Form.Of(Atom.Variable(node.Name));
            case NodeKind.Constant:
                return Constant(node.Name);
            case NodeKind.Sum:
                return Fold(node, budget, static (left, right, budget) => left.Plus(right, budget));
            case NodeKind.Product:
                return Fold(node, budget, static (left, right, budget) => left.Times(right, budget));
            case NodeKind.Quotient or NodeKind.Ratio:
                return Fold(node, budget, static (left, right, budget) => left.DividedBy(right, budget));
            case NodeKind.Negation:
                return Normalise(node.Items[0], budget).Negated();
            case NodeKind.Power:
                return Powers.Of(Normalise(node.Items[0], budget), Normalise(node.Items[1], budget), budget);
            case NodeKind.Root:
                var degree = Normalise(node.Items[1], budget);
                return Powers.Of(Normalise(node.Items[0], budget), degree.Inverse(budget), budget);
            case NodeKind.Call when node.Name is "sum" or "prod":
                return Sums.Of(node, budget) ?? Unknown(node);
            case NodeKind.Call when node.Name is "integral" or "lim":
                return (node.Name == "integral" ? Integrals.Of(node, budget) : Limits.Of(node, budget)) ?? Unknown(node);
            case NodeKind.Call:
                return Functions.Of(node.Name, [.. node.Items.Select(item => Normalise(item, budget))], budget);
            case NodeKind.Percent:
                return Normalise(node.Items[0], budget).Times(Form.Of(new Rational(1, 100)), budget);
            case NodeKind.Degree:
                return Normalise(node.Items[0], budget).Times(
                    new Form(Polynomial.Term(Monomial.Of(Atom.Pi, Exponent.One), new Rational(1, 180))), budget);
            case NodeKind.Quantity:
                return Normalise(node.Items[0], budget);
            default:
                throw new UndefinedException($"{node.Kind} has no single value");
        }
    }

    /// <summary>A sum, an integral or a limit without a closed form, as one atom: the same only when written the same.</summary>
    private static Form Unknown(Node node) => Form.Of(new Atom(AtomKind.Function, Written(node)) { IsVariable = true });

    private static string Written(Node node) =>
        $"{node.Kind}:{node.Label}{(node.Is(NodeKind.Number) ? node.Value : "")}({string.Join(',', node.Items.Select(Written))})";

    private static Form Constant(string name) => name switch
    {
        "pi" => Form.Of(Atom.Pi),
        "e" => Form.Of(Atom.Euler),
        "i" => Form.Of(Atom.ImaginaryUnit),
        _ => Form.Of(Atom.Variable("\u221E")),
    };

    private static Form Fold(Node node, Budget budget, Func<Form, Form, Budget, Form> join)
    {
        var result = Normalise(node.Items[0], budget);
        for (int index = 1; index < node.Items.Length; index++)
        {
            result = join(result, Normalise(node.Items[index], budget), budget);
        }

        return result;
    }

    /// <summary>The form as a whole number of at most 31 bits, or null.</summary>
    internal static int? SmallInteger(Form form) =>
        form.AsRational is { IsInteger: true } value && BigInteger.Abs(value.Numerator) < int.MaxValue ? (int)value.Numerator : null;
}
