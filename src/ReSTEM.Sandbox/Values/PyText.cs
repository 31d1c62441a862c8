using System.Globalization;
using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>Python values as a reader knows them, for evidence; long ones are cut.</summary>
internal static class PyText
{
    private const int MaxLength = 300;

    /// <summary>Much like <c>repr(value)</c>, at most 300 characters.</summary>
    public static string Of(PyValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return Shorten(text.ToString(), MaxLength);
    }

    /// <summary>The text, or its beginning and three dots.</summary>
    public static string Shorten(string text, int length) => text.Length <= length ? text : text[..length] + "...";

    private static void Append(StringBuilder text, PyValue value)
    {
        if (text.Length > MaxLength)
        {
            return;
        }

        _ = value.Kind switch
        {
            PyKind.None => text.Append("None"),
            PyKind.Bool => text.Append(value.Integer.IsZero ? "False" : "True"),
            PyKind.Int => text.Append(value.Integer.GetBitLength() < 4096 ? value.Integer.ToString(CultureInfo.InvariantCulture) : "<a long integer>"),
            PyKind.Float => text.Append(FloatText(value.Number.Real)),
            PyKind.Complex => text.Append(CultureInfo.InvariantCulture, $"complex({value.Number.Real:R}, {value.Number.Imaginary:R})"),
            PyKind.Text => text.Append('\'').Append(Shorten(value.Text, MaxLength).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\''),
            PyKind.Bytes => text.Append(CultureInfo.InvariantCulture, $"<{value.Bytes.Length} bytes>"),
            PyKind.Type => text.Append(value.Text),
            PyKind.Handle => text.Append(CultureInfo.InvariantCulture, $"<{value.Text} object>"),
            PyKind.Tuple => AppendItems(text, "(", value, value.Items.Length == 1 ? ",)" : ")"),
            PyKind.List => AppendItems(text, "[", value, "]"),
            PyKind.Object => AppendItems(text, value.Text + "(", value, ")"),
            PyKind.Dict or PyKind.Set => AppendItems(text, "{", value, "}"),
            _ => AppendItems(text, value.Kind.ToString().ToLowerInvariant() + "(", value, ")"),
        };
    }

    private static string FloatText(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(value) && text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static StringBuilder AppendItems(StringBuilder text, string open, PyValue value, string close)
    {
        text.Append(open);
        for (int i = 0; i < value.Items.Length && text.Length <= MaxLength; i++)
        {
            bool isDictValue = value.Kind is PyKind.Dict && i % 2 == 1;
            text.Append(i == 0 ? "" : isDictValue ? ": " : ", ");
            Append(text, value.Items[i]);
        }

        return text.Append(close);
    }
}
