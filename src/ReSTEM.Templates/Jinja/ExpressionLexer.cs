using System.Text.RegularExpressions;

namespace ReSTEM.Templates;

/// <summary>The tokens inside one tag.</summary>
internal sealed partial class ExpressionLexer(string source, bool isVariable, List<TemplateToken> tokens)
{
    private static readonly string[] Operators =
    [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    private readonly Stack<char> _open = new();

    /// <summary>The sign before the tag's end: minus, plus or blank for none.</summary>
    internal char ClosingSign { get; private set; } = ' ';

    /// <summary>Reads up to the tag's end, and gives the offset after it.</summary>
    /// <param name="position">Where the tag's content begins.</param>
    /// <param name="begin">Where the tag begins.</param>
    /// <exception cref="TemplateException">There is no end, or something that is no token.</exception>
    internal int Read(int position, int begin)
    {
        while (true)
        {
            position = WhiteSpace.Skip(source, position);
            if (position >= source.Length)
            {
                throw new TemplateException($"a tag begins and has no end, expected '{(isVariable ? "}}" : "%}")}'.", begin);
            }

            if (_open.Count == 0 && EndLength(position) is var length and > 0)
            {
                tokens.Add(new TemplateToken(isVariable ? TemplateTokenKind.VariableEnd : TemplateTokenKind.BlockEnd, "", position));
                return position + length;
            }

            position = ReadToken(position);
        }
    }

    private int EndLength(int position)
    {
        string end = isVariable ? "}}" : "%}";
        char sign = source[position];
        if (sign == '-' || (sign == '+' && !isVariable))
        {
            bool closes = string.CompareOrdinal(source, position + 1, end, 0, 2) == 0;
            ClosingSign = closes ? sign : ' ';
            return closes ? 3 : 0;
        }

        return string.CompareOrdinal(source, position, end, 0, 2) == 0 ? 2 : 0;
    }

    private int ReadToken(int position)
    {
        char first = source[position];
        if (first is '\'' or '"')
        {
            return ReadString(position, first);
        }

        if (char.IsAsciiDigit(first) && NumberPattern().Match(source, position) is { Success: true } number)
        {
            bool isFloat = number.Groups["float"].Success;
            tokens.Add(new TemplateToken(isFloat ? TemplateTokenKind.Float : TemplateTokenKind.Integer, number.Value, position));
            return position + number.Length;
        }

        if (first == '_' || char.IsLetter(first))
        {
            int end = position + 1;
            while (end < source.Length && (source[end] == '_' || char.IsLetterOrDigit(source[end])))
            {
                end++;
            }

            tokens.Add(new TemplateToken(TemplateTokenKind.Name, source[position..end], position));
            return end;
        }

        string text = Array.Find(Operators, known => string.CompareOrdinal(source, position, known, 0, known.Length) == 0)
            ?? throw new TemplateException($"a tag holds the character '{first}', expected names, numbers, strings and operators.", position);
        Balance(text, position);
        tokens.Add(new TemplateToken(TemplateTokenKind.Operator, text, position));
        return position + text.Length;
    }

    private int ReadString(int position, char quote)
    {
        int end = position + 1;
        while (end < source.Length && source[end] != quote)
        {
            end += source[end] == '\\' ? 2 : 1;
        }

        if (end >= source.Length)
        {
            throw new TemplateException($"a string begins and has no end, expected {quote}.", position);
        }

        string text = StringEscapes.Read(source[(position + 1)..end], position);
        tokens.Add(new TemplateToken(TemplateTokenKind.String, text, position));
        return end + 1;
    }

    private void Balance(string text, int position)
    {
        switch (text)
        {
            case "(" or "[" or "{":
                _open.Push(text[0]);
                break;
            case ")" or "]" or "}":
                char open = _open.Count > 0 ? _open.Pop() : ' ';
                if ((open, text) is not (('(', ")") or ('[', "]") or ('{', "}")))
                {
                    throw new TemplateException($"'{text}' closes {(open == ' ' ? "nothing" : $"'{open}'")}, expected brackets in pairs.", position);
                }

                break;
        }
    }

    [GeneratedRegex(@"\G(?:(?<float>(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?[eE][+\-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+))|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)")]
    private static partial Regex NumberPattern();
}
