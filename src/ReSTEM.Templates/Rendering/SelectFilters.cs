using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>Filters that choose among items, order them, or take something of each.</summary>
internal static class SelectFilters
{
    internal static void AddTo(Dictionary<string, Func<Interpreter, object, CallArguments, object>> table)
    {
        table["map"] = (interpreter, value, arguments) => new IteratorValue(Map(interpreter, value, arguments));
        table["select"] = (interpreter, value, arguments) => new IteratorValue(Select(interpreter, value, arguments, byAttribute: false, wanted: true));
        table["reject"] = (interpreter, value, arguments) => new IteratorValue(Select(interpreter, value, arguments, byAttribute: false, wanted: false));
        table["selectattr"] = (interpreter, value, arguments) => new IteratorValue(Select(interpreter, value, arguments, byAttribute: true, wanted: true));
        table["rejectattr"] = (interpreter, value, arguments) => new IteratorValue(Select(interpreter, value, arguments, byAttribute: true, wanted: false));
        table["sort"] = Sort;
        table["unique"] = (interpreter, value, arguments) => new IteratorValue(Unique(interpreter, value, arguments));
        table["min"] = (interpreter, value, arguments) => Extreme(interpreter, value, arguments, sign: -1);
        table["max"] = (interpreter, value, arguments) => Extreme(interpreter, value, arguments, sign: 1);
        table["sum"] = Sum;
    }

    /// <summary>An attribute of an item, with dots between steps; a number is an item's.</summary>
    internal static object AttributeOf(object item, object attribute, RenderBudget budget)
    {
        if (attribute is not string path)
        {
            return Members.Item(item, attribute, budget);
        }

        foreach (string step in path.Split('.'))
        {
            item = Members.Item(item, step.Length > 0 && step.All(char.IsAsciiDigit) ? WholeNumbers.Parse(step, 10) ?? BigInteger.Zero : step, budget);
        }

        return item;
    }

    /// <summary>A value in lower case, unless case counts.</summary>
    internal static object Folded(object value, bool isSensitive) => !isSensitive && value is string text ? TextCases.Lower(text) : value;

    private static IEnumerable<object> Map(Interpreter interpreter, object value, CallArguments arguments)
    {
        bool byAttribute = arguments.Positional.Count == 0 && arguments.Named.ContainsKey("attribute");
        object?[] given = byAttribute ? arguments.Bind("attribute", "default") : [null, null];
        string name = byAttribute ? "" : arguments.Positional.Count > 0
            ? arguments.Text(arguments.Positional[0], "filter", "")
            : throw new TemplateException("filter 'map' names no filter and no attribute, expected one of them.");
        CallArguments rest = Rest(arguments, 1, $"filter '{name}'");
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Step();
            object mapped = byAttribute ? AttributeOf(item, given[0]!, interpreter.Budget) : Filters.Apply(name, interpreter, item, rest);
            yield return mapped is Undefined && given[1] is { } otherwise ? otherwise : mapped;
        }
    }

    private static IEnumerable<object> Select(Interpreter interpreter, object value, CallArguments arguments, bool byAttribute, bool wanted)
    {
        int skipped = byAttribute ? 1 : 0;
        object attribute = !byAttribute ? "" : arguments.Positional.Count > 0
            ? arguments.Positional[0]
            : throw new TemplateException($"{arguments.Callee} names no attribute, expected one.");
        string? test = arguments.Positional.Count > skipped ? arguments.Text(arguments.Positional[skipped], "test", "") : null;
        CallArguments rest = Rest(arguments, skipped + 1, $"test '{test}'");
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Step();
            object judged = byAttribute ? AttributeOf(item, attribute, interpreter.Budget) : item;
            bool passes = ValueKinds.IsTrue(test is null ? judged : ValueTests.Apply(test, judged, rest, interpreter.Budget));
            if (passes == wanted)
            {
                yield return item;
            }
        }
    }

    private static CallArguments Rest(CallArguments arguments, int skipped, string callee) =>
        new(callee, [.. arguments.Positional.Skip(skipped)], arguments.Named);

    private static object Sort(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("reverse", "case_sensitive", "attribute");
        bool isSensitive = CallArguments.Flag(given[1], otherwise: false);
        return new ListValue(ValueOrder.Sort(
            ListFilters.Charged(value, interpreter.Budget), Key, CallArguments.Flag(given[0], otherwise: false), interpreter.Budget));

        object Key(object item) => given[2] switch
        {
            null or None => Folded(item, isSensitive),
            string paths => new ListValue([.. paths.Split(',').Select(path => Folded(AttributeOf(item, path, interpreter.Budget), isSensitive))]),
            var attribute => Folded(AttributeOf(item, attribute, interpreter.Budget), isSensitive),
        };
    }

    private static IEnumerable<object> Unique(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("case_sensitive", "attribute");
        bool isSensitive = CallArguments.Flag(given[0], otherwise: false);
        var seen = new DictValue();
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Charge(1);
            object key = Folded(given[1] is null or None ? item : AttributeOf(item, given[1]!, interpreter.Budget), isSensitive);
            if (seen.Find(key) is null)
            {
                seen.Set(key, true);
                yield return item;
            }
        }
    }

    private static object Extreme(Interpreter interpreter, object value, CallArguments arguments, int sign)
    {
        object?[] given = arguments.Bind("case_sensitive", "attribute");
        bool isSensitive = CallArguments.Flag(given[0], otherwise: false);
        object? best = null;
        object? bestKey = null;
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Step();
            object key = Folded(given[1] is null or None ? item : AttributeOf(item, given[1]!, interpreter.Budget), isSensitive);
            if (bestKey is null || ValueOrder.Compare(key, bestKey, interpreter.Budget) * sign > 0)
            {
                (best, bestKey) = (item, key);
            }
        }

        return best ?? new Undefined("No aggregated item, sequence was empty.");
    }

    private static object Sum(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("attribute", "start");
        object sum = given[1] ?? BigInteger.Zero;
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Step();
            object part = given[0] is null or None ? item : AttributeOf(item, given[0]!, interpreter.Budget);
            sum = sum is string ? throw new TemplateException("filter 'sum' begins with text, expected a number or list.") : Operators.Binary("+", sum, part, interpreter.Budget);
        }

        return sum;
    }
}
