using System.Globalization;
using System.Numerics;

namespace ReSTEM.Sandbox;

/// <summary>Python's <c>==</c> over plain values, and stricter and laxer relatives of it.</summary>
/// <remarks>The Python Language Reference, section 6.10.1, Value comparisons. A NaN equals nothing.</remarks>
internal static class PyEquality
{
    private const int LongestDecimal = 5000;

    /// <summary>As Python: 1 == 1.0 == True; a list is no tuple; sets and dicts without order.</summary>
    public static bool AreEqual(PyValue a, PyValue b) => Equal(a, b, typesMatter: false);

    /// <summary>As Python, and the types must be the same at every level: 1, 1.0 and True differ.</summary>
    public static bool AreSame(PyValue a, PyValue b) => Equal(a, b, typesMatter: true);

    /// <summary>What <c>if value:</c> decides.</summary>
    public static bool IsTrue(PyValue value) => value.Kind switch
    {
        PyKind.None => false,
        PyKind.Bool or PyKind.Int => !value.Integer.IsZero,
        PyKind.Float or PyKind.Complex => value.Number != Complex.Zero,
        PyKind.Text => value.Text.Length > 0,
        PyKind.Bytes => value.Bytes.Length > 0,
        PyKind.Range => RangeLength(value) > 0,
        PyKind.Handle => false,
        PyKind.Type => true,
        PyKind.Object => Ratio(value) is { } ratio ? !ratio.Numerator.IsZero : value.Text != "timedelta" || value.Items.Any(part => !part.Integer.IsZero),
        _ => value.Items.Length > 0,
    };

    private static bool Equal(PyValue a, PyValue b, bool typesMatter)
    {
        if (typesMatter && a.Kind != b.Kind)
        {
            return false;
        }

        return (a.Kind, b.Kind) switch
        {
            (PyKind.None, PyKind.None) => true,
            (PyKind.Text, PyKind.Text) or (PyKind.Type, PyKind.Type) => a.Text == b.Text,
            (PyKind.Bytes, PyKind.Bytes) => a.Bytes.AsSpan().SequenceEqual(b.Bytes),
            (PyKind.List, PyKind.List) or (PyKind.Tuple, PyKind.Tuple) or (PyKind.Deque, PyKind.Deque) =>
                a.Items.Length == b.Items.Length
                && !a.Items.Where((item, index) => !Equal(item, b.Items[index], typesMatter)).Any(),
            (PyKind.Set or PyKind.FrozenSet, PyKind.Set or PyKind.FrozenSet) => SameSet(a, b, typesMatter),
            (PyKind.Dict, PyKind.Dict) when a.Text == "OrderedDict" && b.Text == "OrderedDict" =>
                a.Items.Length == b.Items.Length && !a.Items.Where((item, index) => !Equal(item, b.Items[index], typesMatter)).Any(),
            (PyKind.Dict, PyKind.Dict) when a.Text == "Counter" && b.Text == "Counter" => SameDict(Counted(a), Counted(b), typesMatter),
            (PyKind.Dict, PyKind.Dict) => SameDict(a, b, typesMatter),
            (PyKind.Object, _) or (_, PyKind.Object) when Ratio(a) is { } x && Ratio(b) is { } y =>
                x.Numerator * y.Denominator == y.Numerator * x.Denominator && !(typesMatter && a.Text != b.Text),
            (PyKind.Object, PyKind.Object) => a.Text == b.Text && a.Text != "ndarray" && a.Text != "Decimal"
                && a.Items.Length == b.Items.Length && !a.Items.Where((item, index) => !Equal(item, b.Items[index], typesMatter)).Any(),
            (PyKind.Range, PyKind.Range) => SameRange(a, b),
            _ when IsNumber(a) && IsNumber(b) => SameNumber(a, b),
            _ => false,
        };
    }

