using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>When two values are equal, as Python has it: numbers by value whatever their type, rows and dicts by what they hold.</summary>
internal sealed class ValueEquality : IEqualityComparer<object>
{
    private const int MostDepth = 100;

    internal static ValueEquality OfKeys { get; } = new();

    /// <param name="first">A value.</param>
    /// <param name="second">Another.</param>
    /// <param name="budget">Takes a step for each pair; null where what is compared is small.</param>
    internal static bool AreEqual(object first, object second, RenderBudget? budget = null) => AreEqual(first, second, 0, budget);

    bool IEqualityComparer<object>.Equals(object? x, object? y) => AreEqual(x!, y!);

    int IEqualityComparer<object>.GetHashCode(object obj) => Hash(obj, 0);

    private static int Hash(object value, int depth) => value switch
    {
        bool or BigInteger or double => Numbers.ToDouble(value).GetHashCode(),
        string text => string.GetHashCode(text, StringComparison.Ordinal),
        Undefined => 1,
        ListValue list when depth < MostDepth => list.Items.Aggregate(list.Items.Count, (hash, item) => HashCode.Combine(hash, Hash(item, depth + 1))),
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value),
    };

    private static bool AreEqual(object first, object second, int depth, RenderBudget? budget)
    {
        if (depth > MostDepth)
        {
            throw new TemplateException($"values are nested more than {MostDepth} deep, expected at most that.");
        }

        budget?.Step();
        budget?.Look(first);
        return (first, second) switch
        {
            (string a, string b) => a == b,
            _ when ValueKinds.IsNumber(first) && ValueKinds.IsNumber(second) => Numbers.AreEqual(first, second),
            (Undefined, Undefined) => true,
            (ListValue { Kind: ListKind.View }, ListValue { Kind: ListKind.View }) => ReferenceEquals(first, second),
            (ListValue a, ListValue b) => a.Kind == b.Kind && AreEqual(a.Items, b.Items, depth, budget),
            (DictValue a, DictValue b) => a.Count == b.Count && a.Items.All(item => b.Find(item.Key) is { } other && AreEqual(item.Value, other, depth + 1, budget)),
            _ => ReferenceEquals(first, second),
        };
    }

    private static bool AreEqual(IReadOnlyList<object> first, IReadOnlyList<object> second, int depth, RenderBudget? budget)
    {
        if (first.Count != second.Count)
        {
            return false;
        }

        for (int i = 0; i < first.Count; i++)
        {
            if (!AreEqual(first[i], second[i], depth + 1, budget))
            {
                return false;
            }
        }

        return true;
    }
}
