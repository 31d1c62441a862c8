using System.Globalization;
using System.Numerics;

namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>A number literal: digits, groups, a fraction, an exponent, repeating digits, a base, a mixed number, a time.</summary>
    private Node ParseNumber()
    {
        if (TryBaseNumeral() is { } numeral)
        {
            return numeral;
        }

        if (TryTime() is { } time)
        {
            return time;
        }

        if (TryPrefixed() is { } prefixed)
        {
            return prefixed;
        }

        int start = _position;
        var (digits, grouped) = ReadWholePart();
        if (Current == '.' && !IsSentenceEnd())
        {
            return ParseDecimal(digits);
        }

        if (_position - start > 4 && text.AsSpan(start, _position - start).Contains(' ') && DecimalComma() is var places and > 0)
        {
            _position++;
            return Fractional(digits, Take(places));
        }

        if (Current == '…')
        {
            throw Unreadable();
        }

        budget.Spend(digits.Length);
        var value = digits.Length < 19
            ? long.Parse(digits, CultureInfo.InvariantCulture)
            : BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        if (TryScientific() is { } exponent)
        {
            return new Node { Kind = NodeKind.Number, Value = new Rational(value) * exponent };
        }

        var whole = new Node
        {
            Kind = NodeKind.Number,
            Value = new Rational(value),
            Numeral = grouped ? Numeral.Grouped : Numeral.Whole,
        };
        return !grouped && start < _position ? TryMixed(whole) ?? whole : whole;
    }

    /// <summary>How many digits follow a comma and end the text, so that they are decimals of a number with its groups set off by blanks; else 0.</summary>
    private int DecimalComma()
    {
        int end = _position + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return Current == ',' && end == text.Length && end - _position - 1 is 1 or 2 ? end - _position - 1 : 0;
    }

    private bool IsSentenceEnd() => !char.IsAsciiDigit(At(1)) && !(At(1) == '(' && char.IsAsciiDigit(At(2)))
        && At(1) != '\\' && At(1) is not ('e' or 'E' or '…');

    private (string Digits, bool Grouped) ReadWholePart()
    {
        int start = _position;
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }

        // Dots group digits only where there are two of them, else one is the decimal point.
        bool dotted = Current == '.' && IsGroup(_position, '.') && IsGroup(_position + 4, '.');
        if (_position - start > 3 || _position == start || !(dotted || IsGroup(_position)))
        {
            return (_position == start ? "0" : text[start.._position], false);
        }

        bool ambiguous = false;
        while (dotted ? IsGroup(_position, '.') : IsGroup(_position))
        {
            ambiguous |= text[_position] == ',';
            int separator = _position;
            while (!char.IsAsciiDigit(text[separator]))
            {
                separator++;
            }

            _position = separator + 3;
        }

        return (string.Concat(text[start.._position].Where(char.IsAsciiDigit)), ambiguous);
    }

    /// <summary>Whether a separator and exactly three digits follow.</summary>
    private bool IsGroup(int position, char separator = '\0')
    {
        if (position >= text.Length)
        {
            return false;
        }

        int digits = position + 1;
        switch (text[position])
        {
            case ',' when _bracketDepth == 0:
                break;
            case TextCleaner.DigitGroup:
                while (digits < text.Length && text[digits] == ' ')
                {
                    digits++;
                }

                break;
            case ' ' or '\'':
                break;
            case '_' when position > 0 && char.IsAsciiDigit(text[position - 1]):
                break;
            case '.' when separator == '.':
                break;
            default:
                return false;
        }

        return digits + 3 <= text.Length
            && char.IsAsciiDigit(text[digits]) && char.IsAsciiDigit(text[digits + 1]) && char.IsAsciiDigit(text[digits + 2])
            && (digits + 3 == text.Length || !char.IsAsciiDigit(text[digits + 3]));
    }

    private Node ParseDecimal(string whole)
    {
        _position++;
        int start = _position;
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }

        return Fractional(whole, text[start.._position]);
    }

    private Node Fractional(string whole, string fraction)
    {
        budget.Spend(whole.Length + fraction.Length);
        string repeating = ReadRepeating();
        bool cut = Current == '…';
        Rational? continued = null;
        if (cut)
        {
            continued = fraction.Length > 1 && fraction[^1] == fraction[^2] && fraction[^1] != '0' ? DecimalReading.Value(whole, fraction, fraction[^1..]) : null;
            _position++;
            SkipSpaces();
            (fraction, repeating) = repeating.Length == 0 ? DecimalReading.RepeatingTail(fraction) : (fraction, repeating);
        }

        var value = DecimalReading.Value(whole, fraction, repeating);
        bool exact = repeating.Length > 0;
        var numeral = exact
            ? Numeral.Whole
            : new Numeral(true, fraction.Length, DecimalReading.SignificantDigits(whole + fraction), cut, false, continued);
        if (TryScientific() is { } exponent)
        {
            int shift = DecimalReading.PowerOfTen(exponent);
            value *= exponent;
            numeral = numeral with { Places = numeral.Places - shift };
        }

        return new Node { Kind = NodeKind.Number, Value = value, Numeral = numeral };
    }

    private string ReadRepeating()
    {
        if (Current == '(' && text[_position - 1] == '.')
        {
            return Enclosed(_position + 1, ')');
        }

        if (text.AsSpan(_position).StartsWith("\\overline", StringComparison.Ordinal)
            || text.AsSpan(_position).StartsWith("\\bar", StringComparison.Ordinal)
            || text.AsSpan(_position).StartsWith("\\dot", StringComparison.Ordinal))
        {
            int brace = text.IndexOf('{', _position);
            int digit = _position;
            while (digit < text.Length && text[digit] is '\\' or ' ' || (digit < text.Length && char.IsAsciiLetter(text[digit])))
            {
                digit++;
            }

            if (digit < text.Length && char.IsAsciiDigit(text[digit]))
            {
                _position = digit + 1;
                return text[digit].ToString();
            }

            return brace == digit ? Enclosed(brace + 1, '}') : throw Unreadable();
        }

        return "";
    }

    private string Enclosed(int start, char close)
    {
        int end = text.IndexOf(close, start);
        string digits = end < 0 ? "" : text[start..end].Trim();
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
        {
            throw Unreadable();
        }

        _position = end + 1;
        return digits;
    }

    /// <summary>The power of ten of e-notation.</summary>
    private Rational? TryScientific()
    {
        if (Current is not ('e' or 'E'))
        {
            return null;
        }

        int start = _position + 1;
        int end = start;
        if (end < text.Length && text[end] is '-' or '+')
        {
            end++;
        }

        int digits = end;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        if (end == digits || end - digits > 5 || (end < text.Length && char.IsAsciiLetter(text[end])))
        {
            return null;
        }

        int power = int.Parse(text[start..end], CultureInfo.InvariantCulture);
        budget.SpendBits(Math.Abs(power) * 3.33);
        _position = end;
        return new Rational(10).Power(power);
    }

    /// <summary>A whole number followed by a proper fraction of literals: their sum.</summary>
    private Node? TryMixed(Node whole)
    {
        int start = _position;
        SkipSpaces();
        if (text.AsSpan(_position).StartsWith("\\frac", StringComparison.Ordinal))
        {
            _position += 5;
            var numerator = ParseArgument();
            var denominator = ParseArgument();
            if (IsProper(numerator, denominator))
            {
                return Mixed(whole, numerator.Value, denominator.Value);
            }
        }
        else if (_position > start && char.IsAsciiDigit(Current))
        {
            var numerator = ReadDigits();
            SkipSpaces();
            if (Current == '/' && char.IsAsciiDigit(At(1)))
            {
                _position++;
                var denominator = ReadDigits();
                if (numerator < denominator && numerator > 0)
                {
                    return Mixed(whole, new Rational(numerator), new Rational(denominator));
                }
            }
        }

        _position = start;
        return null;
    }

    private static bool IsProper(Node numerator, Node denominator) =>
        numerator is { Kind: NodeKind.Number, Value.IsInteger: true } && denominator is { Kind: NodeKind.Number, Value.IsInteger: true }
        && numerator.Value.Sign > 0 && numerator.Value < denominator.Value;

    private static Node Mixed(Node whole, Rational numerator, Rational denominator) =>
        new() { Kind = NodeKind.Number, Value = whole.Value + (numerator / denominator) };

    private BigInteger ReadDigits()
    {
        int start = _position;
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }

        budget.Spend(_position - start);
        return BigInteger.Parse(text.AsSpan(start, _position - start), CultureInfo.InvariantCulture);
    }

    private Node? TryTime()
    {
        if (TimeReading.Clock(text, _position) is not { } clock)
        {
            return null;
        }

        _position = clock.End;
        return Node.At(clock.Time);
    }
}
