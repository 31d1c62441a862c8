using System.Globalization;

namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>0b1010, 0o17, 0x1F.</summary>
    private Node? TryPrefixed()
    {
        int radix = Current != '0' ? 0 : At(1) switch { 'b' => 2, 'o' => 8, 'x' or 'X' => 16, _ => 0 };
        int end = _position + 2;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
        {
            end++;
        }

        if (radix == 0 || end - _position is 2 or > 200)
        {
            return null;
        }

        string digits = text[(_position + 2)..end].ToUpperInvariant();
        if (DecimalReading.InBase(digits, radix) is not { } value)
        {
            return null;
        }

        _position = end;
        return new Node { Kind = NodeKind.BaseNumeral, Name = digits, Radix = radix, Value = value };
    }

    /// <summary>Digits with a base as subscript, as in <c>152A_{11}</c>.</summary>
    private Node? TryBaseNumeral()
    {
        int end = _position;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || char.IsAsciiLetterUpper(text[end])
            || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
        {
            end++;
        }

        if (end >= text.Length || text[end] != '_' || end == _position)
        {
            return null;
        }

        // One capital letter is a name, and 1_000 is a thousand in Python.
        int start = _position;
        string digits = text[start..end];
        bool name = digits.Length == 1 && char.IsAsciiLetter(digits[0]);
        if (name || IsGroup(end))
        {
            return null;
        }

        _position = end + 1;
        var numeral = BaseNumeral(digits);
        _position = numeral is null ? start : _position;
        return numeral;
    }

    /// <summary>The numeral whose digits were read; the base follows. Null when no base does or the digits are none of it.</summary>
    private Node? BaseNumeral(string digits)
    {
        SkipSpaces();
        if (Current != '{' && !char.IsAsciiDigit(Current) && Current != '\\')
        {
            return null;
        }

        string script = Current == '{' ? ReadBraces() : char.IsAsciiDigit(Current) ? ReadDigits().ToString(CultureInfo.InvariantCulture) : ReadScriptText();
        string words = Plain(script).Replace("base", "", StringComparison.Ordinal).Trim(' ', '(', ')');
        int radix = int.TryParse(words, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : NumberWords.TryRead(words) is { IsInteger: true } word && word <= 36 ? (int)word.Numerator : 0;
        return radix is > 1 and <= 36 && DecimalReading.InBase(digits, radix) is { } value
            ? new Node { Kind = NodeKind.BaseNumeral, Name = digits, Radix = radix, Value = value }
            : null;
    }

    private string ReadScriptText()
    {
        int start = _position;
        _position += 1 + CommandName(_position).Length;
        return PeekBraces(_position) is null ? throw Unreadable() : text[start.._position] + "{" + ReadBraces() + "}";
    }
}
