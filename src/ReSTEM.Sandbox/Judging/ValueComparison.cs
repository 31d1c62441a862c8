using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Compares what a function returned with an accepted output that was published as JSON.</summary>
/// <param name="rule">The problem's rule.</param>
internal sealed class ValueComparison(OutputRule rule)
{
    private const int LongestUnordered = 5000;

    /// <summary>Whether the result is the accepted one.</summary>
    public bool Accepts(PyValue accepted, PyValue got)
    {
        if (rule.TypesMatter)
        {
            return PyEquality.AreSame(got, accepted)
                || (rule.Tolerance > 0 && got.Kind is PyKind.Float && accepted.Kind is PyKind.Float && Equal(got, accepted));
        }

        return AcceptsAsJson(accepted, got)
            || (rule.OneMoreList && accepted is { Kind: PyKind.List, Items: [var only] } && AcceptsAsJson(only, got));
    }

    private bool AcceptsAsJson(PyValue accepted, PyValue got) =>
        Equal(got, accepted)
        || (rule.AnyOrder && got.Kind is PyKind.List or PyKind.Tuple && accepted.Kind is PyKind.List && InAnotherOrder(got.Items, accepted.Items));

    private bool InAnotherOrder(PyValue[] got, PyValue[] accepted)
    {
        if (got.Length != accepted.Length || got.Length > LongestUnordered)
        {
            return false;
        }

        var left = accepted.ToList();
        foreach (var item in got)
        {
            int at = left.FindIndex(other => Equal(item, other));
            if (at < 0)
            {
                return false;
            }

            left.RemoveAt(at);
        }

        return true;
    }

    private bool Equal(PyValue got, PyValue accepted)
    {
        switch (got.Kind, accepted.Kind)
        {
            case (PyKind.List or PyKind.Tuple, PyKind.List or PyKind.Tuple):
                return got.Items.Length == accepted.Items.Length && !got.Items.Where((item, index) => !Equal(item, accepted.Items[index])).Any();
            case (PyKind.Dict, PyKind.Dict):
                return EqualDicts(got, accepted);
            case (PyKind.Text, PyKind.Text) when rule.IgnoreCase:
                return string.Equals(got.Text, accepted.Text, StringComparison.OrdinalIgnoreCase);
            default:
                return PyEquality.AreEqual(got, accepted)
                    || (rule.Tolerance > 0 && (got.Kind is PyKind.Float || accepted.Kind is PyKind.Float)
                        && Real(got) is { } number && Real(accepted) is { } right && NumberWords.AreClose(number, right, rule));
        }
    }

    private bool EqualDicts(PyValue got, PyValue accepted)
    {
        if (got.Items.Length != accepted.Items.Length)
        {
            return false;
        }

        var entries = new Dictionary<string, PyValue>(StringComparer.Ordinal);
        for (int i = 0; i < accepted.Items.Length; i += 2)
        {
            entries[Key(accepted.Items[i]) ?? ""] = accepted.Items[i + 1];
        }

        for (int i = 0; i < got.Items.Length; i += 2)
        {
            if (Key(got.Items[i]) is not { } key || !entries.Remove(key, out var other) || !Equal(got.Items[i + 1], other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A key as <c>json.dumps</c> writes it; null for one that it refuses.</summary>
    private static string? Key(PyValue key) => key.Kind switch
    {
        PyKind.Text => key.Text,
        PyKind.Int => key.Integer.ToString(CultureInfo.InvariantCulture),
        PyKind.Bool => key.Integer.IsZero ? "false" : "true",
        PyKind.None => "null",
        PyKind.Float => PyText.Of(key),
        _ => null,
    };

    private static double? Real(PyValue value) => value.Kind switch
    {
        PyKind.Int => (double)value.Integer,
        PyKind.Float => value.Number.Real,
        PyKind.Object when PyEquality.Ratio(value) is { } ratio => (double)ratio.Numerator / (double)ratio.Denominator,
        _ => null,
    };
}
