namespace ReSTEM.Templates;

/// <summary>What <c>a.b</c> and <c>a[b]</c> give: methods that change nothing, and items. Nothing else of a value can be reached.</summary>
internal static class Members
{
    private static readonly string[] DictMethods = ["get", "items", "keys", "values", "copy"];
    private static readonly string[] ListMethods = ["index", "count"];

    /// <summary>Python methods that change their value, or that are not offered; they hide items of the same name.</summary>
    private static readonly string[] DictRefused = ["clear", "fromkeys", "pop", "popitem", "setdefault", "update"];

    private static readonly string[] ListRefused = ["append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse", "sort"];

    /// <summary>Names of the methods of dicts, lists and text, for the page that lists them.</summary>
    internal static IEnumerable<string> Methods => [.. DictMethods, .. ListMethods, .. TextMethods.Names];

    /// <summary><c>a.b</c>: a method, or else an item.</summary>
    /// <exception cref="TemplateException">The value is not there.</exception>
    internal static object Attribute(object value, string name, RenderBudget budget) => Special(value, name, budget) ?? value switch
    {
        DictValue dict => dict.Find(name) ?? Missing(value, name),
        _ => Missing(value, name),
    };

    /// <summary><c>a[b]</c>: an item, or else a method.</summary>
    /// <exception cref="TemplateException">The value is not there.</exception>
    internal static object Item(object value, object index, RenderBudget budget)
    {
        if (value is Undefined missing)
        {
            throw missing.Fault();
        }

        object? found = value switch
        {
            DictValue dict => index is DictValue or ListValue { Kind: not ListKind.Tuple } ? null : dict.Find(index),
            ListValue { HasNumbers: true } list => WholeNumbers.Of(index) is { } number ? At(list, number) : null,
            string text => WholeNumbers.Of(index) is { } number ? At(text, number) : null,
            _ => null,
        };
        return found
            ?? (index is string name ? Special(value, name, budget) ?? Missing(value, name) : null)
            ?? new Undefined($"{Shown(value)} has no element {ValueText.Short(index)}");
    }

    private static object? At(ListValue list, System.Numerics.BigInteger index)
    {
        System.Numerics.BigInteger from = index.Sign < 0 ? index + list.Items.Count : index;
        return from.Sign >= 0 && from < list.Items.Count ? list.Items[(int)from] : null;
    }

    private static string? At(string text, System.Numerics.BigInteger index)
    {
        System.Numerics.BigInteger from = index.Sign < 0 ? index + CodePoints.Count(text) : index;
        return from.Sign >= 0 && from < text.Length ? CodePoints.At(text, (int)from) : null;
    }

    /// <summary>What a value has by its type; null where it has nothing of this name.</summary>
    private static object? Special(object value, string name, RenderBudget budget)
    {
        if (name.StartsWith("__", StringComparison.Ordinal) && value is not (DictValue or Undefined))
        {
            return new Undefined($"access to attribute '{name}' of {Shown(value)} is unsafe.");
        }

        return value switch
        {
            Undefined missing => throw missing.Fault(),
            LoopValue loop => loop.Attribute(name),
            NamespaceValue names => names.Values.GetValueOrDefault(name),
            DictValue when DictRefused.Contains(name) => Refused(value, name),
            DictValue dict when DictMethods.Contains(name) => new FunctionValue($"dict.{name}", arguments => CallDict(dict, name, arguments)),
            ListValue { Kind: ListKind.List } when ListRefused.Contains(name) => Refused(value, name),
            ListValue { HasNumbers: true } list when ListMethods.Contains(name) =>
                new FunctionValue($"list.{name}", arguments => CallList(list, name, arguments, budget)),
            string text => TextMethods.Find(text, name, budget),
            _ => null,
        };
    }

    private static Undefined Refused(object value, string name) =>
        new($"access to attribute '{name}' of {Shown(value)} is unsafe: a template changes nothing but namespaces.");

    private static object CallDict(DictValue dict, string name, CallArguments arguments)
    {
        if (name == "get")
        {
            object?[] given = arguments.Bind("key", "default");
            return dict.Find(arguments.Required(given[0], "key")) ?? given[1] ?? None.Value;
        }

        arguments.Bind();
        if (name == "copy")
        {
            return dict;
        }

        object[] items =
        [
            .. dict.Items.Select(item => name switch
            {
                "items" => ListValue.Tuple(item.Key, item.Value),
                "keys" => item.Key,
                _ => item.Value,
            }),
        ];
        return new ListValue(items, ListKind.View, $"dict_{name}");
    }

    private static object CallList(ListValue list, string name, CallArguments arguments, RenderBudget budget)
    {
        object wanted = arguments.Required(arguments.Bind("value")[0], "value");
        budget.Step(list.Items.Count);
        if (name == "count")
        {
            return new System.Numerics.BigInteger(list.Items.Count(item => ValueEquality.AreEqual(item, wanted, budget)));
        }

        int index = list.Items.TakeWhile(item => !ValueEquality.AreEqual(item, wanted, budget)).Count();
        return index < list.Items.Count
            ? new System.Numerics.BigInteger(index)
            : throw new TemplateException($"{ValueText.Short(wanted)} is not in the list, expected a value that is.");
    }

    private static Undefined Missing(object value, string name) => new($"{Shown(value)} has no attribute '{name}'");

    private static string Shown(object value) => value is None ? "'None'" : $"'{ValueKinds.NameOf(value)} object'";
}
