namespace ReSTEM.Answers;

/// <summary>Decides equality by evaluation where normal forms do not: constants at high precision, functions at many points.</summary>
/// <remarks>
/// "Differ" is a proof: the balls are apart. "Same" is a proof for constants of whole numbers, + - * / and roots, by a separation bound. For other
/// constants it means that they agree to 320 bits more than the sizes of all their parts can hide; for functions that they do so at
/// <see cref="PointsNeeded"/> points of the common real domain. What a bounded precision cannot tell is not the same.
/// </remarks>
internal static class NumericComparer
{
    /// <summary>Points that must agree.</summary>
    internal const int PointsNeeded = 8;

    private const int FewestPoints = 3;
    private const int PointsTried = 48;
    private const int FirstPrecision = 80;
    private const int AgreeingBits = 320;
    private const int MostPrecision = 6144;

    /// <summary>Precision at which a sign that is still not known is taken to be that of 0.</summary>
    private const int DecidingPrecision = 1536;

    private const int Guard = 64;

    private enum Outcome
    {
        Apart,
        Together,
        Unusable,
        NotReal,
    }

    /// <param name="left">A single value.</param>
    /// <param name="right">Another.</param>
    /// <param name="budget">Pays for it.</param>
    /// <param name="space">Where to look; null for all of the domain.</param>
    /// <returns>Null when no point decides.</returns>
    internal static Comparison? Compare(Node left, Node right, Budget budget, SampleSpace? space = null)
    {
        space ??= new SampleSpace(left, right);
        return At(left, right, space, true, budget) ?? At(left, right, space, false, budget);
    }

    private static Comparison? At(Node left, Node right, SampleSpace space, bool real, Budget budget)
    {
        int agreed = 0;
        int needed = space.IsConstant ? 1 : PointsNeeded;
        int tried = space.IsConstant ? 1 : PointsTried;
        for (int index = 0; index < tried && agreed < needed; index++)
        {
            switch (Point(left, right, space.At(index), real, budget))
            {
                case Outcome.Apart:
                    return Comparison.Different("evaluation");
                case Outcome.Together:
                    agreed++;
                    break;
            }
        }

        return agreed >= Math.Min(needed, FewestPoints) ? Comparison.Same("evaluation") : null;
    }

    private static Outcome Point(Node left, Node right, Dictionary<string, Rational> values, bool real, Budget budget)
    {
        double? separation = values.Count == 0 ? SeparationBound.Of(left, right) : null;
        int precision = FirstPrecision;
        while (true)
        {
            double wanted = AgreeingBits;
            var evaluator = new Evaluator(values, precision, budget);
            try
            {
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

                long error = Math.Max(difference.Real.RadiusTop, difference.Imaginary.RadiusTop);
                bool isAlgebraic = separation + evaluator.Highest < MostPrecision - Guard;
                wanted = isAlgebraic ? separation!.Value + evaluator.Highest : AgreeingBits + (evaluator.Range * evaluator.Leaves);
                if (difference.IsExactZero || error < evaluator.Highest - wanted)
                {
                    return Outcome.Together;
                }
            }
            catch (UndecidedException)
            {
                if (precision >= DecidingPrecision)
                {
                    return Outcome.Unusable;
                }

                wanted = Math.Max(AgreeingBits, 2L * precision); // more bits may decide
            }
            catch (UndefinedException)
            {
                return Outcome.Unusable;
            }
            catch (UnreadableException)
            {
                return Outcome.Unusable;
            }

            // Another point of a function costs less than very high precision here.
            if (precision == MostPrecision || (values.Count > 0 && wanted > MostPrecision))
            {
                return Outcome.Unusable;
            }

            precision = (int)Math.Min(MostPrecision, Math.Max(wanted + Guard, 2L * precision));
        }
    }
}
