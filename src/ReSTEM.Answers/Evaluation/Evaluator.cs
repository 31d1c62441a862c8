namespace ReSTEM.Answers;

/// <summary>Evaluates a scalar tree in ball arithmetic, with rational values for its variables.</summary>
internal sealed class Evaluator(IReadOnlyDictionary<string, Rational> variables, int precision, Budget budget)
{
    private long _lowest;

    /// <summary>Whether every value on the way was real: the point lies in the real domain of the expression.</summary>
    internal bool StayedReal { get; private set; } = true;

    /// <summary>Values on the way were below 2 to this power, 0 at least.</summary>
    internal long Highest { get; private set; }

    /// <summary>Binary orders of magnitude between the smallest and the largest value on the way, 1 among them.</summary>
    internal long Range => Highest - _lowest;

    /// <summary>Numbers and names evaluated so far: terms that may cancel each other.</summary>
    internal int Leaves { get; private set; }

    /// <exception cref="UndefinedException">There is no value at this point.</exception>
    /// <exception cref="UndecidedException">The precision does not decide a case.</exception>
    /// <exception cref="UnreadableException">The expression holds something that has no rule here.</exception>
    internal ComplexBall Evaluate(Node node)
    {
        budget.Spend(2 + (precision / 16));
        var value = Step(node);
        StayedReal &= value.IsReal;
        Leaves += node.Items.Length == 0 ? 1 : 0;
        Note(value.Real);
        Note(value.Imaginary);
        return value;
    }

    private void Note(Ball ball)
    {
        if (!ball.ContainsZero)
        {
            Highest = Math.Max(Highest, ball.Top);
            _lowest = Math.Min(_lowest, ball.Top);
        }
    }

    private ComplexBall Step(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Number or NodeKind.BaseNumeral:
                return ComplexBall.Of(Ball.Of(node.Value, precision));
            case NodeKind.Symbol:
                return ComplexBall.Of(Ball.Of(variables[node.Name], precision));
            case NodeKind.Constant:
                return Constant(node.Name);
            case NodeKind.Sum:
                return Fold(node, (left, right) => left.Plus(right, precision));
            case NodeKind.Product:
                return Fold(node, (left, right) => left.Times(right, precision));
            case NodeKind.Quotient or NodeKind.Ratio:
                return Fold(node, (left, right) => left.Over(right, precision));
            case NodeKind.Negation:
                return Evaluate(node.Items[0]).Negated();
            case NodeKind.Power:
                return EvaluatedPowers.Power(Evaluate(node.Items[0]), Evaluate(node.Items[1]), ExactValue(node.Items[1]), precision, budget);
            case NodeKind.Root:
                var degree = ExactValue(node.Items[1]);
                return EvaluatedPowers.Power(
                    Evaluate(node.Items[0]),
                    ComplexBall.Of(Ball.One).Over(Evaluate(node.Items[1]), precision),
                    degree is { IsZero: false } known ? known.Inverse : null,
                    precision,
                    budget);
            case NodeKind.Call when node.Name is "sum" or "prod":
                return Terms(node);
            case NodeKind.Call:
                ComplexBall[] arguments = [.. node.Items.Select(Evaluate)];
                if (node.Name is "tanh" or "coth")
                {
                    NoteSaturation(arguments[0].Real);
                }

                return EvaluatedFunctions.Call(node.Name, arguments, node.Items.Select(ExactValue).ToArray(), precision, budget);
            case NodeKind.Percent:
                return Evaluate(node.Items[0]).Over(ComplexBall.Of(Ball.Of(100, precision)), precision);
            case NodeKind.Degree:
                return Evaluate(node.Items[0]).Times(
                    ComplexBall.Of(BallFunctions.Pi(precision).Over(Ball.Of(180, precision), precision)), precision);
            case NodeKind.Quantity:
                return Evaluate(node.Items[0]);
            default:
                throw new UnreadableException($"{node.Kind} has no single value.");
        }
    }

    /// <summary>tanh x is within 2^(-2.9 |x|) of 1: so small a part of it counts as one of the values on the way.</summary>
    private void NoteSaturation(Ball x) => _lowest = Math.Min(_lowest, -(3L << (int)Math.Clamp(x.Top, 0, 40)));

    private ComplexBall Terms(Node node)
    {
        if (node.Items is not [var body, { Kind: NodeKind.Symbol } index, var low, var high]
            || ExactValue(low) is not { IsInteger: true } from || ExactValue(high) is not { IsInteger: true } to || to - from >= Sums.MaxTerms)
        {
            throw new UnreadableException("the bounds are no whole numbers here.");
        }

        var point = new Dictionary<string, Rational>(variables);
        var inner = new Evaluator(point, precision, budget);
        bool isSum = node.Name == "sum";
        var result = ComplexBall.Of(isSum ? Ball.Zero : Ball.One);
        for (var value = from; value <= to; value += 1)
        {
            point[index.Name] = value;
            var term = inner.Evaluate(body);
            result = isSum ? result.Plus(term, precision) : result.Times(term, precision);
        }

        (StayedReal, Leaves) = (StayedReal && inner.StayedReal, Leaves + inner.Leaves);
        (Highest, _lowest) = (Math.Max(Highest, inner.Highest), Math.Min(_lowest, inner._lowest));
        return result;
    }

    private ComplexBall Constant(string name) => name switch
    {
        "pi" => ComplexBall.Of(BallFunctions.Pi(precision)),
        "e" => ComplexBall.Of(BallFunctions.Exp(Ball.One, precision)),
        "i" => ComplexBall.ImaginaryUnit,
        _ => throw new UndefinedException("infinity has no value"),
    };

    private ComplexBall Fold(Node node, Func<ComplexBall, ComplexBall, ComplexBall> join)
    {
        var result = Evaluate(node.Items[0]);
        for (int index = 1; index < node.Items.Length; index++)
        {
            result = join(result, Evaluate(node.Items[index]));
        }

        return result;
    }

    /// <summary>The exact rational value of a tree of plain arithmetic at this point, or null.</summary>
    private Rational? ExactValue(Node node)
    {
        budget.Spend(1);
        switch (node.Kind)
        {
            case NodeKind.Number or NodeKind.BaseNumeral:
                return node.Value;
            case NodeKind.Symbol:
                return variables[node.Name];
            case NodeKind.Negation:
                return -ExactValue(node.Items[0]);
            case NodeKind.Sum or NodeKind.Product or NodeKind.Quotient:
                var result = ExactValue(node.Items[0]);
                for (int index = 1; index < node.Items.Length && result is not null; index++)
                {
                    var next = ExactValue(node.Items[index]);
                    result = node.Kind switch
                    {
                        NodeKind.Sum => result + next,
                        NodeKind.Product => result * next,
                        _ => next is { IsZero: false } ? result / next : null,
                    };
                }

                return result;
            default:
                return null;
        }
    }
}
