using System.Numerics;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>What operators do with values.</summary>
internal static class Operators
{
    internal static object Unary(string operation, object value) => operation switch
    {
        "not" => !ValueKinds.IsTrue(value),
        _ when value is Undefined missing => throw missing.Fault(),
        "-" when value is double number => -number,
        "-" when WholeNumbers.Of(value) is { } number => -number,
        "+" when value is double => value,
        "+" when WholeNumbers.Of(value) is { } number => number,
        _ => throw new TemplateException($"'{operation}' stands before a value of type {ValueKinds.NameOf(value)}, expected a number."),
    };

    internal static object Binary(string operation, object left, object right, RenderBudget budget)
    {
        if (ValueKinds.IsNumber(left) && ValueKinds.IsNumber(right))
        {
            return Numbers.Apply(operation, left, right);
        }

        return (operation, left, right) switch
        {
            (_, Undefined missing, _) => throw missing.Fault(),
            ("%", string text, _) => PercentFormat.Apply(text, right, budget),
            (_, _, Undefined missing) => throw missing.Fault(),
            ("+", string a, string b) => Join(a, b, budget),
            ("+", ListValue a, ListValue b) when a.Kind == b.Kind && a.Kind is (ListKind.List or ListKind.Tuple) => Join(a, b, budget),
            ("*", string text, _) when WholeNumbers.Of(right) is { } count => Repeat(text, count, budget),
            ("*", _, string text) when WholeNumbers.Of(left) is { } count => Repeat(text, count, budget),
            ("*", ListValue list, _) when WholeNumbers.Of(right) is { } count => Repeat(list, count, budget),
            ("*", _, ListValue list) when WholeNumbers.Of(left) is { } count => Repeat(list, count, budget),
            _ => throw new TemplateException(
                $"'{operation}' stands between values of types {ValueKinds.NameOf(left)} and {ValueKinds.NameOf(right)}, expected two that go together."),
        };
    }

    internal static bool Compare(string operation, object left, object right, RenderBudget budget) => operation switch
    {
        "==" => ValueEquality.AreEqual(left, right, budget),
        "!=" => !ValueEquality.AreEqual(left, right, budget),
        "in" => Contains(right, left, budget),
        "not in" => !Contains(right, left, budget),
        "<" => ValueOrder.Compare(left, right, budget) < 0,
        "<=" => ValueOrder.Compare(left, right, budget) <= 0,
        ">" => ValueOrder.Compare(left, right, budget) > 0,
        _ => ValueOrder.Compare(left, right, budget) >= 0,
    };

    internal static bool Contains(object container, object item, RenderBudget budget)
    {
        switch (container)
        {
            case string text:
                return item is string part ? text.Contains(part, StringComparison.Ordinal) : throw new TemplateException(
                    $"'in' looks for a value of type {ValueKinds.NameOf(item)} in text, expected text.");
            case DictValue dict:
                return dict.Find(item) is not null;
            default:
                foreach (object other in ValueKinds.Items(container))
                {
                    budget.Step();
                    if (ValueEquality.AreEqual(other, item, budget))
                    {
                        return true;
                    }
                }

                return false;
        }
    }

    private static string Join(string left, string right, RenderBudget budget)
    {
        budget.Charge((long)left.Length + right.Length);
        return left + right;
    }

    private static ListValue Join(ListValue left, ListValue right, RenderBudget budget)
    {
        budget.Charge((long)left.Items.Count + right.Items.Count);
        return new ListValue([.. left.Items, .. right.Items], left.Kind);
    }

    private static string Repeat(string text, BigInteger count, RenderBudget budget)
    {
        int times = Times(text.Length, count, budget);
        return new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
    }

    private static ListValue Repeat(ListValue list, BigInteger count, RenderBudget budget)
    {
        if (list.Kind is not (ListKind.List or ListKind.Tuple))
        {
            throw new TemplateException($"'*' stands beside a value of type {ValueKinds.NameOf(list)}, expected a list, tuple, text or number.");
        }

        int times = Times(list.Items.Count, count, budget);
        return new ListValue([.. Enumerable.Repeat(list.Items, times).SelectMany(items => items)], list.Kind);
    }

    private static int Times(int length, BigInteger count, RenderBudget budget)
    {
        if (length == 0 || count.Sign <= 0)
        {
            return 0;
        }

        BigInteger all = count * length;
        budget.Charge(all > long.MaxValue ? long.MaxValue : (long)all);
        return (int)count;
    }
}
