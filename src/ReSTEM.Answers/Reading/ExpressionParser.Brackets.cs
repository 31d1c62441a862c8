namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    private Node ParseBracketed()
    {
        char open = text[_position++];
        switch (open)
        {
            case '|' or '‖':
                return ParseBars(open);
            case '⌊':
                return Node.Call("floor", ParseUntil('⌋'));
            case '⌈':
                return Node.Call("ceil", ParseUntil('⌉'));
            case '{':
                return ParseGroup();
            case TextCleaner.OpenBrace:
                return ParseBraces();
            default:
                return ParseBrackets(open);
        }
    }

    private Node ParseBars(char bar)
    {
        _barDepth++;
        var inside = ParseSum();
        Expect(bar);
        _barDepth--;
        return Node.Call("abs", inside);
    }

    private Node ParseUntil(char close)
    {
        int bars = _barDepth;
        _barDepth = 0;
        var inside = ParseSum();
        Expect(close);
        _barDepth = bars;
        return inside;
    }

    /// <summary>A LaTeX group; with commas in it, a set as plain text writes it.</summary>
    private Node ParseGroup()
    {
        int bars = _barDepth;
        _barDepth = 0;
        SkipSpaces();
        var inside = ParseList();
        Expect('}');
        _barDepth = bars;
        return inside.Is(NodeKind.List) ? Node.Of(NodeKind.Set, inside.Items) : inside;
    }

    private Node ParseBraces()
    {
        SkipSpaces();
        if (Current == TextCleaner.CloseBrace)
        {
            _position++;
            return Node.Constant("empty-set");
        }

        _braceDepth++;
        var inside = ParseInside();
        _braceDepth--;
        SkipSpaces();
        if (Current is '|' or ':')
        {
            _position++; // { x | condition } is the condition
            inside = ParseInside();
        }

        Expect(TextCleaner.CloseBrace);
        return inside.Is(NodeKind.Relation) ? inside : Node.Of(NodeKind.Set, inside.Is(NodeKind.List) ? inside.Items : [inside]);
    }

    private Node ParseInside()
    {
        int bars = _barDepth;
        _barDepth = 1;
        _bracketDepth++;
        var inside = ParseList();
        _bracketDepth--;
        _barDepth = bars;
        return inside;
    }

    /// <summary>Round, square or angle brackets: a group, a tuple or an interval; <c>]a,b[</c> is an open interval.</summary>
    private Node ParseBrackets(char open)
    {
        int bars = _barDepth;
        _barDepth = 0;
        _bracketDepth++;
        var inside = ParseList();
        _bracketDepth--;
        _barDepth = bars;
        SkipSpaces();
        char close = Current;
        if (close is not (')' or ']' or '⟩' or '['))
        {
            throw Unreadable();
        }

        _position++;
        if (!inside.Is(NodeKind.List))
        {
            return (open, close) is ('(', ')') or ('[', ']') ? inside : throw Unreadable();
        }

        return Node.Tuple(open is '[' ? '[' : '(', close is ']' ? ']' : ')', inside.Items);
    }

    private Node ParseEnvironment()
    {
        string name = ReadBraces();
        if (name == "array" && Current == '{')
        {
            ReadBraces();
        }

        if (name is not ("pmatrix" or "bmatrix" or "Bmatrix" or "matrix" or "smallmatrix" or "array" or "vmatrix"))
        {
            throw Unreadable();
        }

        var rows = new List<Node>();
        var cells = new List<Node>();
        _bracketDepth++;
        while (true)
        {
            cells.Add(ParseMeasured());
            SkipSpaces();
            if (Current == '&')
            {
                _position++;
                continue;
            }

            rows.Add(Node.Tuple('(', ')', [.. cells]));
            cells.Clear();
            while (Current is TextCleaner.RowBreak or ' ')
            {
                _position++;
            }

            if (text.AsSpan(_position).StartsWith("\\end", StringComparison.Ordinal))
            {
                _position += 4;
                ReadBraces();
                _bracketDepth--;
                bool even = rows.TrueForAll(row => row.Items.Length == rows[0].Items.Length);
                var matrix = Node.Of(NodeKind.Matrix, [.. rows]);
                return !even ? throw Unreadable() : name == "vmatrix" ? Node.Call("det", matrix) : matrix;
            }
        }
    }

    private void Expect(char character)
    {
        SkipSpaces();
        if (Current != character)
        {
            throw Unreadable();
        }

        _position++;
    }

    /// <summary>The content of the braces that open here or after blanks; null when they do not close.</summary>
    private string? PeekBraces(int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        if (position >= text.Length || text[position] != '{')
        {
            return null;
        }

        int depth = 0;
        for (int end = position; end < text.Length; end++)
        {
            depth += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return text[(position + 1)..end];
            }
        }

        return null;
    }

    private string ReadBraces()
    {
        SkipSpaces();
        string content = PeekBraces(_position) ?? throw Unreadable();
        budget.Spend(content.Length);
        _position += content.Length + 2;
        return content;
    }
}
