namespace ReSTEM.Answers;

/// <summary>
/// Reads cleaned text, LaTeX and plain alike, by recursive descent straight on the characters. This file: lists,
/// relations, sets, sums, products, powers. Others: numbers, names, commands, brackets, words, units, operators over an
/// index, systems of lines, and the text of Python and SymPy.
/// </summary>
/// <param name="text">Cleaned text.</param>
/// <param name="budget">Pays for the reading.</param>
/// <param name="isCode">Whether E and I are constants, as in SymPy's output.</param>
internal sealed partial class ExpressionParser(string text, Budget budget, bool isCode = false)
{
    private int _position;
    private int _depth;
    private int _bracketDepth;
    private int _barDepth;
    private int _braceDepth;
    private bool _isCongruence;
    private int _wraps;

    /// <summary>Reads the whole text as one answer.</summary>
    /// <exception cref="UnreadableException">It is not an expression that this reader knows.</exception>
    /// <exception cref="LimitExceededException">It is nested too deep or too long for the budget.</exception>
    internal Node ParseAll()
    {
        var node = ParseList();
        SkipSpaces();
        while (_position < text.Length && text[_position] is '.' or ',' or ';' or ' ' or '!' or '?' or TextCleaner.RowBreak or TextCleaner.WideSpace)
        {
            _position++;
        }

        return _position == text.Length ? node : throw Unreadable();
    }

    private char Current => _position < text.Length ? text[_position] : '\0';

    private Node ParseList()
    {
        Enter();
        var first = ParseRelation();
        List<Node>? items = null;
        string separator = ",";
        bool tight = true;
        while (TrySeparator(ref separator))
        {
            items ??= [first];
            tight &= text[_position - 1] == ',';
            items.Add(ParseRelation());
        }

        _depth--;
        if (items is [var large, var small] && separator is "and" or "," && Joined(large, small) is { } joined)
        {
            return joined; // 5 dollars and 20 cents
        }

        return items is null ? first : Node.Of(NodeKind.List, separator, Sequences.Expanded(tight ? Sequences.Ungrouped(items) : items, budget));
    }

    private Node ParseRelation()
    {
        var first = ParseSet();
        List<Node>? items = null;
        List<string> operators = [];
        bool congruent = false;
        while (TryRelation() is { } relation)
        {
            items ??= [first];
            _isCongruence = congruent |= relation == "≡";
            operators.Add(relation == "≡" ? "=" : relation);
            items.Add(ParseSet());
            _isCongruence = false;
        }

        if (TryModulus() is { } modulus)
        {
            return items is null ? Node.Relation(["≡"], Node.Symbol(""), first, modulus.Modulus)
                : items.Count == 2 && operators[0] == "=" ? Node.Relation(["≡"], items[0], items[1], modulus.Modulus)
                : throw Unreadable();
        }

        // A(1,2) is the point A at (1,2).
        return items is not null ? Node.Relation([.. operators], [.. items])
            : first is { Kind: NodeKind.Product, Items: [{ Kind: NodeKind.Symbol } name, { Kind: NodeKind.Tuple, Brackets: ('(', ')') } place] } && char.IsAsciiLetterUpper(name.Name[0])
                ? Node.Relation(["="], name, place) : first;
    }

    private string? TryRelation()
    {
        SkipSpaces();
        char sign = Current;
        if (sign is '=' or '<' or '>' or '≤' or '≥' or '≠' or '≈' or '∈' or '≡')
        {
            _position++;
            if (sign == '=' && Current == '=')
            {
                _position++;
            }

            return sign.ToString();
        }

        return null;
    }

    private Node ParseSet()
    {
        var left = ParseMeasured();
        while (true)
        {
            SkipSpaces();
            var kind = Current switch
            {
                '∪' => NodeKind.Union,
                '∩' => NodeKind.Intersection,
                '∖' => NodeKind.Difference,
                'U' or 'u' when IsPlainUnion(left) => NodeKind.Union,
                _ => NodeKind.Number,
            };
            if (kind == NodeKind.Number)
            {
                return left;
            }

            _position++;
            left = Node.Of(kind, left, ParseMeasured());
        }
    }

    /// <summary>A U between sets, as models write unions in plain text.</summary>
    private bool IsPlainUnion(Node left)
    {
        if (Current is not ('U' or 'u') || !(IsSetLike(left) || left.Kind is NodeKind.Union or NodeKind.Relation))
        {
            return false;
        }

        int before = _position - 1;
        int after = _position + 1;
        while (before >= 0 && text[before] == ' ')
        {
            before--;
        }

        while (after < text.Length && text[after] == ' ')
        {
            after++;
        }

        return before >= 0 && text[before] is ')' or ']' or '}' or TextCleaner.CloseBrace
            && after < text.Length && text[after] is '(' or '[' or '{' or TextCleaner.OpenBrace;
    }

    private Node ParseSum()
    {
        List<Node>? items = null;
        var first = ParseProduct();
        while (true)
        {
            SkipSpaces();
            char sign = Current;
            if (sign is not ('+' or '-' or '±' or '∓'))
            {
                break;
            }

            _position++;
            if (sign == '+' && Current == '-')
            {
                sign = '±'; // "+-" in plain text is the sign; "+ -3" with a blank is a sum
                _position++;
            }

            var term = ParseProduct();
            items ??= [first];
            items.Add(Signed(sign, term));
        }

        var sum = items is null ? first : Node.Of(NodeKind.Sum, [.. items]);
        if (Current == '\\' && CommandName(_position) is "choose" or "over")
        {
            bool chooses = CommandName(_position) == "choose";
            _position += chooses ? 7 : 5;
            Enter();
            var below = ParseSum();
            _depth--;
            return chooses ? Node.Call("binom", sum, below) : Node.Of(NodeKind.Quotient, sum, below);
        }

        return sum;
    }

