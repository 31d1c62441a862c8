namespace ReSTEM.Answers;

/// <summary>The order of real constants: exact where the difference is rational or zero, else by evaluation.</summary>
internal static class RealOrder
{
    private static readonly Dictionary<string, Rational> NoVariables = [];

    /// <summary>Negative, 0 or positive as the first end is below, at or above the second.</summary>
    internal static int Compare(IntervalEnd left, IntervalEnd right, Budget budget)
    {
        var difference = left.Form.Minus(right.Form, budget);
        return difference.AsRational is { } exact
            ? exact.Sign
            : Sign(Node.Of(NodeKind.Sum, left.Node, Node.Of(NodeKind.Negation, right.Node)), budget) ?? 0;
    }

    /// <summary>The sign of a real constant; null when it is not real or too close to 0 to tell, 0 included.</summary>
    internal static int? Sign(Node node, Budget budget)
    {
        foreach (int precision in (ReadOnlySpan<int>)[64, 320])
        {
            if (Value(node, precision, budget) is { Real.Sign: { } sign, IsReal: true })
            {
                return sign;
            }
        }

        return null;
    }

    /// <summary>The sign of an expression at a point; null when it is not real there or too close to 0 to tell.</summary>
    internal static int? SignAt(Node node, Dictionary<string, Rational> point, Budget budget) =>
        Value(node, 128, budget, point) is { Real.Sign: { } sign, IsReal: true } ? sign : null;

    internal static bool IsReal(Form form, Node node, Budget budget) =>
        form.AsRational is not null || Value(node, 64, budget) is { IsReal: true };

    /// <summary>The value of a constant, or null when it has none at this precision.</summary>
    internal static ComplexBall? Value(Node node, int precision, Budget budget, Dictionary<string, Rational>? point = null)
    {
        budget.Spend(8);
        try
        {
            return new Evaluator(point ?? NoVariables, precision, budget).Evaluate(node);
        }
        catch (UndefinedException)
        {
            return null;
        }
        catch (UndecidedException)
        {
            return null;
        }
        catch (UnreadableException)
        {
            return null;
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }
}
