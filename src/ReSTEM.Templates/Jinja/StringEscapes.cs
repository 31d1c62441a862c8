using System.Globalization;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>Escapes in string literals, as Python's string literals have them; an unknown one keeps its backslash.</summary>
internal static class StringEscapes
{
    private const string Letters = "abfnrtv\\'\"";
    private const string Meant = "\a\b\f\n\r\t\v\\'\"";

    /// <summary>The value of what stands between the quotes.</summary>
    /// <param name="text">What stands there.</param>
    /// <param name="position">Of the literal, for messages.</param>
    /// <exception cref="TemplateException">An escape lacks digits, or gives no character.</exception>
    internal static string Read(string text, int position)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var value = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            i = text[i] == '\\' ? ReadEscape(text, i + 1, value, position) : Copy(text[i], i, value);
        }

        return value.ToString();
    }

    private static int Copy(char character, int index, StringBuilder value)
    {
        value.Append(character);
        return index + 1;
    }

    private static int ReadEscape(string text, int index, StringBuilder value, int position)
    {
        char letter = text[index];
        int known = Letters.IndexOf(letter, StringComparison.Ordinal);
        if (known >= 0)
        {
            return Copy(Meant[known], index, value);
        }

        return letter switch
        {
            '\n' => index + 1, // a line that goes on
            'x' => ReadHexadecimal(text, index + 1, 2, value, position),
            'u' => ReadHexadecimal(text, index + 1, 4, value, position),
            'U' => ReadHexadecimal(text, index + 1, 8, value, position),
            >= '0' and <= '7' => ReadOctal(text, index, value),
            'N' => throw new TemplateException("a string holds \\N, expected the character itself or \\u with its number.", position),
            _ => Copy(letter, index, value.Append('\\')),
        };
    }

    private static int ReadHexadecimal(string text, int index, int count, StringBuilder value, int position)
    {
        string digits = text.Substring(index, Math.Min(count, text.Length - index));
        if (digits.Length < count || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number) || number > 0x10FFFF)
        {
            throw new TemplateException($"a string holds the escape \\{text[index - 1]}{digits}, expected {count} hexadecimal digits of a character.", position);
        }

        Append(value, (int)number);
        return index + count;
    }

    private static int ReadOctal(string text, int index, StringBuilder value)
    {
        int number = 0;
        int end = index;
        while (end < text.Length && end < index + 3 && text[end] is >= '0' and <= '7')
        {
            number = (number * 8) + (text[end++] - '0');
        }

        Append(value, number);
        return end;
    }

    private static void Append(StringBuilder value, int number)
    {
        if (number > 0xFFFF)
        {
            value.Append(char.ConvertFromUtf32(number));
        }
        else
        {
            value.Append((char)number);
        }
    }
}