    private static Node Signed(char sign, Node node) => sign switch
    {
        '-' => Node.Of(NodeKind.Negation, node),
        '±' => Node.Of(NodeKind.PlusMinus, "+-", node),
        '∓' => Node.Of(NodeKind.PlusMinus, "-+", node),
        _ => node,
    };

    private Node ParseProduct()
    {
        Enter();
        SkipSpaces();
        Node result;
        if (Current is '-' or '+' or '±' or '∓')
        {
            char sign = text[_position++];
            result = Signed(sign, ParseProduct());
            _depth--;
            return result;
        }

        result = ParsePower();
        while (true)
        {
            SkipSpaces();
            char sign = Current;
            if (sign == '*')
            {
                _position++;
                result = Multiply(result, ParseSignedFactor());
            }
            else if (sign == '/')
            {
                _position++;
                result = Divide(result, ParseSignedFactor());
            }
            else if (StartsFactor(result))
            {
                result = Multiply(result, ParsePower());
            }
            else
            {
                _depth--;
                return result;
            }
        }
    }

    /// <summary>a/b; a degree or percent sign after b is meant for the whole fraction.</summary>
    private static Node Divide(Node left, Node right) => right.Kind is NodeKind.Degree or NodeKind.Percent
        ? Node.Of(right.Kind, Node.Of(NodeKind.Quotient, left, right.Items[0]))
        : Node.Of(NodeKind.Quotient, left, right);

    private Node Multiply(Node left, Node right) => Joined(NodeKind.Product, left, right);

    /// <summary>One more item; paid for, since each copies those before it.</summary>
    private Node Joined(NodeKind kind, Node left, Node right)
    {
        budget.Spend(left.Items.Length / 16);
        return left.Is(kind) ? Node.Of(kind, [.. left.Items, right]) : Node.Of(kind, left, right);
    }

    private Node ParseSignedFactor()
    {
        SkipSpaces();
        if (Current is '-' or '+')
        {
            char sign = text[_position++];
            Enter();
            var factor = Signed(sign, ParseSignedFactor());
            _depth--;
            return factor;
        }

        return ParsePower();
    }

    /// <summary>Whether the next characters are a factor that is multiplied without a sign.</summary>
    private bool StartsFactor(Node left)
    {
        char character = Current;
        if (left.Kind is NodeKind.Text or NodeKind.Phrase)
        {
            return false; // a value after words is no factor
        }

        if (char.IsAsciiDigit(character) || (character == '.' && char.IsAsciiDigit(At(1))))
        {
            return !left.Is(NodeKind.Number) && !left.Is(NodeKind.BaseNumeral) && !left.Is(NodeKind.Text);
        }

        return character switch
        {
            '[' when AtOpenEnd() => false,
            '(' or '[' => !IsSetLike(left) && !AtRemark(),
            'π' or '√' or '∛' or '∜' or '⌊' or '⌈' or '∞' => true,
            '{' => At(1) != '}',
            '|' => _barDepth == 0,
            '\\' => StartsFactorCommand() && !AtUnitCommand(left),
            _ => char.IsAsciiLetter(character) && !IsPlainUnion(left) && !AtWord() && !AtConjunction() && !AtPlainUnit(left)
                && !text.AsSpan(_position).StartsWith("o'clock", StringComparison.Ordinal)
                && !(left.Kind is NodeKind.Time or NodeKind.Number && HalfOfDay() > 0),
        };
    }

    private static bool IsSetLike(Node node) => node.Kind is NodeKind.Tuple or NodeKind.Set or NodeKind.Text;

    private Node ParsePower()
    {
        Enter();
        var node = ParsePostfix(ParsePrimary());
        while (true)
        {
            SkipSpaces();
            if (Current != '^')
            {
                _depth--;
                return node;
            }

            if (node is { Kind: NodeKind.Number, Value.IsInteger: true } && TryPlace())
            {
                node = Measures.Ordinal(node);
                continue;
            }

            _position++;
            Wrap();
            var exponent = ParseScript();
            node = ParsePostfix(Node.Of(NodeKind.Power, node, exponent));
        }
    }

    /// <summary>What follows ^: a group, a signed number or a single factor; a power tower goes right to left.</summary>
    private Node ParseScript()
    {
        SkipSpaces();
        Enter();
        Node node;
        if (Current is '-' or '+')
        {
            char sign = text[_position++];
            node = Signed(sign, ParseScript());
        }
        else
        {
            node = ParsePrimary();
            SkipSpaces();
            if (Current == '!')
            {
                node = ParsePostfix(node);
            }

            if (Current == '^')
            {
                _position++;
                node = Node.Of(NodeKind.Power, node, ParseScript());
            }
        }

        _depth--;
        return node;
    }

    private void SkipSpaces()
    {
        while (_position < text.Length && text[_position] == ' ')
        {
            _position++;
        }
    }

    private char At(int offset) => _position + offset < text.Length ? text[_position + offset] : '\0';

    private void Enter()
    {
        budget.Spend(1);
        if (++_depth > Budget.MaxDepth)
        {
            throw new LimitExceededException("depth-limit", $"nesting is deeper than {Budget.MaxDepth}");
        }
    }

    /// <summary>Counts marks and words around values: each puts the value one level deeper.</summary>
    private void Wrap()
    {
        if (++_wraps > Budget.MaxDepth)
        {
            throw new LimitExceededException("depth-limit", $"values stand in more than {Budget.MaxDepth} marks and words");
        }
    }

    private UnreadableException Unreadable() =>
        new($"character {_position + 1} of the answer is '{Current}', expected an expression.");
}
