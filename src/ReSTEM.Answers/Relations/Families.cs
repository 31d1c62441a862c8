using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Values a + bk of one parameter k, as sets.</summary>
internal static class Families
{
    /// <summary>Most classes that a family is cut into.</summary>
    private const int MaxClasses = 64;

    /// <summary>
    /// Whether two lists of values run through the same numbers as k runs through the integers: both are cut into classes of one period, which
    /// is a multiple of every step, and their residues are compared. False where a value is not linear in k, or steps have no common multiple.
    /// </summary>
    internal static bool AreSame(Node[] left, Node[] right, string name, Budget budget)
    {
        try
        {
            if (Lines(left, name, budget) is not { } a || Lines(right, name, budget) is not { } b)
            {
                return false;
            }

            var unit = a[0].Step;
            var (multiple, divisor) = (BigInteger.One, BigInteger.Zero);
            var steps = new List<Rational>();
            foreach (var line in a.Concat(b))
            {
                if (line.Step.DividedBy(unit, budget).AsRational is not { IsZero: false } step)
                {
                    return false;
                }

                steps.Add(step.Absolute);
                multiple = multiple / BigInteger.GreatestCommonDivisor(multiple, step.Absolute.Numerator) * step.Absolute.Numerator;
                divisor = BigInteger.GreatestCommonDivisor(divisor, step.Denominator);
            }

            var period = new Rational(multiple) / new Rational(divisor);
            var length = unit.Times(Form.Of(period), budget);
            return Classes(a, steps[..a.Count], period, budget) is { } x && Classes(b, steps[a.Count..], period, budget) is { } y
                && x.TrueForAll(one => y.Exists(other => AreCongruent(one, other, length, budget)))
                && y.TrueForAll(one => x.Exists(other => AreCongruent(one, other, length, budget)));
        }
        catch (UndefinedException)
        {
            return false;
        }
    }

    /// <summary>Whether two single values differ by a number once their parameter, an arbitrary constant that is only added, is left out.</summary>
    internal static bool DifferByConstant(Node[] left, Node[] right, string name, Budget budget)
    {
        try
        {
            return left.Length == 1 && right.Length == 1 && Lines(left, name, budget) is [var a] && Lines(right, name, budget) is [var b]
                && a.Step.AsRational is { IsZero: false } && b.Step.AsRational is { IsZero: false } && !a.Offset.Minus(b.Offset, budget).HasVariable;
        }
        catch (UndefinedException)
        {
            return false;
        }
    }

    private static bool AreCongruent(Form one, Form other, Form period, Budget budget) =>
        one.Minus(other, budget).DividedBy(period, budget).AsRational is { IsInteger: true };

    private static List<Form>? Classes(List<(Form Offset, Form Step)> lines, List<Rational> steps, Rational period, Budget budget)
    {
        var classes = new List<Form>();
        for (int line = 0; line < lines.Count; line++)
        {
            var count = period / steps[line];
            if (classes.Count + count.Numerator > MaxClasses)
            {
                return null;
            }

            var offset = lines[line].Offset;
            for (int k = 0; k < count.Numerator; k++)
            {
                classes.Add(offset);
                offset = offset.Plus(lines[line].Step, budget);
            }
        }

        return classes;
    }

    /// <summary>Offset and step of each value; null where one is not linear in the parameter.</summary>
    private static List<(Form Offset, Form Step)>? Lines(Node[] values, string name, Budget budget)
    {
        var lines = new List<(Form Offset, Form Step)>();
        foreach (var value in values)
        {
            if (!Normaliser.IsScalar(value))
            {
                return null;
            }

            Form At(int k) => Normaliser.Normalise(Measured.Of(Switches.Substitute(value, name, Node.Number(k), budget)).Value, budget);
            var offset = At(0);
            var step = At(1).Minus(offset, budget);
            var line = offset.Plus(step.Times(Form.Of(Atom.Variable(name)), budget), budget);
            if (!Normaliser.Normalise(Measured.Of(value).Value, budget).Minus(line, budget).Numerator.IsZero)
            {
                return null;
            }

            lines.Add((offset, step));
        }

        return lines;
    }
}
