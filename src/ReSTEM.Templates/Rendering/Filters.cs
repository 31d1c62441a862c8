using System.Globalization;
using System.Numerics;
using ReSTEM.Arithmetic;

namespace ReSTEM.Templates;

/// <summary>What may stand after <c>|</c>: a table, and the filters of single values; those of text and of rows have files of their own.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Func<Interpreter, object, CallArguments, object>> Known = Table();

    /// <summary>Every filter, for the page that lists them.</summary>
    internal static IEnumerable<string> Names => Known.Keys;

    /// <exception cref="TemplateException">There is no such filter, or not for these values.</exception>
    internal static object Apply(string name, Interpreter interpreter, object value, CallArguments arguments)
    {
        var filter = Known.GetValueOrDefault(name) ?? throw new TemplateException($"No filter named '{name}'.");
        interpreter.Budget.Look(value);
        object result = filter(interpreter, value, arguments);
        return result is string text ? interpreter.Budget.Charge(text) : result;
    }

    private static Dictionary<string, Func<Interpreter, object, CallArguments, object>> Table()
    {
        var table = new Dictionary<string, Func<Interpreter, object, CallArguments, object>>(StringComparer.Ordinal)
        {
            ["default"] = Default,
            ["d"] = Default,
            ["int"] = (_, value, arguments) => Whole(value, arguments),
            ["float"] = (_, value, arguments) => Float(value, arguments),
            ["abs"] = (_, value, arguments) => Abs(value, arguments),
            ["round"] = (_, value, arguments) => Round(value, arguments),
            ["tojson"] = Json,
        };
        TextFilters.AddTo(table);
        ListFilters.AddTo(table);
        SelectFilters.AddTo(table);
        return table;
    }

    private static object Default(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("default_value", "boolean");
        bool replaces = value is Undefined || (CallArguments.Flag(given[1], otherwise: false) && !ValueKinds.IsTrue(value));
        return replaces ? given[0] ?? "" : value;
    }

    private static object Whole(object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("default", "base");
        int radix = arguments.Count(given[1], "base", 10);
        return value switch
        {
            Undefined missing => throw missing.Fault(),
            string text when WholeNumbers.Parse(text, radix is 2 or 8 or 16 ? radix : 10) is { } number => number,
            string text when ParseFloat(text) is { } number && double.IsFinite(number) => new BigInteger(number),
            double number when double.IsFinite(number) => new BigInteger(number),
            _ => WholeNumbers.Of(value) is { } number ? number : given[0] ?? BigInteger.Zero,
        };
    }

    private static object Float(object value, CallArguments arguments)
    {
        object otherwise = arguments.Bind("default")[0] ?? 0.0;
        return value switch
        {
            Undefined missing => throw missing.Fault(),
            string text => ParseFloat(text) ?? otherwise,
            _ => ValueKinds.IsNumber(value) ? Numbers.ToDouble(value) : otherwise,
        };
    }

    private static double? ParseFloat(string text)
    {
        string trimmed = WhiteSpace.TrimStart(WhiteSpace.TrimEnd(text)).ToLowerInvariant();
        double sign = trimmed.StartsWith('-') ? -1 : 1;
        return trimmed.TrimStart('+', '-') switch
        {
            "inf" or "infinity" => sign * double.PositiveInfinity,
            "nan" => double.NaN,
            _ => trimmed.Length > 0 && (char.IsAsciiDigit(trimmed[^1]) || trimmed[^1] == '.')
                && double.TryParse(trimmed.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    ? number
                    : null,
        };
    }

    private static object Abs(object value, CallArguments arguments)
    {
        arguments.Bind();
        return value switch
        {
            Undefined missing => throw missing.Fault(),
            double number => Math.Abs(number),
            _ => BigInteger.Abs(WholeNumbers.Of(value)
                ?? throw new TemplateException($"filter 'abs' has a value of type {ValueKinds.NameOf(value)}, expected a number.")),
        };
    }

    private static object Round(object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("precision", "method");
        int precision = arguments.Count(given[0], "precision", 0);
        string method = arguments.Text(given[1], "method", "common");
        if (value is Undefined missing)
        {
            throw missing.Fault();
        }

        if (!ValueKinds.IsNumber(value) || precision is < 0 or > 15 || method is not ("common" or "ceil" or "floor"))
        {
            throw new TemplateException(
                $"filter 'round' has {ValueText.Short(value)}, precision {precision} and method '{method}', expected a number, 0 to 15, and common, ceil or floor.");
        }

        double factor = Elementary.Pow(10, precision);
        double number = Numbers.ToDouble(value);
        return method switch
        {
            "ceil" => Math.Ceiling(number * factor) / factor,
            "floor" => Math.Floor(number * factor) / factor,
            _ => WholeNumbers.Of(value) is { } whole ? whole : Nearest(number, factor, precision),
        };
    }

    // Half-way cases go to the even digit only where the float is exactly half-way.
    private static double Nearest(double number, double factor, int precision)
    {
        return precision == 0 || !double.IsFinite(number) || IsHalf(number, precision)
            ? Math.Round(number * factor, MidpointRounding.ToEven) / factor
            : double.Parse(number.ToString($"F{precision}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static bool IsHalf(double number, int precision)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        BigInteger twice = 2 * BigInteger.Pow(10, precision) * ((bits & ((1L << 52) - 1)) | (1L << 52));
        return exponent < 0 && (twice % (BigInteger.One << -exponent)).IsZero && !(twice >> -exponent).IsEven;
    }

    private static object Json(Interpreter interpreter, object value, CallArguments arguments)
    {
        object?[] given = arguments.Bind("ensure_ascii", "indent", "separators", "sort_keys");
        string? indent = given[1] switch
        {
            null or None => null,
            string text => text,
            var count => new string(' ', Math.Clamp(arguments.Count(count, "indent", 0), 0, 1000)),
        };
        string[] separators = given[2] switch
        {
            null or None => [indent is null ? ", " : ",", ": "],
            ListValue { Items: [string item, string key] } => [item, key],
            var other => throw arguments.Wrong(other, "separators", "two texts"),
        };
        bool sorts = CallArguments.Flag(given[3], otherwise: false);
        bool ascii = CallArguments.Flag(given[0], otherwise: false);
        return ValueJson.Write(value, new JsonLayout(indent, separators[0], separators[1], sorts, ascii), interpreter.Budget);
    }
}
