using ReSTEM.Arithmetic;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Compares a result with a reference solution's, as EvalPlus does.</summary>
/// <remarks>
/// Liu et al. 2023, arXiv:2305.01210, and the published rule: equal, or else numbers within the tolerance plus 1e-7 of the expected
/// one, where the outer types and all lengths are the same; results that are floats alone have a tolerance of 1e-6.
/// Two things are stricter there than in numpy: one number is not close to a list of it, and an empty list not to every list.
/// </remarks>
internal static class ReferenceComparison
{
    private const double RelativeTolerance = 1e-7;
    private const double FloatTolerance = 1e-6;

    /// <summary>Whether a result is right.</summary>
    /// <param name="reference">Says how to compare.</param>
    /// <param name="arguments">What the function was called with.</param>
    /// <param name="expected">At least one right result.</param>
    /// <param name="got">The result.</param>
    public static bool IsRight(ReferenceSolution reference, PyValue arguments, IReadOnlyList<PyValue> expected, PyValue got) =>
        reference.Oracle switch
        {
            ReferenceOracle.RootOfPolynomial => IsRoot(arguments, got, reference.Tolerance),
            ReferenceOracle.NoneOrNot => IsTrue(expected[0]) == (got.Kind is PyKind.Bool ? IsTrue(got) : got.Kind is not PyKind.None),
            ReferenceOracle.SameElements => expected.Any(value => HaveSameElements(value, got)),
            _ => expected.Any(value => AreClose(value, got, reference.Tolerance)),
        };

    private static bool AreClose(PyValue expected, PyValue got, double tolerance)
    {
        if (PyEquality.AreEqual(got, expected))
        {
            return true;
        }

        double allowed = tolerance == 0 && AreFloats(expected) ? FloatTolerance : tolerance;
        return allowed > 0 && got.Kind == expected.Kind && AllClose(expected, got, allowed);
    }

    private static bool AreFloats(PyValue value) => value.Kind is PyKind.Float
        || (value.Kind is PyKind.List or PyKind.Tuple && Array.TrueForAll(value.Items, item => item.Kind is PyKind.Float));

    private static bool AllClose(PyValue expected, PyValue got, double allowed)
    {
        if (IsSequence(expected) || IsSequence(got))
        {
            return IsSequence(expected) && IsSequence(got) && expected.Items.Length == got.Items.Length
                && expected.Items.Zip(got.Items).All(pair => AllClose(pair.First, pair.Second, allowed));
        }

        if (Number(expected) is not { } right || Number(got) is not { } given)
        {
            return false;
        }

        return right.Equals(given) || Math.Abs(given - right) <= allowed + (RelativeTolerance * Math.Abs(right));
    }

    private static bool HaveSameElements(PyValue expected, PyValue got) =>
        IsCollection(expected) && IsCollection(got) && AreAllIn(expected, got) && AreAllIn(got, expected);

    private static bool AreAllIn(PyValue some, PyValue all) =>
        Array.TrueForAll(some.Items, one => Array.Exists(all.Items, other => PyEquality.AreEqual(one, other)));

    private static bool IsRoot(PyValue arguments, PyValue got, double tolerance)
    {
        if (Number(got) is not { } x || arguments.Items is not [{ Kind: PyKind.List } coefficients, ..])
        {
            return false;
        }

        double sum = 0;
        for (int power = 0; power < coefficients.Items.Length; power++)
        {
            sum += (Number(coefficients.Items[power]) ?? double.NaN) * Elementary.Pow(x, power);
        }

        return Math.Abs(sum) <= tolerance;
    }

    private static bool IsSequence(PyValue value) => value.Kind is PyKind.List or PyKind.Tuple;

    private static bool IsCollection(PyValue value) => value.Kind is PyKind.List or PyKind.Tuple or PyKind.Set or PyKind.FrozenSet;

    private static bool IsTrue(PyValue value) => !value.Integer.IsZero;

    private static double? Number(PyValue value) => value.Kind switch
    {
        PyKind.Bool or PyKind.Int => (double)value.Integer,
        PyKind.Float => value.Number.Real,
        _ => null,
    };
}
