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
            if (Current is ',' or ';')
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

        if (found && (_position >= text.Length || Current is '.' or TextCleaner.RowBreak))
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

    /// <summary>A sum, and the unit or words that may follow or precede it.</summary>
    private Node ParseMeasured()
    {
        var node = ParseSum();
        while (true)
        {
            SkipSpaces();
            if (Current == ':' && At(1) != '=' && _braceDepth == 0)
            {
                _position++;
                var next = ParseSum();
                node = Node.Of(NodeKind.Ratio, node.Is(NodeKind.Ratio) ? [.. node.Items, next] : [node, next]);
            }
            else if (node.Is(NodeKind.Number) && text.AsSpan(_position).StartsWith("to ", StringComparison.Ordinal))
            {
                _position += 3;
                node = Node.Of(NodeKind.Ratio, node, ParseSum());
            }
            else if (node.Is(NodeKind.Text) && (StartsFactor(Node.Symbol("")) || char.IsAsciiDigit(Current) || Current is '-' or '$'))
            {
                var value = ParseSum();
                node = Node.Quantity(value, Unit.Of(node.Name));
            }
            else if (Current == '\\' && CommandName(_position) == "pmod")
            {
                _position += 5;
                ParseArgument(); // the modulus says how the number was found, not what it is
            }
            else if (Current == '\\' && CommandName(_position) == "text" && !IsSeparatorText())
            {
                _position += 5;
                node = Measured(node, ReadBraces() + UnitPower());
            }
            else if (node.Kind is NodeKind.Time or NodeKind.Number && HalfOfDay() is var length and > 0)
            {
                node = Measured(node, text.Substring(_position, length));
                _position += length;
            }
            else if (char.IsAsciiLetter(Current) && AtWord() && !AtConjunction())
            {
                node = Measured(node, ReadPhrase(node.Is(NodeKind.Text)));
                node = char.IsAsciiDigit(Current) ? Compound(node, ParseMeasured()) : node;
            }
            else if (Current == '(' && node.Kind is NodeKind.BaseNumeral or NodeKind.Quantity or NodeKind.Number && AtParenthesisedWords())
            {
                _position++;
                string words = ReadPhrase(true);
                Expect(')');
                node = Measured(node, words);
            }
            else
            {
                return node;
            }
        }
    }

    /// <summary>2 hours 30 minutes: the sum, in the unit of the first.</summary>
    private Node Compound(Node first, Node second)
    {
        if (first.Is(NodeKind.Quantity) && second.Is(NodeKind.Quantity) && Units.Find(first.Unit) is { } large
            && Units.Find(second.Unit) is { } small && large.Dimension == small.Dimension)
        {
            var factor = new Node { Kind = NodeKind.Number, Value = small.Size / large.Size };
            var sum = Node.Of(NodeKind.Sum, first.Items[0], Node.Of(NodeKind.Product, second.Items[0], factor));
            return Node.Quantity(sum, first.Unit);
        }

        throw Unreadable();
    }

    private bool AtParenthesisedWords()
    {
        _position++;
        bool found = char.IsAsciiLetter(Current) && AtWord();
        _position--;
        return found;
    }

    private static Node Measured(Node node, string words)
    {
        string trimmed = words.Trim(' ', '.', ',', ';', ':', '~');
        if (trimmed.Length == 0)
        {
            return node;
        }

        if (TimeReading.Half(trimmed) is { } half && (node.Is(NodeKind.Time) || node.Is(NodeKind.Number)))
        {
            return (node.Is(NodeKind.Time) ? node.Time : TimeReading.Hour(node.Value)) is { } time ? Node.At(time.In(half)) : node;
        }

        if (trimmed is "percent" or "per cent" or "degrees" or "degree" or "deg")
        {
            return Node.Of(trimmed[0] == 'p' ? NodeKind.Percent : NodeKind.Degree, node);
        }

        if (node is { Kind: NodeKind.Number, Value.IsInteger: true } && TextAnswers.Date($"{node.Value} {trimmed}") is { } date)
        {
            return date;
        }

        return node.Is(NodeKind.Text)
            ? Node.Text(node.Name + " " + TextAnswers.Normalise(trimmed))
            : Node.Quantity(node, Units.Read(trimmed));
    }

    /// <summary>A power after a unit, as in cm^2.</summary>
    private string UnitPower()
    {
        SkipSpaces();
        if (Current != '^')
        {
            return "";
        }

        _position++;
        var power = ParseScript();
        return power.Is(NodeKind.Number) ? "^" + power.Value : "";
    }

    private bool IsSeparatorText() => PeekBraces(_position + 5)?.Trim(' ', ',', ';') is "and" or "or" or "And" or "Or" or "";

    private bool AtConjunction() => text.AsSpan(_position).StartsWith("and ", StringComparison.Ordinal)
        || text.AsSpan(_position).StartsWith("or ", StringComparison.Ordinal);

    /// <summary>Whether a run of letters starts here that is a word rather than a product of variables.</summary>
    private bool AtWord()
    {
        int end = _position;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        var run = text.AsSpan(_position, end - _position);
        if (run.Length < 2 || FunctionNames.FunctionsBySpan.ContainsKey(run))
        {
            return false;
        }

        if (run is "pi" or "infinity" or "inf" or "oo" or "and" or "or")
        {
            return run is "and" or "or" && end < text.Length && text[end] == ' ';
        }

        bool upper = !run.ContainsAnyExceptInRange('A', 'Z');
        if (run.Length >= 4 && !upper)
        {
            foreach (string prefix in FunctionNames.Prefixes)
            {
                if (run.StartsWith(prefix, StringComparison.Ordinal) && run.Length - prefix.Length <= (prefix == "pi" ? 1 : 2)
                    && !Units.IsKnown(run.ToString()))
                {
                    return false;
                }
            }

            return true;
        }

        return Units.IsKnown(run.ToString()) || TextAnswers.IsShortWord(run);
    }

    /// <summary>Words up to the next separator, bracket or sign, with a unit's power.</summary>
    private string ReadPhrase(bool digits)
    {
        int start = _position;
        while (_position < text.Length
            && (char.IsAsciiLetter(text[_position]) || (digits && char.IsAsciiDigit(text[_position])) || text[_position] is ' ' or '.' or '\'' or '-' or '/'))
        {
            if (text[_position] == ' ' && _position + 1 < text.Length)
            {
                _position++;
                if (AtConjunction())
                {
                    break;
                }

                continue;
            }

            _position++;
        }

        budget.Spend(_position - start);
        string words = text[start.._position];
        return words + UnitPower();
    }

    private Node ParseWords()
    {
        int end = _position;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] is ' ' or '-'))
        {
            end++;
        }

        // A number in words may hold "and", which otherwise separates items.
        if (NumberWords.TryRead(text[_position..end]) is { } number)
        {
            _position = end;
            return Node.Number(number);
        }

        return TextAnswers.Read(ReadPhrase(true), budget);
    }

    /// <summary>The length of "a.m." or "p.m." here, 0 when it is something else.</summary>
    private int HalfOfDay()
    {
        int end = _position;
        if (Current is not ('a' or 'p' or 'A' or 'P'))
        {
            return 0;
        }

        end += At(1) == '.' ? 2 : 1;
        if (end >= text.Length || text[end] is not ('m' or 'M') || (end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1])))
        {
            return 0;
        }

        end += end + 1 < text.Length && text[end + 1] == '.' ? 2 : 1;
        return end - _position;
    }

    private Node ParseQuoted()
    {
        int end = text.IndexOf('"', _position + 1);
        if (end < 0)
        {
            throw Unreadable();
        }

        string words = text[(_position + 1)..end];
        _position = end + 1;
        return TextAnswers.Read(words, budget);
    }

    private Node ParseTextCommand()
    {
        _position += 5;
        SkipSpaces();
        if (Current != '{')
        {
            return ParseArgument();
        }

        string content = ReadBraces();
        if (Current == '_' && content.Trim() is { Length: > 0 } digits && digits.All(char.IsAsciiLetterOrDigit))
        {
            if (digits.Any(char.IsAsciiDigit) || digits.Length > 1)
            {
                _position++;
                return BaseNumeral(digits);
            }

            return Subscripted(digits);
        }

        if (FunctionNames.Functions.TryGetValue(content.Trim(), out string? function))
        {
            return ParseCall(function);
        }

        return content.Trim() is "i" or "e" ? Node.Constant(content.Trim()) : TextAnswers.Read(content, budget);
    }
}
