using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What Python makes of a JSON value.</summary>
internal enum PythonShapeKind
{
    AsIs,
    List,
    Tuple,
    TuplesAllTheWay,
    SetOrEmptyDict,
    Dict,
    DictWithIntegerKeys,
    Float,
    Complex,
}

/// <summary>What Python makes of a JSON value, and of the values in it.</summary>
/// <param name="Kind">Of the value; values of another JSON type stay as they are.</param>
/// <param name="Inner">Of the values in it; null leaves them.</param>
internal sealed partial record PythonShape(PythonShapeKind Kind, PythonShape? Inner = null)
{
    internal static readonly PythonShape AsIs = new(PythonShapeKind.AsIs);
    internal static readonly PythonShape Tuple = new(PythonShapeKind.Tuple);

    internal static bool IsInteger(string text) => Integer().IsMatch(text);

    /// <summary>A number that is published as a text, as <see cref="PythonJson"/> says it; null when the text is none.</summary>
    internal static string? NumberOf(string text, PythonShapeKind kind)
    {
        if (kind is PythonShapeKind.Float)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number.ToString("E16", CultureInfo.InvariantCulture)
                : null;
        }

        Match parts = ComplexNumber().Match(text.Replace(" ", "", StringComparison.Ordinal));
        return parts.Success && (parts.Groups["re"].Success || parts.Groups["im"].Success)
            ? $"{{\"{PythonJson.Complex}\":[{Part(parts.Groups["re"])},{Part(parts.Groups["im"])}]}}"
            : null;
    }

    private static string Part(Group part) => !part.Success ? "0"
        : double.Parse(part.Value is "+" or "-" ? part.Value + "1" : part.Value, CultureInfo.InvariantCulture).ToString("E16", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(0|-?[1-9]\d{0,18})$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^\(?(?:(?<re>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?![\d.ej]))?(?:(?<im>[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)?)j)?\)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ComplexNumber();
}
