using System.Globalization;
using System.Numerics;
using ReSTEM.Arithmetic;

namespace ReSTEM.Templates;

/// <summary>Arithmetic as Python has it: whole numbers stay whole but for <c>/</c>, division rounds down, remainders take the divisor's sign.</summary>
internal static class Numbers
{
    internal static double ToDouble(object value) => value switch
    {
        double number => number,
        BigInteger number => Nearest(number),
        bool flag => flag ? 1 : 0,
        _ => throw new TemplateException($"a value is of type {ValueKinds.NameOf(value)}, expected a number."),
    };

    // A cast would round towards zero.
    private static double Nearest(BigInteger number) => number.GetBitLength() <= 53
        ? (double)number
        : double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    internal static bool AreEqual(object first, object second) => Compare(first, second) == 0;

    /// <summary>Exact, also between whole numbers and floats; null where one is no number.</summary>
    internal static int? Compare(object first, object second)
    {
        if (WholeNumbers.Of(first) is { } a && WholeNumbers.Of(second) is { } b)
        {
            return a.CompareTo(b);
        }

        double x = ToDouble(first);
        double y = ToDouble(second);
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return null;
        }

        // Half of the nearest float may lie on the other side of a large whole number.
        return x == y && double.IsFinite(x) && double.IsInteger(x)
            ? (WholeNumbers.Of(first) ?? new BigInteger(x)).CompareTo(WholeNumbers.Of(second) ?? new BigInteger(y))
            : x.CompareTo(y);
    }

    /// <exception cref="TemplateException">Division by zero, or a result that is too large.</exception>
    internal static object Apply(string operation, object left, object right)
    {
        bool isWhole = WholeNumbers.Of(left) is not null && WholeNumbers.Of(right) is not null;
        bool isZero = ToDouble(right) == 0;
        return operation is "/" or "//" or "%" && isZero
            ? throw new TemplateException("a number is divided by 0, expected another divisor.")
            : isWhole ? ApplyWhole(operation, WholeNumbers.Of(left)!.Value, WholeNumbers.Of(right)!.Value)
            : ApplyFloat(operation, ToDouble(left), ToDouble(right));
    }

    private static object ApplyWhole(string operation, BigInteger left, BigInteger right) => operation switch
    {
        "+" => WholeNumbers.Bounded(left + right),
        "-" => WholeNumbers.Bounded(left - right),
        "*" => WholeNumbers.Bounded(left * right),
        "/" => Quotient(left, right),
        "//" => (left - Remainder(left, right)) / right,
        "%" => Remainder(left, right),
        "**" when right < 0 => left.IsZero
            ? throw new TemplateException("0 is raised to a negative power, expected another number.")
            : Elementary.Pow((double)left, (double)right),
        _ when left.IsOne || left.IsZero => right.IsZero ? BigInteger.One : left,
        _ => WholeNumbers.Power(left, right <= 4000 ? (int)right : 4000),
    };

    // Rounded once: a quotient of two rounded numbers would be rounded twice.
    private static double Quotient(BigInteger left, BigInteger right)
    {
        if (left.IsZero || (left.GetBitLength() <= 53 && right.GetBitLength() <= 53)) // nothing divided by less than nothing is -0.0
        {
            return (double)left / (double)right;
        }

        int shift = 66 + (int)(right.GetBitLength() - left.GetBitLength());
        var quotient = BigInteger.DivRem(left << Math.Max(0, shift), right << Math.Max(0, -shift), out BigInteger rest);
        BigInteger withRest = rest.IsZero ? quotient : (2 * quotient) + (rest.Sign * right.Sign);
        return Math.ScaleB(Nearest(withRest), rest.IsZero ? -shift : -shift - 1);
    }

    private static BigInteger Remainder(BigInteger left, BigInteger right)
    {
        BigInteger rest = BigInteger.Remainder(left, right);
        return rest.IsZero || rest.Sign == right.Sign ? rest : rest + right;
    }

    private static object ApplyFloat(string operation, double left, double right) => operation switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "//" => FloorDivide(left, right),
        "%" => Modulo(left, right),
        _ => Power(left, right),
    };

    private static double Modulo(double left, double right)
    {
        double rest = left % right;
        return rest == 0 ? Math.CopySign(0, right) : (rest < 0) != (right < 0) ? rest + right : rest;
    }

    private static double FloorDivide(double left, double right)
    {
        double rest = left % right;
        double quotient = (left - rest) / right;
        quotient -= rest != 0 && (rest < 0) != (right < 0) ? 1 : 0;
        if (quotient == 0)
        {
            return Math.CopySign(0, left / right);
        }

        double floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double Power(double left, double right)
    {
        double power = Elementary.Pow(left, right);
        return double.IsFinite(power) || !double.IsFinite(left) || !double.IsFinite(right) ? power : throw new TemplateException(
            FormattableString.Invariant($"{left} ** {right} is no number, expected one."));
    }
}
