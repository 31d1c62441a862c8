using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>The functions that every chat template may call.</summary>
internal static class TemplateGlobals
{
    private const int LongestRange = 100_000;

    /// <summary>Every function, for the page that lists them.</summary>
    internal static IEnumerable<string> Names => Create(new RenderBudget(), () => default).Select(function => function.Key);

    /// <param name="budget">Charged with what they make.</param>
    /// <param name="today">The date that <c>strftime_now</c> writes.</param>
    internal static IEnumerable<KeyValuePair<string, object>> Create(RenderBudget budget, Func<DateTimeOffset> today) =>
    [
        Function("range", arguments => Range(arguments, budget)),
        Function("namespace", arguments => Namespace(arguments)),
        Function("dict", arguments => Dict(arguments)),
        Function("raise_exception", arguments => throw new TemplateException(
            ValueText.Of(arguments.Required(arguments.Bind("message")[0], "message"), budget))),
        Function("strftime_now", arguments => TimeFormat.Apply(
            arguments.Text(arguments.Required(arguments.Bind("format")[0], "format"), "format", ""), today())),
    ];

    private static KeyValuePair<string, object> Function(string name, Func<CallArguments, object> call) => new(name, new FunctionValue(name, call));

    private static ListValue Range(CallArguments arguments, RenderBudget budget)
    {
        int[] given = [.. arguments.Bind("start", "stop", "step").OfType<object>().Select(value => arguments.Count(value, "bound", 0))];
        if (given.Length == 0)
        {
            throw new TemplateException("'range' has no arguments, expected one to three.");
        }

        var (start, stop, step) = (given.Length > 1 ? given[0] : 0, given.Length > 1 ? given[1] : given[0], given.Length > 2 ? given[2] : 1);
        if (step == 0)
        {
            throw new TemplateException("the step of 'range' is 0, expected another number.");
        }

        long count = Math.Max(0, step > 0 ? ((long)stop - start + step - 1) / step : ((long)start - stop - step - 1) / -(long)step);
        if (count > LongestRange)
        {
            throw new TemplateException($"a range has {count} items, expected at most {LongestRange}.");
        }

        budget.Charge(count);
        var items = Enumerable.Range(0, (int)count).Select(i => (object)new BigInteger(start + ((long)i * step)));
        return new ListValue([.. items], ListKind.Range, FormattableString.Invariant($"range({start}, {stop}{(step == 1 ? "" : $", {step}")})"));
    }

    private static NamespaceValue Namespace(CallArguments arguments)
    {
        var names = new NamespaceValue();
        foreach (var (key, value) in Dict(arguments).Items)
        {
            names.Values[key as string ?? throw arguments.Wrong(key, "name", "text")] = value;
        }

        return names;
    }

    private static DictValue Dict(CallArguments arguments)
    {
        var dict = new DictValue();
        if (arguments.Positional.Count > 1)
        {
            throw new TemplateException($"{arguments.Callee} has {arguments.Positional.Count} arguments without a name, expected at most 1.");
        }

        foreach (object from in arguments.Positional)
        {
            foreach (var (key, value) in from is DictValue other ? other.Items : ValueKinds.Items(from).Select(Pair))
            {
                dict.Set(key, value);
            }
        }

        foreach (var (name, value) in arguments.Named)
        {
            dict.Set(name, value);
        }

        return dict;
    }

    private static KeyValuePair<object, object> Pair(object item) => ValueKinds.Items(item).Take(3).ToArray() is [var key, var value]
        ? new(key, value)
        : throw new TemplateException("a dict is made of an item that has not 2 parts, expected pairs.");
}
