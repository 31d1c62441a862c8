namespace ReSTEM.Answers;

/// <summary>Evaluates a scalar tree in ball arithmetic, with rational values for its variables.</summary>
internal sealed class Evaluator(IReadOnlyDictionary<string, Rational> variables, int precision, Budget budget)
{
    /// <summary>Whether every value on the way was real: the point lies in the real domain of the expression.</summary>
    internal bool StayedReal { get; private set; } = true;

    /// <exception cref="UndefinedException">There is no value at this point.</exception>
    /// <exception cref="UndecidedException">The precision does not decide a case.</exception>
    /// <exception cref="UnreadableException">The expression holds something that has no rule here.</exception>
    internal ComplexBall Evaluate(Node node)
    {
        budget.Spend(2 + (precision / 16));
        var value = Step(node);
        StayedReal &= value.IsReal;
        return value;
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
            case NodeKind.Call:
                return EvaluatedFunctions.Call(node.Name, [.. node.Items.Select(Evaluate)], node.Items.Select(ExactValue).ToArray(), precision, budget);
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
