using System.Globalization;
using System.Numerics;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>Values in print, as Python's str() and repr() write them.</summary>
internal static class ValueText
{
    private const int MostDepth = 100;
    private const int ShortLength = 40;

    /// <summary>As a template prints it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="budget">Charged with what is written.</param>
    internal static string Of(object value, RenderBudget budget)
    {
        if (value is string text)
        {
            return text;
        }

        var written = new StringBuilder();
        Write(written, value, 0, budget);
        return budget.Charge(written.ToString());
    }

    /// <summary>For messages: cut where it is long.</summary>
    internal static string Short(object value) => value switch
    {
        string text => Repr(text.Length <= ShortLength ? text : text[..ShortLength] + "..."),
        bool or BigInteger or double or None => Scalar(value),
        _ => $"of type {ValueKinds.NameOf(value)}",
    };

    private static string Scalar(object value) => value switch
    {
        None => "None",
        bool flag => flag ? "True" : "False",
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => FloatText.Of(number),
        Undefined => "",
        _ => $"<{ValueKinds.NameOf(value)}>",
    };

    private static void Write(StringBuilder written, object value, int depth, RenderBudget budget)
    {
        RenderBudget.RequireRoom(written.Length);
        if (depth > MostDepth)
        {
            throw new TemplateException($"values are nested more than {MostDepth} deep, expected at most that.");
        }

        switch (value)
        {
            case string text:
                written.Append(Repr(text));
                break;
            case Undefined when depth > 0:
                written.Append("Undefined");
                break;
            case ListValue { Kind: ListKind.Range } range:
                written.Append(range.Shown);
                break;
            case ListValue list:
                WriteList(written, list, depth, budget);
                break;
            case DictValue dict:
                WriteDict(written, dict, depth, budget);
                break;
            case NamespaceValue names:
                var copy = new DictValue();
                names.Values.ToList().ForEach(item => copy.Set(item.Key, item.Value));
                written.Append("<Namespace ");
                WriteDict(written, copy, depth, budget);
                written.Append('>');
                break;
            default:
                written.Append(Scalar(value));
                break;
        }
    }

    private static void WriteList(StringBuilder written, ListValue list, int depth, RenderBudget budget)
    {
        bool isTuple = list.Kind is ListKind.Tuple;
        written.Append(list.Shown).Append(list.Shown.Length > 0 ? "(" : "").Append(isTuple ? '(' : '[');
        for (int i = 0; i < list.Items.Count; i++)
        {
            written.Append(i > 0 ? ", " : "");
            Write(written, list.Items[i], depth + 1, budget);
        }

        written.Append(isTuple && list.Items.Count == 1 ? "," : "").Append(isTuple ? ')' : ']').Append(list.Shown.Length > 0 ? ")" : "");
    }

    private static void WriteDict(StringBuilder written, DictValue dict, int depth, RenderBudget budget)
    {
        written.Append('{');
        string separator = "";
        foreach (var (key, value) in dict.Items)
        {
            written.Append(separator);
            Write(written, key, depth + 1, budget);
            written.Append(": ");
            Write(written, value, depth + 1, budget);
            separator = ", ";
        }

        written.Append('}');
    }

    /// <summary>A text with quotes and escapes.</summary>
    internal static string Repr(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var written = new StringBuilder(text.Length + 2).Append(quote);
        foreach (string point in CodePoints.Of(text))
        {
            char character = point[0];
            written.Append(point.Length == 1 && (character == quote || character == '\\') ? $"\\{character}" : Escaped(point));
        }

        return written.Append(quote).ToString();
    }

    private static string Escaped(string point)
    {
        int number = point.Length == 2 ? char.ConvertToUtf32(point, 0) : point[0];
        return number switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ when IsPrintable(point) => point,
            <= 0xFF => $"\\x{number:x2}",
            <= 0xFFFF => $"\\u{number:x4}",
            _ => $"\\U{number:x8}",
        };
    }

    private static bool IsPrintable(string point) => point == " " || CharUnicodeInfo.GetUnicodeCategory(point, 0) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
