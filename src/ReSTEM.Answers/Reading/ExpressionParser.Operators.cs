namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>Sum or product over an index: \sum_{k=1}^{n} and the product that follows, up to the next plus or minus.</summary>
    private Node ParseSeries(string name)
    {
        Node? from = null;
        Node? to = null;
        SkipSpaces();
        while (Current is '_' or '^')
        {
            bool below = text[_position++] == '_';
            SkipSpaces();
            var script = PeekBraces(_position) is not null ? ReadPart(ReadBraces()) : ParseScript();
            (from, to) = below ? (script, to) : (from, script);
            SkipSpaces();
        }

        if (from is not { Kind: NodeKind.Relation, Operators: ["="], Items: [{ Kind: NodeKind.Symbol or NodeKind.Constant } index, var first] } || to is null)
        {
            throw Unreadable();
        }

        // The index may be called i or e, which is no constant there.
        string letter = index.Name;
        var body = ParseProduct();
        return Node.Call(name, Renamed(body, letter), Node.Symbol(letter), first, to);
    }

    /// <summary>A limit, \lim_{x \to 0}, and the product that follows, up to the next plus or minus.</summary>
    private Node ParseLimit()
    {
        SkipSpaces();
        if (Current != '_')
        {
            throw Unreadable();
        }

        _position++;
        SkipSpaces();
        string[] sides = ReadBraces().Split(["→", "\\to ", "\\rightarrow "], StringSplitOptions.None);
        if (sides.Length != 2 || ReadPart(sides[0].Trim()) is not { Kind: NodeKind.Symbol } variable)
        {
            throw Unreadable();
        }

        var target = ReadPart(sides[1].Trim());
        return Normaliser.IsScalar(target) ? Node.Call("lim", ParseProduct(), variable, target) : throw Unreadable();
    }

    private Node Renamed(Node node, string letter)
    {
        budget.Spend(1);
        return node.IsConstant(letter) ? Node.Symbol(letter)
            : node.Items.Length == 0 ? node : node.With([.. node.Items.Select(item => Renamed(item, letter))]);
    }

    /// <summary>A definite integral: the integrand ends at the d of its variable.</summary>
    private Node ParseIntegral()
    {
        Node? from = null;
        Node? to = null;
        SkipSpaces();
        while (Current is '_' or '^')
        {
            bool below = text[_position++] == '_';
            SkipSpaces();
            // A group ends at its brace, else one character is a limit: \int_01 is from 0 to 1.
            var limit = Current == '{' ? ReadPart(ReadBraces()) : Current is '-' or '+' or '\\' ? ParseScript() : ParseArgument();
            (from, to) = below ? (limit, to) : (from, limit);
            SkipSpaces();
        }

        if (from is null || to is null)
        {
            throw Unreadable();
        }

        int start = _position;
        var (end, after, variable) = Differential(start);
        string body = text[start..end];
        if (body.Contains("\\frac{d" + variable + "}", StringComparison.Ordinal))
        {
            throw Unreadable();
        }

        _position = after;
        var integrand = body.Trim(' ', '*').Length == 0 ? Node.Number(1) : ReadPart(body.Trim(' ', '*'));
        return Node.Call("integral", integrand, Node.Symbol(variable), from, to);
    }

    /// <summary>Where the d of an integral's variable stands, where it ends, and the variable.</summary>
    private (int End, int After, string Variable) Differential(int start)
    {
        int depth = 0;
        budget.Spend(1 + ((text.Length - start) / 8));
        for (int at = start; at < text.Length; at++)
        {
            depth += text[at] switch { '{' or '(' => 1, '}' or ')' => -1, _ => 0 };
            if (depth < 0)
            {
                break;
            }

            bool upright = text.AsSpan(at).StartsWith("\\text{d}", StringComparison.Ordinal);
            bool free = at == start || !char.IsAsciiLetter(text[at - 1]) || text[at - 1] != '\\';
            if (depth > 0 || !(upright || (text[at] == 'd' && free && !InCommand(at))))
            {
                continue;
            }

            int name = at + (upright ? 8 : 1);
            name += name < text.Length && text[name] == ' ' ? 1 : 0;
            if (name < text.Length && char.IsAsciiLetter(text[name]) && (name + 1 == text.Length || !char.IsAsciiLetter(text[name + 1])))
            {
                budget.Spend(at - start);
                return (at, name + 1, text[name].ToString());
            }

            if (name < text.Length && text[name] == '\\' && FunctionNames.Greek.Contains(CommandName(name)))
            {
                return (at, name + 1 + CommandName(name).Length, CommandName(name));
            }
        }

        throw Unreadable();
    }

    private bool InCommand(int at)
    {
        int start = at;
        while (start > 0 && char.IsAsciiLetter(text[start - 1]))
        {
            start--;
        }

        return start > 0 && text[start - 1] == '\\';
    }

    /// <summary>
    /// The modulus that stands here in one of its forms, \pmod{7}, \bmod 7, \mod 7, (mod 7), mod 7; null when none does.
    /// </summary>
    private (Node Modulus, bool IsRemainder)? TryModulus()
    {
        int start = _position;
        SkipSpaces();
        int brackets = 0;
        while (Current is '(' or ' ')
        {
            brackets += text[_position++] == '(' ? 1 : 0;
        }

        bool isRemainder;
        if (Current == '\\' && CommandName(_position) is "pmod" or "bmod" or "mod" or "pod")
        {
            string name = CommandName(_position);
            _position += 1 + name.Length;
            isRemainder = name != "pmod" && brackets == 0;
        }
        else if (Current == '\\' && CommandName(_position) == "text" && PeekBraces(_position + 5)?.Trim() is "mod" or "modulo")
        {
            _position += 5;
            ReadBraces();
            isRemainder = brackets == 0;
        }
        else if (text.AsSpan(_position).StartsWith("mod ", StringComparison.Ordinal) || text.AsSpan(_position).StartsWith("modulo ", StringComparison.Ordinal))
        {
            _position = text.IndexOf(' ', _position);
            isRemainder = brackets == 0;
        }
        else
        {
            _position = start;
            return null;
        }

        var modulus = isRemainder || brackets > 0 ? ParsePower() : ParseArgumentOrNumber();
        for (; brackets > 0; brackets--)
        {
            Expect(')');
        }

        return (modulus, isRemainder);
    }

    /// <summary>\pmod 12 is modulo 12, not 1 and then 2.</summary>
    private Node ParseArgumentOrNumber()
    {
        SkipSpaces();
        return char.IsAsciiDigit(Current) ? ParseNumber() : ParseArgument();
    }

    /// <summary>Most remainders of one answer: each doubles the tree of the value before it.</summary>
    private const int MaxRemainders = 6;

    private int _remainders;

    /// <summary>a mod m as a - m floor(a / m).</summary>
    private Node Remainder(Node value, Node modulus)
    {
        if (++_remainders > MaxRemainders)
        {
            throw new LimitExceededException("depth-limit", $"there are more than {MaxRemainders} remainders");
        }

        var quotient = Node.Call("floor", Node.Of(NodeKind.Quotient, value, modulus));
        return Node.Of(NodeKind.Sum, value, Node.Of(NodeKind.Negation, Node.Of(NodeKind.Product, modulus, quotient)));
    }

    /// <summary>C(5,2), C_5^2, {}_5C_2, nCr(5,2) and the same with P: combinations and permutations; null for other uses of the letters.</summary>
    private Node? TryLettersCall(string letters)
    {
        int start = _position;
        if (letters is not ("C" or "P" or "A" or "nCr" or "nPr" or "nCk" or "comb" or "perm"))
        {
            return null;
        }

        SkipSpaces();
        if (Current == '(' && letters != "A" && ParseBracketed() is { Kind: NodeKind.Tuple, Brackets: ('(', ')'), Items: [var n, var k] } && (letters.Length > 1 || Chooses(n, k)))
        {
            return Chosen(letters, n, k);
        }

        _position = start;
        if (letters.Length == 1 && Current is '_' or '^')
        {
            bool below = Current == '_';
            _position++;
            var first = ParseSingle();
            SkipSpaces();
            if (first is not null && Current == (below ? '^' : '_'))
            {
                _position++;
                if (ParseSingle() is { } second && Chooses(below ? first : second, below ? second : first, true))
                {
                    return Chosen(letters, below ? first : second, below ? second : first);
                }
            }
        }

        _position = start;
        return null;
    }

    /// <summary>A number or letter as a script, in braces or not; null for anything longer.</summary>
    private Node? ParseSingle()
    {
        SkipSpaces();
        if (PeekBraces(_position) is { } content)
        {
            return content.Trim() is { Length: > 0 and < 6 } inside && inside.All(char.IsAsciiLetterOrDigit) ? ReadPart(ReadBraces()) : null;
        }

        return char.IsAsciiLetterOrDigit(Current) ? ParseArgument() : null;
    }

    private static bool Chooses(Node n, Node k, bool strictly = false) => n.Is(NodeKind.Number) && k.Is(NodeKind.Number)
        ? n.Value.IsInteger && k.Value.IsInteger && k.Value.Sign >= 0 && (strictly ? n.Value > k.Value : n.Value >= k.Value)
        : n.Is(NodeKind.Symbol) && n.Name is "n" or "m" or "N" && k.Kind is NodeKind.Symbol or NodeKind.Number;

    private static Node Chosen(string letters, Node n, Node k) => letters is "C" or "nCr" or "nCk" or "comb"
        ? Node.Call("binom", n, k)
        : Node.Of(NodeKind.Quotient, Node.Call("factorial", n), Node.Call("factorial", Node.Of(NodeKind.Sum, n, Node.Of(NodeKind.Negation, k))));

    /// <summary>n before C or P and k after it, as low scripts or plain digits: {}_5C_2, 5C2; null when it is something else.</summary>
    private Node? TryChoose(Node n)
    {
        int start = _position;
        SkipSpaces();
        bool command = text.AsSpan(_position).StartsWith("\\text{C}", StringComparison.Ordinal) || text.AsSpan(_position).StartsWith("\\text{P}", StringComparison.Ordinal);
        string letter = command ? text.Substring(_position + 6, 1) : Current.ToString();
        if (letter is "C" or "P")
        {
            _position += command ? 8 : 1;
            SkipSpaces();
            _position += Current == '_' ? 1 : 0;
            if ((char.IsAsciiDigit(Current) ? ParseNumber() : ParseSingle()) is { Kind: NodeKind.Number or NodeKind.Symbol } k && (n.Is(NodeKind.Symbol) || Chooses(n, k)))
            {
                return Chosen(letter, n, k);
            }
        }

        _position = start;
        return null;
    }
}
