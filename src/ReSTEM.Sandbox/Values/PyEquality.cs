using System.Globalization;
using System.Numerics;

namespace ReSTEM.Sandbox;

/// <summary>Python's <c>==</c> over plain values, and stricter and laxer relatives of it.</summary>
/// <remarks>The Python Language Reference, section 6.10.1, Value comparisons. A NaN equals nothing.</remarks>
internal static class PyEquality
{
    /// <summary>As Python: 1 == 1.0 == True; a list is no tuple; sets and dicts without order.</summary>
    public static bool AreEqual(PyValue a, PyValue b) => Equal(a, b, typesMatter: false);

    /// <summary>As Python, and the types must be the same at every level: 1, 1.0 and True differ.</summary>
    public static bool AreSame(PyValue a, PyValue b) => Equal(a, b, typesMatter: true);

    /// <summary>The value with every tuple made a list.</summary>
    public static PyValue TuplesAsLists(PyValue value) => value.Kind is PyKind.List or PyKind.Tuple or PyKind.Dict
        ? PyValue.Collection(value.Kind is PyKind.Dict ? PyKind.Dict : PyKind.List, [.. value.Items.Select(TuplesAsLists)])
        : value;

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
            (PyKind.Dict, PyKind.Dict) => SameDict(a, b, typesMatter),
            (PyKind.Range, PyKind.Range) => SameRange(a, b),
            _ when IsNumber(a) && IsNumber(b) => SameNumber(a, b),
            _ => false,
        };
    }

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
            _ => $"?{value.Kind}{value.HandleNumber}",
        };
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
