namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>A comma, semicolon, "and" or "or" between items; false at the end of the text.</summary>
    private bool TrySeparator(ref string separator)
    {
        int start = _position;
        bool found = false;
        while (true)
        {
            SkipSpaces();
            if (Current is ',' or ';' or TextCleaner.WideSpace)
            {
                _position++;
                found = true;
            }
            else if (TryConjunction() is { } word)
            {
                found = true;
                separator = word.Length > 0 ? word : separator;
            }
            else
            {
                break;
            }
        }

        if (found && (_position >= text.Length || (Current == '.' && !char.IsAsciiDigit(At(1))) || Current == TextCleaner.RowBreak))
        {
            _position = start; // trailing punctuation separates nothing
            return false;
        }

        return found;
    }

    /// <summary>"and", "or" or "" for other signs that separate; null when there is none.</summary>
    private string? TryConjunction()
    {
        if (Current == '\\' && CommandName(_position) == "text" && IsSeparatorText())
        {
            _position += 5;
            return ReadBraces().Trim(' ', ',', ';').ToLowerInvariant();
        }

        if (Current is '&' && _position + 1 < text.Length && _position > 0 && _bracketDepth == 0)
        {
            _position++;
            return "";
        }

        string? word = !AtConjunction() ? null : Current == 'a' ? "and" : "or";
        _position += word?.Length ?? 0;
        return word;
    }

    private bool IsSeparatorText() => PeekBraces(_position + 5)?.Trim(' ', ',', ';') is "and" or "or" or "And" or "Or" or "";

    /// <summary>"and" or "or" as a word of its own; "or more" and its like belong to the value before.</summary>
    private bool AtConjunction()
    {
        int length = text.AsSpan(_position).StartsWith("and", StringComparison.Ordinal) ? 3 : text.AsSpan(_position).StartsWith("or", StringComparison.Ordinal) ? 2 : 0;
        bool word = length > 0 && _position + length < text.Length && !char.IsAsciiLetterOrDigit(text[_position + length]) && text[_position + length] is not ('_' or '^')
            && (text[_position + length] == ' ' || (_position > 0 && text[_position - 1] is ')' or ']' or TextCleaner.CloseBrace))
            && (_position == 0 || !char.IsAsciiLetter(text[_position - 1]));
        return word && !Phrasing.EndsValue(text.AsSpan(_position));
    }
}
