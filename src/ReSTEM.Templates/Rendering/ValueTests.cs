using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>What may stand after <c>is</c>, and name a test for filters that select.</summary>
internal static class ValueTests
{
    private static readonly Dictionary<string, Func<object, bool>> OfOne = new(StringComparer.Ordinal)
    {
        ["defined"] = value => value is not Undefined,
        ["undefined"] = value => value is Undefined,
        ["none"] = value => value is None,
        ["boolean"] = value => value is bool,
        ["true"] = value => value is true,
        ["false"] = value => value is false,
        ["integer"] = value => value is BigInteger,
        ["float"] = value => value is double,
        ["number"] = ValueKinds.IsNumber,
        ["string"] = value => value is string,
        ["mapping"] = value => value is DictValue,
        ["sequence"] = value => value is string or Undefined or DictValue or ListValue { HasNumbers: true },
        ["iterable"] = value => value is string or Undefined or DictValue or ListValue or IteratorValue or LoopValue,
        ["callable"] = value => value is FunctionValue or Undefined || value is LoopValue,
        ["lower"] = value => value is string text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["upper"] = value => value is string text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["odd"] = value => Remainder(value, new BigInteger(2)) is BigInteger { IsOne: true } or 1d,
        ["even"] = value => Remainder(value, new BigInteger(2)) is BigInteger { IsZero: true } or 0d,
    };

    private static readonly Dictionary<string, string> Comparisons = new(StringComparer.Ordinal)
    {
        ["=="] = "==",
        ["eq"] = "==",
        ["equalto"] = "==",
        ["!="] = "!=",
        ["ne"] = "!=",
        ["<"] = "<",
        ["lt"] = "<",
        ["lessthan"] = "<",
        ["<="] = "<=",
        ["le"] = "<=",
        [">"] = ">",
        ["gt"] = ">",
        ["greaterthan"] = ">",
        [">="] = ">=",
        ["ge"] = ">=",
        ["in"] = "in",
    };

    /// <summary>Every test, for the page that lists them.</summary>
    internal static IEnumerable<string> Names => [.. OfOne.Keys, .. Comparisons.Keys, "sameas", "divisibleby"];

    /// <exception cref="TemplateException">There is no such test, or not with these values.</exception>
    internal static object Apply(string name, object value, CallArguments arguments, RenderBudget budget)
    {
        budget.Look(value);
        if (OfOne.TryGetValue(name, out var test))
        {
            arguments.Bind();
            return test(value);
        }

        if (Comparisons.TryGetValue(name, out string? comparison))
        {
            return Operators.Compare(comparison, value, Other(arguments), budget);
        }

        return name switch
        {
            "sameas" => Other(arguments) is var other && (ReferenceEquals(value, other) || (value is bool or BigInteger or string && value.Equals(other))),
            "divisibleby" => Remainder(value, Other(arguments)) is BigInteger { IsZero: true } or 0d,
            _ => throw new TemplateException($"No test named '{name}'."),
        };
    }

    private static object Other(CallArguments arguments) => arguments.Required(arguments.Bind("other")[0], "other");

    private static object Remainder(object value, object divisor) => value is Undefined missing
        ? throw missing.Fault()
        : ValueKinds.IsNumber(value) && ValueKinds.IsNumber(divisor)
            ? Numbers.Apply("%", value, divisor)
            : throw new TemplateException($"a value of type {ValueKinds.NameOf(value)} is divided, expected a number.");
}