    /// <summary>The exact value of a finite real number, a fraction or a decimal number; null for all else.</summary>
    public static (BigInteger Numerator, BigInteger Denominator)? Ratio(PyValue value)
    {
        switch (value)
        {
            case { Kind: PyKind.Int or PyKind.Bool }:
                return (value.Integer, 1);
            case { Kind: PyKind.Float } when double.IsFinite(value.Number.Real):
                long bits = BitConverter.DoubleToInt64Bits(value.Number.Real);
                int exponent = (int)((bits >> 52) & 0x7FF);
                long mantissa = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52);
                int power = Math.Max(exponent, 1) - 1075;
                BigInteger signed = bits < 0 ? -mantissa : mantissa;
                return power >= 0 ? (signed << power, 1) : (signed, BigInteger.One << -power);
            case { Kind: PyKind.Object, Text: "Fraction", Items: [{ Kind: PyKind.Int } numerator, { Kind: PyKind.Int } denominator] }
                when denominator.Integer.Sign > 0:
                return (numerator.Integer, denominator.Integer);
            case { Kind: PyKind.Object, Text: "Decimal", Items: [{ Kind: PyKind.Text } text] }:
                return DecimalRatio(text.Text);
            default:
                return null;
        }
    }

    private static (BigInteger Numerator, BigInteger Denominator)? DecimalRatio(string text)
    {
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        string digits = mark < 0 ? text : text[..mark];
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int exponent = 0;
        if (digits.Length > LongestDecimal
            || (mark >= 0 && (!int.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > LongestDecimal))
            || !BigInteger.TryParse(digits.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        exponent -= point < 0 ? 0 : digits.Length - point - 1;
        return exponent >= 0 ? (number * BigInteger.Pow(10, exponent), 1) : (number, BigInteger.Pow(10, -exponent));
    }

    private static PyValue Counted(PyValue counter) => PyValue.Collection(
        PyKind.Dict, [.. counter.Items.Chunk(2).Where(pair => !(pair[1].Kind is PyKind.Int && pair[1].Integer.IsZero)).SelectMany(pair => pair)]);

    private static bool IsNumber(PyValue value) => value.Kind is PyKind.Bool or PyKind.Int or PyKind.Float or PyKind.Complex;

    private static bool SameNumber(PyValue a, PyValue b)
    {
        if (a.Kind is PyKind.Bool or PyKind.Int && b.Kind is PyKind.Bool or PyKind.Int)
        {
            return a.Integer == b.Integer;
        }

        if (a.Kind is PyKind.Bool or PyKind.Int)
        {
            return SameNumber(b, a);
        }

        if (b.Kind is PyKind.Bool or PyKind.Int)
        {
            // Exactly, as Python does: a float equals an integer only if it is that integer.
            double real = a.Number.Real;
            return a.Number.Imaginary == 0 && double.IsFinite(real) && Math.Floor(real) == real && new BigInteger(real) == b.Integer;
        }

        return a.Number.Real == b.Number.Real && a.Number.Imaginary == b.Number.Imaginary;
    }

    private static bool SameSet(PyValue a, PyValue b, bool typesMatter) =>
        a.Items.Length == b.Items.Length
        && a.Items.Select(item => KeyOf(item, typesMatter)).ToHashSet().SetEquals(b.Items.Select(item => KeyOf(item, typesMatter)));

    private static bool SameDict(PyValue a, PyValue b, bool typesMatter)
    {
        if (a.Items.Length != b.Items.Length)
        {
            return false;
        }

        var entries = new Dictionary<string, PyValue>();
        for (int i = 0; i < b.Items.Length; i += 2)
        {
            entries[KeyOf(b.Items[i], typesMatter)] = b.Items[i + 1];
        }

        for (int i = 0; i < a.Items.Length; i += 2)
        {
            if (!entries.Remove(KeyOf(a.Items[i], typesMatter), out var other) || !Equal(a.Items[i + 1], other, typesMatter))
            {
                return false;
            }
        }

        return true;
    }

    // Equal hashable values have equal keys.
    private static string KeyOf(PyValue value, bool typesMatter)
    {
        string type = typesMatter ? value.Kind.ToString() : "";
        return value.Kind switch
        {
            PyKind.Text => "s" + value.Text.Length.ToString(CultureInfo.InvariantCulture) + ":" + value.Text,
            PyKind.Bytes => "b" + Convert.ToHexString(value.Bytes),
            PyKind.Tuple => "t(" + string.Join(",", value.Items.Select(item => KeyOf(item, typesMatter))) + ")",
            PyKind.Set or PyKind.FrozenSet =>
                "S(" + string.Join(",", value.Items.Select(item => KeyOf(item, typesMatter)).Order(StringComparer.Ordinal)) + ")",
            PyKind.None => "N",
            PyKind.Type => "y" + value.Text,
            _ when IsNumber(value) => type + NumberKey(value),
            PyKind.Range => "r" + string.Join(",", value.Items.Select(item => item.Integer)),
            PyKind.Object when Ratio(value) is { } ratio => type + RatioKey(ratio),
            PyKind.Object => $"k{value.Text}({string.Join(",", value.Items.Select(item => KeyOf(item, typesMatter)))})",
            _ => $"?{value.Kind}{value.HandleNumber}",
        };
    }

    private static string RatioKey((BigInteger Numerator, BigInteger Denominator) ratio)
    {
        var (number, remainder) = (BigInteger.Divide(ratio.Numerator, ratio.Denominator), ratio.Numerator % ratio.Denominator);
        return remainder.IsZero
            ? number.ToString(CultureInfo.InvariantCulture)
            : NumberKey(PyValue.Of((double)ratio.Numerator / (double)ratio.Denominator));
    }

    private static string NumberKey(PyValue value)
    {
        if (value.Kind is PyKind.Bool or PyKind.Int)
        {
            return value.Integer.ToString(CultureInfo.InvariantCulture);
        }

        var number = value.Number;
        return number.Imaginary == 0 && double.IsFinite(number.Real) && Math.Floor(number.Real) == number.Real
            ? new BigInteger(number.Real).ToString(CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }

    // The Python documentation, Ranges: equal when they hold the same sequence of values.
    private static bool SameRange(PyValue a, PyValue b)
    {
        var length = RangeLength(a);
        return length == RangeLength(b)
            && (length.IsZero || (a.Items[0].Integer == b.Items[0].Integer
                && (length.IsOne || a.Items[2].Integer == b.Items[2].Integer)));
    }

    private static BigInteger RangeLength(PyValue range)
    {
        var (start, stop, step) = (range.Items[0].Integer, range.Items[1].Integer, range.Items[2].Integer);
        var span = step.Sign >= 0 ? stop - start : start - stop;
        var stride = BigInteger.Abs(step);
        return span.Sign <= 0 || stride.IsZero ? 0 : ((span - 1) / stride) + 1;
    }
}
