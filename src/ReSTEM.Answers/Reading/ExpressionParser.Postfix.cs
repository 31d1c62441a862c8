namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    private Node ParsePostfix(Node node)
    {
        while (true)
        {
            SkipSpaces();
            int start = _position;
            switch (Current)
            {
                case '!' when node.Kind is not (NodeKind.Text or NodeKind.Phrase or NodeKind.Quantity):
                    _position++;
                    bool twice = Current == '!';
                    _position += twice ? 1 : 0;
                    node = Node.Call(twice ? "double-factorial" : "factorial", node);
                    break;
                case '%' when !node.Is(NodeKind.Percent):
                    _position++;
                    node = Node.Of(NodeKind.Percent, node);
                    break;
                case '°' when !node.Is(NodeKind.Degree):
                    _position++;
                    node = TryTemperature(node) ?? Node.Of(NodeKind.Degree, node);
                    break;
                case '$' or '€' or '£' or '¥' or '₹' or '₩' or '₽' or '¢':
                    node = Node.Quantity(node, UnitReader.Read(Take(1))!.Value);
                    break;
                case '_' when node is { Kind: NodeKind.Number, Value.IsInteger: true } && text[_position - 1] == ')':
                    _position++;
                    node = BaseNumeral(node.Value.ToString()) ?? throw Unreadable();
                    break;
                default:
                    if ((TryMarks(node) ?? TryAdjacent(node)) is not { } marked)
                    {
                        return node;
                    }

                    node = marked;
                    break;
            }

            if (_position > start)
            {
                Wrap();
            }
        }
    }

    /// <summary>3rd and 5C2: letters right behind a number that are no factors.</summary>
    private Node? TryAdjacent(Node node)
    {
        if (node is not { Kind: NodeKind.Number, Value.IsInteger: true } || _position == 0 || !char.IsAsciiDigit(text[_position - 1]) || !char.IsAsciiLetter(Current))
        {
            return null;
        }

        bool place = text.AsSpan(_position, Math.Min(2, text.Length - _position)) is "st" or "nd" or "rd" or "th" && !char.IsAsciiLetterOrDigit(At(2)) && At(2) is not ('^' or '_');
        if (place)
        {
            _position += 2;
            return Measures.Ordinal(node);
        }

        return Current is 'C' or 'P' && (char.IsAsciiDigit(At(1)) || At(1) == '_') ? TryChoose(node) : null;
    }

    /// <summary>A place written as a power, as in 3^{rd}.</summary>
    private bool TryPlace()
    {
        int at = _position + 1;
        foreach (string form in (ReadOnlySpan<string>)["{\\text{*}}", "\\text{*}", "{*}", "*"])
        {
            string[] around = form.Split('*');
            int letters = at + around[0].Length;
            int end = letters + 2 + around[1].Length;
            if (end <= text.Length && text.AsSpan(at).StartsWith(around[0], StringComparison.Ordinal) && text.AsSpan(letters, 2) is "st" or "nd" or "rd" or "th"
                && text.AsSpan(letters + 2).StartsWith(around[1], StringComparison.Ordinal) && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end])))
            {
                _position = end;
                return true;
            }
        }

        return false;
    }

    /// <summary>C or F behind a degree sign; null when another thing is there.</summary>
    private Node? TryTemperature(Node node)
    {
        int start = _position;
        SkipSpaces();
        string? scale = Current is 'C' or 'F' && !char.IsAsciiLetterOrDigit(At(1)) && At(1) is not ('_' or '^' or '(') ? Take(1)
            : Current == '\\' && CommandName(_position) == "text" && PeekBraces(_position + 5)?.Trim() is "C" or "F" ? TextAt() : null;
        _position = scale is null ? start : _position;
        return scale is null ? null : Node.Quantity(node, UnitReader.Read("°" + scale)!.Value);
    }

    private string TextAt()
    {
        _position += 5;
        return ReadBraces().Trim();
    }

    /// <summary>Whether a bracket here holds words or an approximation, which are no factor.</summary>
    private bool AtRemark()
    {
        int at = _position + 1;
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        string name = at < text.Length && text[at] == '\\' ? CommandName(at) : "";
        bool words = name == "text" && PeekBraces(at + 5)?.Trim() is { Length: > 1 } content && !FunctionNames.Functions.ContainsKey(content);
        return words || name is "mod" or "bmod" || (at < text.Length && text[at] is '≈' or '=') || text.AsSpan(at).StartsWith("mod ", StringComparison.Ordinal);
    }
}
