using System.Buffers;
using System.Text;

namespace ReSTEM.Answers;

/// <summary>Brings the many spellings of signs and spaces to one: the only characters that the parser knows.</summary>
/// <remarks>
/// Signs are single characters afterwards (\le becomes U+2264), escaped braces are U+2983 and U+2984, a comma that
/// certainly groups digits is U+066C, a row break is U+23CE, a wide space between two items is U+2001; other spacing, \left, \right,
/// colours, sizes and math delimiters are gone, and brackets that open in words and close outside stand outside.
/// </remarks>
internal static class TextCleaner
{
    internal const char OpenBrace = '\u2983';
    internal const char CloseBrace = '\u2984';
    internal const char DigitGroup = '\u066C';
    internal const char RowBreak = '\u23CE';
    internal const char WideSpace = '\u2001';

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("0123456789 +-/^().,=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ[]:|;_%'");

    internal static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(PlainCharacters)
            && !text.Contains("..", StringComparison.Ordinal) && !text.Contains(" x ", StringComparison.Ordinal))
        {
            return text;
        }

        text = EastAsian.Translate(Scripts.Narrow(text));
        var cleaned = new StringBuilder(text.Length);
        int position = 0;
        while (position < text.Length)
        {
            position = text[position] == '\\' ? Command(text, position, cleaned) : Character(text, position, cleaned);
        }

        return TextBrackets.MovedOut(cleaned.ToString());
    }

    private static int Character(string text, int position, StringBuilder cleaned)
    {
        char character = text[position];
        char next = position + 1 < text.Length ? text[position + 1] : '\0';
        switch (character)
        {
            case '{' when next == ',' && position + 2 < text.Length && text[position + 2] == '}':
                cleaned.Append(DigitGroup);
                return position + 3;
            case '^' when DegreeAt(text, position + 1) is var end and > 0:
                cleaned.Append('°');
                return end;
            case '^' when PrimeAt(text, position + 1) is { End: > 0 } primes:
                cleaned.Append('\'', primes.Count);
                return primes.End;
            case '*' when next == '*':
                cleaned.Append('^');
                return position + 2;
            case '<' or '>' or '!' when next == '=':
                cleaned.Append(character switch { '<' => '≤', '>' => '≥', _ => '≠' });
                return position + 2;
            case '.' when next == '.':
                cleaned.Append('…');
                while (position < text.Length && text[position] == '.')
                {
                    position++;
                }

                return position;
            case 'x' when next == ' ' && IsTimes(text, position):
                cleaned.Append('*');
                return position + 1;
            case '$':
                return position + 1;
            default:
                int script = character > '\u007F' ? Scripts.Read(text, position, cleaned) : position;
                if (script > position)
                {
                    return script;
                }

                if (CharacterTable.Signs.TryGetValue(character, out string? sign))
                {
                    cleaned.Append(sign);
                }
                else
                {
                    cleaned.Append(char.IsWhiteSpace(character) || char.IsControl(character) ? ' ' : character);
                }

                return position + 1;
        }
    }

    private static int Command(string text, int position, StringBuilder cleaned)
    {
        int end = position + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        if (end == position + 1)
        {
            return Escape(text, end, cleaned);
        }

        string name = text[(position + 1)..end];
        switch (name)
        {
            case "left" or "right" or "middle" or "big" or "Big" or "bigg" or "Bigg" or "bigl" or "bigr" or "Bigl" or "Bigr" or "biggl" or "biggr"
                or "Biggl" or "Biggr" or "bigm" or "Bigm":
                return end < text.Length && text[end] == '.' ? end + 1 : end;
            case "phantom" or "hspace" or "vspace" or "label" or "hphantom" or "vphantom" or "color" or "tag" or "textcolor" or "colorbox" or "href"
                or "style" or "class" or "raisebox" or "scalebox" or "kern" or "hskip":
                cleaned.Append(' ');
                return SkipArgument(text, end);
            case "fcolorbox":
                return SkipArgument(text, SkipArgument(text, end));
            case "bbox" when end < text.Length && text[end] == '[':
                return text.IndexOf(']', end) is var close and >= 0 ? close + 1 : end;
            case "quad" or "qquad":
                cleaned.Append(IsBetweenItems(text, end, cleaned) ? WideSpace : ' ');
                return end;
            case "prime":
                cleaned.Append('\'');
                return end;
            case "not" when end < text.Length && text[end] == '=':
                cleaned.Append('≠');
                return end + 1;
            default:
                if (CharacterTable.Commands.TryGetValue(name, out string? replacement))
                {
                    cleaned.Append(replacement);
                    bool joins = replacement is [.., '\\'] or [.., >= 'a' and <= 'z'] && end < text.Length;
                    if (joins && char.IsAsciiLetter(text[end]))
                    {
                        cleaned.Append(' ');
                    }
                }
                else
                {
                    cleaned.Append('\\').Append(name);
                }

                return end;
        }
    }

    private static int Escape(string text, int end, StringBuilder cleaned)
    {
        char character = end < text.Length ? text[end] : ' ';
        switch (character)
        {
            case '!':
                if (cleaned.Length > 0 && cleaned[^1] == ',')
                {
                    cleaned[^1] = DigitGroup;
                }

                break;
            case '{':
                cleaned.Append(OpenBrace);
                break;
            case '}':
                cleaned.Append(CloseBrace);
                break;
            case '\\':
                cleaned.Append(RowBreak);
                return end + 1 < text.Length && text[end + 1] == '[' ? SkipBrackets(text, end + 1) : end + 1;
            case '|':
                cleaned.Append('‖');
                break;
            case '%' or '$' or '&' or '#':
                cleaned.Append(character);
                break;
            case '(' or ')' or '[' or ']': // math delimiters
                break;
            default:
                cleaned.Append(' ');
                break;
        }

        return Math.Min(text.Length, end + 1);
    }

    /// <summary>Whether an x between blanks stands between digits: the times sign of plain text.</summary>
    private static bool IsTimes(string text, int position) =>
        position >= 2 && text[position - 1] == ' ' && char.IsAsciiDigit(text[position - 2])
        && position + 2 < text.Length && char.IsAsciiDigit(text[position + 2]);

    /// <summary>The end of a degree sign written as a superscript that starts here, or 0.</summary>
    private static int DegreeAt(string text, int position)
    {
        int start = position;
        while (start < text.Length && text[start] is ' ' or '{')
        {
            start++;
        }

        bool braced = text.AsSpan(position, start - position).Contains('{');
        foreach (string sign in (ReadOnlySpan<string>)["\\circ", "\\degree", "°", "o}"])
        {
            if (text.AsSpan(start).StartsWith(sign, StringComparison.Ordinal))
            {
                int end = start + sign.Length - (sign[^1] == '}' ? 1 : 0);
                while (braced && end < text.Length && text[end] == ' ')
                {
                    end++;
                }

                return !braced ? end : end < text.Length && text[end] == '}' ? end + 1 : 0;
            }
        }

        return 0;
    }

    /// <summary>Whether a wide space parts two items: after a value, and before a number or another named value.</summary>
    private static bool IsBetweenItems(string text, int position, StringBuilder cleaned)
    {
        int last = cleaned.Length - 1;
        while (last >= 0 && cleaned[last] == ' ')
        {
            last--;
        }

        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        if (last < 0 || position >= text.Length || !(char.IsAsciiLetterOrDigit(cleaned[last]) || cleaned[last] is ')' or ']' or '}' or CloseBrace))
        {
            return false;
        }

        var rest = text.AsSpan(position);
        int equals = 0;
        while (equals < rest.Length && (char.IsAsciiLetterOrDigit(rest[equals]) || rest[equals] is '_' or ' ' or '{' or '}'))
        {
            equals++;
        }

        bool named = char.IsAsciiLetter(rest[0]) && equals < rest.Length && rest[equals] == '=';
        bool number = char.IsAsciiDigit(rest[0]) || (rest[0] == '-' && rest.Length > 1 && char.IsAsciiDigit(rest[1]))
            || rest.StartsWith("\\frac", StringComparison.Ordinal) || rest.StartsWith("\\sqrt", StringComparison.Ordinal);
        return named || number || (rest[0] == '(' && cleaned[last] == ')');
    }

    /// <summary>Primes written as a superscript that starts here: how many, and where they end; 0 when there are none.</summary>
    private static (int Count, int End) PrimeAt(string text, int position)
    {
        int count = 0;
        bool braced = position < text.Length && text[position] == '{';
        int at = braced ? position + 1 : position;
        while (text.AsSpan(at).StartsWith("\\prime", StringComparison.Ordinal))
        {
            count++;
            at += 6;
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            if (!braced)
            {
                break;
            }
        }

        return count == 0 || (braced && (at >= text.Length || text[at] != '}')) ? (0, 0) : (count, braced ? at + 1 : at);
    }

    private static int SkipArgument(string text, int position)
    {
        while (position < text.Length && text[position] is ' ' or '*')
        {
            position++;
        }

        if (position >= text.Length || text[position] != '{')
        {
            return Math.Min(text.Length, position + 1);
        }

        int depth = 0;
        do
        {
            depth += text[position] switch { '{' => 1, '}' => -1, _ => 0 };
            position++;
        }
        while (position < text.Length && depth > 0);
        return position;
    }

    private static int SkipBrackets(string text, int position)
    {
        int end = text.IndexOf(']', position);
        return end < 0 || end > position + 8 || !text.AsSpan(position, end - position).ContainsAny("pt") ? position : end + 1;
    }
}
