using System.Numerics;

namespace ReSTEM.Sandbox;

/// <summary>Test code boiled down to operations and what their results must be, so that it need not run per submission.</summary>
internal sealed record TestPlan
{
    /// <summary>One thing that a result must satisfy.</summary>
    /// <param name="Operation">Index of the operation whose result it is about.</param>
    /// <param name="Relation"><c>equal</c>, <c>is</c>, <c>truth</c>, <c>near</c> or <c>near or at</c>.</param>
    /// <param name="Value">What the result must equal or be; for <c>truth</c> True or False; for nearness a pair of number and bound.</param>
    /// <param name="Assert">Number of the assert that says so.</param>
    public readonly record struct Expectation(int Operation, string Relation, PyValue Value, int Assert);

    public required IReadOnlyList<byte[]> Operations { get; init; }

    /// <summary>Operations that must give an object; if one gives a plain value the plan does not fit the submission.</summary>
    public required IReadOnlySet<int> Handles { get; init; }

    /// <summary>Operations that give (result, changed arguments, which argument the result is), as the test code could see them.</summary>
    public required IReadOnlySet<int> Shown { get; init; }

    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>The source line of each assert.</summary>
    public required IReadOnlyDictionary<int, string> Texts { get; init; }

    /// <summary>Reads what sandbox/test_plan.py found; null when the test code must run against each submission.</summary>
    public static TestPlan? Read(PyValue found)
    {
        if (found.Kind is PyKind.None)
        {
            return null;
        }

        var texts = new Dictionary<int, string>();
        var pairs = found.Items[3].Items;
        for (int i = 0; i < pairs.Length; i += 2)
        {
            texts[(int)pairs[i].Integer] = pairs[i + 1].Text;
        }

        return new TestPlan
        {
            Operations = [.. found.Items[0].Items.Select(operation => operation.Bytes)],
            Handles = found.Items[1].Items.Select(index => (int)index.Integer).ToHashSet(),
            Expectations =
            [
                .. found.Items[2].Items.Select(item => new Expectation(
                    (int)item.Items[0].Integer, item.Items[1].Text, item.Items[2], (int)item.Items[3].Integer)),
            ],
            Texts = texts,
            Shown = found.Items[4].Items.Select(index => (int)index.Integer).ToHashSet(),
        };
    }

    /// <summary>Whether only the object itself knows: then the test code must ask it.</summary>
    public static bool MustAsk(Expectation expectation, PyValue result) => result.Kind is PyKind.Handle && expectation.Relation == "truth";

    /// <summary>Whether a result satisfies an expectation.</summary>
    public static bool Holds(Expectation expectation, PyValue result) => expectation.Relation switch
    {
        "truth" => PyEquality.IsTrue(result) == !expectation.Value.Integer.IsZero,
        "near" => Distance(expectation.Value.Items[0], result) < Number(expectation.Value.Items[1]),
        "near or at" => Distance(expectation.Value.Items[0], result) <= Number(expectation.Value.Items[1]),
        "is" => PyEquality.AreSame(result, expectation.Value),
        _ => PyEquality.AreEqual(result, expectation.Value),
    };

    // As Python computes abs(result - number); not a number, and so beyond every bound, when the result is none.
    private static double Distance(PyValue number, PyValue result) =>
        number.Kind is PyKind.Int && result.Kind is PyKind.Int or PyKind.Bool
            ? (double)BigInteger.Abs(result.Integer - number.Integer)
            : Math.Abs(Number(result) - Number(number));

    private static double Number(PyValue value) => value.Kind switch
    {
        PyKind.Bool or PyKind.Int => (double)value.Integer,
        PyKind.Float => value.Number.Real,
        PyKind.Object when PyEquality.Ratio(value) is { } ratio => (double)ratio.Numerator / (double)ratio.Denominator,
        _ => double.NaN,
    };
}
