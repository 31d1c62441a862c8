using System.Numerics;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>Filters that take rows, dicts and text apart.</summary>
internal static class ListFilters
{
    internal static void AddTo(Dictionary<string, Func<Interpreter, object, CallArguments, object>> table)
    {
        table["length"] = table["count"] = (_, value, arguments) => Length(value, arguments);
        table["first"] = (_, value, arguments) => First(Plain(value, arguments));
        table["last"] = (_, value, arguments) => Last(Plain(value, arguments)) ?? new Undefined("No last item, sequence was empty.");
        table["list"] = (interpreter, value, arguments) => new ListValue(Charged(Plain(value, arguments), interpreter.Budget));
        table["reverse"] = (_, value, arguments) => Plain(value, arguments) is string text ? CodePoints.Reverse(text) : new IteratorValue(Reversed(value));
        table["items"] = (_, value, arguments) => new IteratorValue(Pairs(Plain(value, arguments)));
        table["join"] = Join;
        table["batch"] = (interpreter, value, arguments) => new IteratorValue(Batch(interpreter, value, arguments));
        table["slice"] = (interpreter, value, arguments) => new IteratorValue(Slice(interpreter, value, arguments));
        table["dictsort"] = DictSort;
    }

    /// <summary>All items, counted.</summary>
    internal static List<object> Charged(object value, RenderBudget budget)
    {
        var items = new List<object>();
        foreach (object item in ValueKinds.Items(value))
        {
            budget.Charge(1);
            items.Add(item);
        }

        return items;
    }

    private static object Plain(object value, CallArguments arguments)
    {
        arguments.Bind();
        return value;
    }

    private static object Length(object value, CallArguments arguments) => new BigInteger(
        ValueKinds.Length(Plain(value, arguments)) ?? throw new TemplateException($"a value of type {ValueKinds.NameOf(value)} has no length, expected one that has."));

    private static object First(object value)
    {
        foreach (object item in ValueKinds.Items(value))
        {
            return item;
        }

        return new Undefined("No first item, sequence was empty.");
    }

    private static object? Last(object value) => value is string text
        ? text.Length == 0 ? null : CodePoints.At(text, CodePoints.Count(text) - 1)
        : Reversed(value).FirstOrDefault();

    private static IEnumerable<object> Reversed(object value) => value is IteratorValue or LoopValue
        ? throw new TemplateException($"a value of type {ValueKinds.NameOf(value)} has no end to begin at, expected text, a list or a dict; make a list of it first.")
        : ValueKinds.Items(value).Reverse();

    private static IEnumerable<object> Pairs(object value) => value switch
    {
        Undefined => [],
        DictValue dict => dict.Items.Select(item => ListValue.Tuple(item.Key, item.Value)),
        _ => throw new TemplateException("Can only get item pairs from a mapping."),
    };

    private static object Join(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("d", "attribute");
        string separator = given[0] is null ? "" : ValueText.Of(given[0]!, interpreter.Budget);
        var joined = new StringBuilder();
        bool isFirst = true;
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Step();
            object part = given[1] is null or None ? item : SelectFilters.AttributeOf(item, given[1]!, interpreter.Budget);
            joined.Append(isFirst ? "" : separator).Append(ValueText.Of(part, interpreter.Budget));
            RenderBudget.RequireRoom(joined.Length);
            isFirst = false;
        }

        return joined.ToString();
    }

    private static IEnumerable<object> Batch(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("linecount", "fill_with");
        int size = arguments.Count(arguments.Required(given[0], "linecount"), "linecount", 1);
        interpreter.Budget.Charge(size);
        var row = new List<object>();
        foreach (object item in ValueKinds.Items(value))
        {
            interpreter.Budget.Charge(1);
            if (row.Count == size)
            {
                yield return new ListValue(row);
                row = [];
            }

            row.Add(item);
        }

        if (row.Count > 0)
        {
            row.AddRange(given[1] is { } filler and not None ? Enumerable.Repeat(filler, Math.Max(0, size - row.Count)) : []);
            yield return new ListValue(row);
        }
    }

    private static IEnumerable<object> Slice(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("slices", "fill_with");
        int slices = arguments.Count(arguments.Required(given[0], "slices"), "slices", 1);
        List<object> all = Charged(value, interpreter.Budget);
        if (slices == 0)
        {
            throw new TemplateException("filter 'slice' has 0 slices, expected at least 1.");
        }

        int next = 0;
        for (int slice = 0; slice < slices; slice++)
        {
            interpreter.Budget.Charge(1);
            bool isLonger = slice < all.Count % slices;
            int count = (all.Count / slices) + (isLonger ? 1 : 0);
            List<object> part = all.GetRange(next, count);
            next += count;
            part.AddRange(given[1] is { } filler and not None && !isLonger ? [filler] : []);
            yield return new ListValue(part);
        }
    }

    private static object DictSort(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("case_sensitive", "by", "reverse");
        bool isSensitive = CallArguments.Flag(given[0], otherwise: false);
        int by = arguments.Text(given[1], "by", "key") switch
        {
            "key" => 0,
            "value" => 1,
            var other => throw arguments.Wrong(other, "by", "key or value"),
        };
        var pairs = Pairs(value is DictValue ? value : throw new TemplateException(
            $"filter 'dictsort' has a value of type {ValueKinds.NameOf(value)}, expected a dict."));
        return new ListValue(ValueOrder.Sort(
            pairs, pair => SelectFilters.Folded(((ListValue)pair).Items[by], isSensitive), CallArguments.Flag(given[2], otherwise: false), interpreter.Budget));
    }
}
