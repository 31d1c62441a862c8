using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Compares functions of floors and ceilings of linear expressions in one variable.</summary>
/// <remarks>
/// With x = L n + t, n whole and 0 &lt;= t &lt; L, where L makes every slope whole, floor(a x + b) is a L n + floor(a t + b), and the last floor
/// changes at finitely many t only. At each of them and between them both sides are formulas in n and t.
/// </remarks>
internal static class StepComparer
{
    private const int MaxBreakpoints = 64;
    private const string Period = "n\u2080";
    private const string Phase = "t\u2080";

    /// <returns>Null when a floor's argument is not linear with rational coefficients, or the period is long.</returns>
    internal static Comparison? Compare(Node left, Node right, string name, Budget budget)
    {
        var steps = new List<Node>();
        Switches.Innermost(left, Switches.IsStep, steps);
        Switches.Innermost(right, Switches.IsStep, steps);
        var lines = new Dictionary<Node, (Rational Slope, Rational Start)>(ReferenceEqualityComparer.Instance);
        foreach (var step in steps)
        {
            if (Linear(step.Items[0], name, budget) is not { } line)
            {
                return null;
            }

            lines[step] = line;
        }

        var length = new Rational(lines.Values.Aggregate(
            BigInteger.One, static (all, line) => all / BigInteger.GreatestCommonDivisor(all, line.Slope.Denominator) * line.Slope.Denominator));
        if (Phases(lines.Values, length) is not { } phases)
        {
            return null;
        }

        for (int index = 0; index < phases.Count; index++)
        {
            var from = phases[index];
            var to = index + 1 < phases.Count ? phases[index + 1] : length;
            var outcome = At(left, right, name, lines, length, from, Switches.Number(from), null, budget)
                ?? At(left, right, name, lines, length, (from + to) / 2, Node.Symbol(Phase), (from, to), budget);
            if (outcome is not { IsSame: true } same)
            {
                return outcome;
            }
        }

        return Comparison.Same("piecewise");
    }

    /// <summary>One phase, or an interval of phases: null after a phase at which both sides are the same, so that the interval comes next.</summary>
    private static Comparison? At(
        Node left, Node right, string name, Dictionary<Node, (Rational Slope, Rational Start)> lines, Rational length,
        Rational phase, Node variable, (Rational Low, Rational High)? interval, Budget budget)
    {
        var place = Node.Of(
            NodeKind.Sum, Node.Of(NodeKind.Product, Switches.Number(length), Node.Symbol(Period)), variable);
        Node? Change(Node part)
        {
            if (lines.TryGetValue(part, out var line))
            {
                var value = (line.Slope * phase) + line.Start;
                var whole = new Rational(part.Name == "floor" ? value.Floor() : value.Ceiling());
                return Node.Of(
                    NodeKind.Sum,
                    Node.Of(NodeKind.Product, Switches.Number(line.Slope * length), Node.Symbol(Period)),
                    Switches.Number(whole));
            }

            return part.Is(NodeKind.Symbol) && part.Name == name ? place : null;
        }

        var a = Switches.Replace(left, Change, budget);
        var b = Switches.Replace(right, Change, budget);
        if (Switches.Holds(a, Switches.IsStep) || Switches.Holds(b, Switches.IsStep))
        {
            return Comparison.Different("piecewise-nested"); // a floor of a floor is not judged by this rule
        }

        var space = new SampleSpace(a, b).Whole(Period);
        var outcome = ScalarComparer.Formulas(a, b, interval is { } ends ? space.Within(Phase, ends.Low, ends.High) : space, budget);
        return interval is null && outcome is { IsSame: true } ? null : outcome;
    }

    private static (Rational Slope, Rational Start)? Linear(Node node, string name, Budget budget)
    {
        try
        {
            var form = Normaliser.Normalise(node, budget);
            return form.Denominator.IsOne && UnivariatePolynomial.Of(form.Numerator, name) is [var start, var slope] ? (slope, start) : null;
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    /// <summary>0 and the phases in (0, L) at which a floor changes, in order.</summary>
    private static List<Rational>? Phases(IEnumerable<(Rational Slope, Rational Start)> lines, Rational length)
    {
        var phases = new SortedSet<Rational> { Rational.Zero };
        foreach (var (slope, start) in lines)
        {
            if ((slope * length).Absolute > MaxBreakpoints)
            {
                return null;
            }

            var low = slope.Sign > 0 ? start : start + (slope * length);
            var high = slope.Sign > 0 ? start + (slope * length) : start;
            for (var whole = low.Ceiling(); new Rational(whole) <= high; whole++)
            {
                var phase = (new Rational(whole) - start) / slope;
                if (phase.Sign >= 0 && phase < length)
                {
                    phases.Add(phase);
                }
            }
        }

        return phases.Count > MaxBreakpoints ? null : [.. phases];
    }
}
