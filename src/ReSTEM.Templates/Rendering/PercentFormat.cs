using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReSTEM.Templates;

/// <summary><c>"%s of %d" % (a, b)</c>: text, whole numbers and floats with flags, width and precision.</summary>
internal static partial class PercentFormat
{
    internal static string Apply(string format, object values, RenderBudget budget)
    {
        var given = values is ListValue { Kind: ListKind.Tuple } tuple ? tuple.Items : [values];
        int next = 0;
        string text = Placeholder().Replace(format, match =>
        {
            budget.Step();
            if (match.Value == "%%")
            {
                return "%";
            }

            if (!match.Groups["kind"].Success || next >= given.Count)
            {
                throw new TemplateException($"a format has '{match.Value}', expected %s, %r, %d or %f, and a value for each.");
            }

            return Padded(match, Formatted(match, given[next++], budget), budget);
        });
        return next == given.Count || values is DictValue ? budget.Charge(text) : throw new TemplateException(
            $"a format takes {next} values, expected all {given.Count} that are given.");
    }

    private static string Formatted(Match match, object value, RenderBudget budget)
    {
        int precision = match.Groups["precision"] is { Success: true, Value: var digits } ? Bounded(digits) : -1;
        switch (match.Groups["kind"].Value)
        {
            case "s":
                return Cut(ValueText.Of(value, budget), precision);
            case "r":
                return Cut(value is string text ? ValueText.Repr(text) : ValueText.Of(value, budget), precision);
            case "d" or "i":
                var whole = value is double number && double.IsFinite(number) ? new System.Numerics.BigInteger(number) : WholeNumbers.Of(value);
                return Signed(match, (whole ?? throw NoNumber(value)).ToString(CultureInfo.InvariantCulture));
            default:
                return Signed(match, Numbers.ToDouble(ValueKinds.IsNumber(value) ? value : throw NoNumber(value))
                    .ToString($"F{(precision < 0 ? 6 : precision)}", CultureInfo.InvariantCulture));
        }
    }

    private static string Signed(Match match, string number) =>
        match.Groups["flags"].Value.Contains('+', StringComparison.Ordinal) && number[0] != '-' ? "+" + number : number;

    private static string Padded(Match match, string text, RenderBudget budget)
    {
        int width = Bounded(match.Groups["width"].Value);
        budget.Charge(width);
        string flags = match.Groups["flags"].Value;
        if (flags.Contains('-', StringComparison.Ordinal))
        {
            return text.PadRight(width);
        }

        int sign = text.Length > 0 && text[0] is ('-' or '+') ? 1 : 0;
        return flags.Contains('0', StringComparison.Ordinal) && match.Groups["kind"].Value is not ("s" or "r")
            ? new StringBuilder(text).Insert(sign, "0", Math.Max(0, width - text.Length)).ToString()
            : text.PadLeft(width);
    }

    private static string Cut(string text, int precision) => precision >= 0 && precision < text.Length ? text[..precision] : text;

    private static int Bounded(string digits) => digits.Length == 0 ? 0 : digits.Length <= 3
        ? int.Parse(digits, CultureInfo.InvariantCulture)
        : throw new TemplateException($"a format asks for {digits} characters, expected at most 999.");

    private static TemplateException NoNumber(object value) => new($"a format has a value of type {ValueKinds.NameOf(value)}, expected a number.");

    [GeneratedRegex("%%|%(?<flags>[-+0]*)(?<width>[0-9]*)(?:\\.(?<precision>[0-9]*))?(?<kind>[srdif])|%")]
    private static partial Regex Placeholder();
}
