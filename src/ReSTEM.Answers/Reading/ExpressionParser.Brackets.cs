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
        if (Current == '}' && At(1) is '_' or '^')
        {
            _position++; // nothing, so that a script may stand before its letter
            return ParsePrimary();
        }

        var inside = ParseList();
        Expect('}');
        _barDepth = bars;
        return inside.Is(NodeKind.List) ? Braced(inside.Items) : inside;
    }

    /// <summary>Items between braces: a set; names with their values after a colon are equations, as Python writes them.</summary>
    private static Node Braced(Node[] items) =>
        Array.TrueForAll(items, static item => item is { Kind: NodeKind.Ratio, Items: [{ Kind: NodeKind.Symbol }, _] })
            ? Node.Of(NodeKind.List, [.. items.Select(static item => Node.Relation(["="], item.Items))])
            : Node.Of(NodeKind.Set, items);

    private Node ParseBraces()
    {
        SkipSpaces();
        if (Current == TextCleaner.CloseBrace)
        {
            _position++;
            return Node.Constant("empty-set");
        }

        if (text.AsSpan(_position).StartsWith("\\begin", StringComparison.Ordinal))
        {
            _position += 6;
            var system = ParseEnvironment();
            SkipSpaces();
            _position += Current == TextCleaner.CloseBrace ? 1 : 0; // a system has a brace on its left side alone
            return system;
        }

        _braceDepth++;
        var inside = ParseInside();
        _braceDepth--;
        SkipSpaces();
        if (Current is '|' or ':')
        {
            if (!IsMember(inside))
            {
                throw Unreadable(); // what is built of the letters that the condition is about: never the condition alone
            }

            _position++; // { x | condition } is the condition
            inside = ParseInside();
        }

        Expect(TextCleaner.CloseBrace);
        return inside.Is(NodeKind.Relation) ? inside : Node.Of(NodeKind.Set, inside.Is(NodeKind.List) ? inside.Items : [inside]);
    }

    /// <summary>A name, several in brackets, or a name that is said to be real.</summary>
    private static bool IsMember(Node node) => node switch
    {
        { Kind: NodeKind.Relation, Operators: ["∈"], Items: [{ Kind: NodeKind.Symbol }, var set] } => set.IsConstant("reals"),
        { Kind: NodeKind.Tuple } => Array.TrueForAll(node.Items, static item => item.Is(NodeKind.Symbol)),
        _ => node.Is(NodeKind.Symbol),
    };

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
        bool square = (open, close) is ('[', ']');
        if (!inside.Is(NodeKind.List))
        {
            return square && inside is { Kind: NodeKind.Tuple, Brackets: ('[', ']') } ? Node.Of(NodeKind.Matrix, Node.Tuple('(', ')', inside.Items))
                : square || (open, close) is ('(', ')') ? inside : throw Unreadable();
        }

        if (square && inside.Items.Length > 1 && Array.TrueForAll(inside.Items, row => row is { Kind: NodeKind.Tuple, Brackets: ('[', ']') } && row.Items.Length == inside.Items[0].Items.Length))
        {
            return Node.Of(NodeKind.Matrix, [.. inside.Items.Select(static row => Node.Tuple('(', ')', row.Items))]); // [[1, 2], [3, 4]]
        }

        return Node.Tuple(open is '[' ? '[' : '(', close is ']' ? ']' : ')', inside.Items);
    }

    /// <summary>Whether a square bracket that opens here closes an interval instead, as in <c>]a,b[</c>: nothing that it could hold follows.</summary>
    private bool AtOpenEnd()
    {
        if (_bracketDepth == 0)
        {
            return false;
        }

        var rest = text.AsSpan(_position + 1).TrimStart(' ');
        return rest is [] or ['∪' or '∩' or '∖' or ',' or ';' or '.' or ')' or '}' or TextCleaner.CloseBrace or TextCleaner.WideSpace or '=', ..]
            || rest.StartsWith("or ", StringComparison.Ordinal) || rest.StartsWith("and ", StringComparison.Ordinal) || rest.StartsWith("\\text{", StringComparison.Ordinal);
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
