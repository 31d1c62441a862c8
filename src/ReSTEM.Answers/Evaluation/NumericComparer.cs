namespace ReSTEM.Answers;

/// <summary>Decides equality by evaluation where normal forms do not: constants at high precision, functions at several points.</summary>
/// <remarks>
/// Points where both sides stay real throughout are used first; identities are those of the common real domain. "Differ" is a
/// proof (the balls are apart). "Same" is not: constants agree to about 90 digits, and a wrong "same" needs two short
/// expressions that close by chance; with variables it needs a non-zero function that vanishes at all points.
/// </remarks>
internal static class NumericComparer
{
    /// <summary>Points that must agree.</summary>
    internal const int PointsNeeded = 6;

    private const int PointsTried = 30;
    private const int LowPrecision = 80;
    private const int HighPrecision = 320;

    private enum Outcome
    {
        Apart,
        Together,
        Unusable,
        NotReal,
    }

    /// <returns>Null when no point decides.</returns>
    internal static Comparison? Compare(Node left, Node right, Budget budget)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        bool whole = Collect(left, names) | Collect(right, names);
        return At(left, right, names, whole, true, budget) ?? At(left, right, names, whole, false, budget);
    }

    private static Comparison? At(Node left, Node right, SortedSet<string> names, bool whole, bool real, Budget budget)
    {
        int agreed = 0;
        int needed = names.Count == 0 ? 1 : PointsNeeded;
        int tried = names.Count == 0 ? 1 : PointsTried;
        for (int index = 0; index < tried && agreed < needed; index++)
        {
            switch (Point(left, right, SamplePoints.At(index, names, whole), real, budget))
            {
                case Outcome.Apart:
                    return Comparison.Different("evaluation");
                case Outcome.Together:
                    agreed++;
                    break;
            }
        }

        return agreed >= Math.Min(needed, 3) ? Comparison.Same("evaluation") : null;
    }

    private static Outcome Point(Node left, Node right, Dictionary<string, Rational> values, bool real, Budget budget)
    {
        foreach (int precision in (ReadOnlySpan<int>)[LowPrecision, HighPrecision])
        {
            try
            {
                var evaluator = new Evaluator(values, precision, budget);
                var a = evaluator.Evaluate(left);
                var b = evaluator.Evaluate(right);
                if (real && !evaluator.StayedReal)
                {
                    return Outcome.NotReal;
                }

                var difference = a.Minus(b, precision);
                if (!difference.ContainsZero)
                {
                    return Outcome.Apart;
                }

                long scale = Math.Max(Math.Max(a.Real.Top, a.Imaginary.Top), Math.Max(b.Real.Top, b.Imaginary.Top));
                long error = Math.Max(difference.Real.RadiusTop, difference.Imaginary.RadiusTop);
                if (precision == HighPrecision && (error < Math.Max(scale, -HighPrecision) - 200 || difference.IsExactZero))
                {
                    return Outcome.Together;
                }
            }
            catch (UndecidedException) when (precision == LowPrecision)
            {
                continue; // the higher precision may decide
            }
            catch (UndecidedException)
            {
                return Outcome.Unusable;
            }
            catch (UndefinedException)
            {
                return Outcome.Unusable;
            }
            catch (UnreadableException)
            {
                return Outcome.Unusable;
            }
        }

        return Outcome.Unusable;
    }

    /// <summary>Gathers the variables; true when a function of whole numbers holds one.</summary>
    private static bool Collect(Node node, SortedSet<string> names)
    {
        if (node.Is(NodeKind.Symbol))
        {
            names.Add(node.Name);
            return false;
        }

        bool whole = node.Is(NodeKind.Call) && node.Name is "factorial" or "double-factorial" or "binom" or "gcd" or "lcm" or "mod";
        whole |= node.Is(NodeKind.Power) && node.Items[0].Is(NodeKind.Negation);
        int before = names.Count;
        bool below = false;
        foreach (var item in node.Items)
        {
            below |= Collect(item, names);
        }

        return below || (whole && (names.Count > before || HasSymbol(node)));
    }

    private static bool HasSymbol(Node node) => node.Is(NodeKind.Symbol) || Array.Exists(node.Items, HasSymbol);
}
