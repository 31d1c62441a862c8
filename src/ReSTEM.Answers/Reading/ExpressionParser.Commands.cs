namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    private bool StartsFactorCommand()
    {
        string name = CommandName(_position);
        return name is "frac" or "sqrt" or "binom" or "overline" or "mathbf" or "boldsymbol" or "bm" or "vec" or "hat" or "boxed" or "fbox"
            or "begin" or "exp" or "angle" or "triangle" or "bar" or "tilde" or "widehat" or "mathcal" or "mathit" or "overrightarrow" or "sum"
            or "prod" or "int" or "lim" || FunctionNames.Functions.ContainsKey(name) || FunctionNames.Greek.Contains(name)
            || (name == "text" && IsMathText());
    }

    /// <summary>Upright letters that are a function or a constant, not words.</summary>
    private bool IsMathText() => PeekBraces(_position + 5)?.Trim() is { } content
        && (content is "i" or "e" or "d" || (content is not ("min" or "max" or "sec") && FunctionNames.Functions.ContainsKey(content)));

    private string CommandName(int position)
    {
        int end = position + 1;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return text[Math.Min(position + 1, text.Length)..end];
    }

    private Node ParseCommand()
    {
        string name = CommandName(_position);
        return ReadCommand(name, _position + 1 + name.Length);
    }

    private Node ReadCommand(string name, int end)
    {
        _position = end;
        switch (name)
        {
            case "frac":
                return Node.Of(NodeKind.Quotient, ParseArgument(), ParseArgument());
            case "sqrt":
                return ParseRoot();
            case "binom":
                return Node.Call("binom", ParseArgument(), ParseArgument());
            case "text":
                return ParseTextCommand();
            case "begin":
                return ParseEnvironment();
            case "sum" or "prod":
                return ParseSeries(name);
            case "int":
                return ParseIntegral();
            case "lim":
                return ParseLimit();
            case "textcircled":
                return ParseCircled();
            case "mathbf" or "boldsymbol" or "bm" or "vec" or "overrightarrow" or "hat" or "widehat":
                return Accented(name, ParseArgument());
            case "bar" or "tilde" or "dot" or "ddot" or "check" or "breve" or "mathring":
                return Accented(name, ParseArgument());
            case "boxed" or "fbox" or "mathit" or "mathcal" or "underline" or "mathscr" or "mathfrak" or "ensuremath":
                return ParseArgument();
            case "overline" or "triangle" or "angle" or "measuredangle" or "widetilde":
                SkipSpaces();
                return char.IsAsciiLetterUpper(Current) ? ParseName() : Accented(name, ParseArgument());
            case "mathbb":
                var field = ParseArgument();
                return field is { Kind: NodeKind.Symbol, Name: "R" } ? Node.Constant("reals") : Node.Symbol("mathbb-" + field.Label);
            case "Gamma" when text.AsSpan(_position).TrimStart() is ['(', ..]:
                return ParseCall("gamma");
            case "Delta" when DifferenceOf() is { } of:
                return Subscripted("Delta-" + of);
            default:
                return FunctionNames.Functions.TryGetValue(name, out string? function) ? ParseCall(function)
                    : FunctionNames.Greek.Contains(name) ? (DefinedFunction() is var rest and > 0 ? Node.Symbol(name + Take(rest)) : Subscripted(name))
                    : throw Unreadable();
        }
    }

    /// <summary>
    /// Bold and arrows change no name, but for the unit vectors i, j, k; bars, hats and the like make another name. What is no single
    /// letter keeps its mark as a call.
    /// </summary>
    private Node Accented(string name, Node node)
    {
        bool bold = name is "mathbf" or "boldsymbol" or "bm" or "vec" or "overrightarrow" or "hat" or "widehat";
        if (bold && node is { Kind: NodeKind.Symbol or NodeKind.Constant, Name: "i" or "j" or "k" or "vec-i" or "vec-j" or "vec-k" })
        {
            return Node.Symbol("vec-" + node.Name[^1]);
        }

        bool changes = name is not ("mathbf" or "boldsymbol" or "bm" or "vec" or "overrightarrow");
        bool marked = node.Is(NodeKind.Symbol) && (name is not ("overline" or "angle" or "triangle" or "measuredangle" or "widetilde") || (name == "overline" && node.Name.Length == 1 && char.IsAsciiLetterLower(node.Name[0])));
        return !changes ? Scripted(node) : marked ? Subscripted(node.Name + "-" + (name is "overline" ? "bar" : name is "widehat" ? "hat" : name))
            : name is "hat" or "widehat" or "bar" or "tilde" or "dot" or "ddot" or "check" or "breve" or "mathring" ? Node.Call("accent-" + name, node)
            : Node.Of(NodeKind.Call, name, node);
    }

    /// <summary>A letter with the low script that follows its accent: \vec{v}_1.</summary>
    private Node Scripted(Node node) => node.Is(NodeKind.Symbol) && Current == '_' ? Subscripted(node.Name) : node;

    /// <summary>Numbers in circles one after the other, as statements are numbered: the list of them.</summary>
    private Node ParseCircled()
    {
        var items = new List<Node> { ParseArgumentOrGroup() };
        while (text.AsSpan(_position).StartsWith("\\textcircled", StringComparison.Ordinal))
        {
            _position += 12;
            items.Add(ParseArgumentOrGroup());
        }

        return items.Count == 1 ? items[0] : Node.Of(NodeKind.List, [.. items]);
    }

    private Node ParseArgumentOrGroup()
    {
        string content = ReadBraces();
        return ReadPart(content);
    }

    /// <summary>The letter whose difference a Delta before it means; null when another thing follows.</summary>
    private string? DifferenceOf()
    {
        int start = _position;
        SkipSpaces();
        if (char.IsAsciiLetter(Current) && !char.IsAsciiLetter(At(1)))
        {
            return Take(1);
        }

        string greek = Current == '\\' ? CommandName(_position) : "";
        if (greek.Length > 0 && FunctionNames.Greek.Contains(greek))
        {
            _position += 1 + greek.Length;
            return greek;
        }

        _position = start;
        return null;
    }

    private Node ParseRoot()
    {
        SkipSpaces();
        var degree = Node.Number(2);
        if (Current == '[')
        {
            _position++;
            degree = ParseSum();
            Expect(']');
        }

        return Node.Of(NodeKind.Root, ParseArgument(), degree);
    }

    /// <summary>The argument of a macro: a group, or the single digit, letter or command that follows.</summary>
    private Node ParseArgument()
    {
        SkipSpaces();
        Enter();
        Node node;
        if (char.IsAsciiDigit(Current))
        {
            node = Node.Number(text[_position++] - '0');
        }
        else if (char.IsAsciiLetter(Current))
        {
            node = ParseLetterOnly();
        }
        else
        {
            node = ParsePrimary();
        }

        _depth--;
        return node;
    }

    private Node ParseLetterOnly()
    {
        string name = text[_position++].ToString();
        return name is "i" or "e" ? Node.Constant(name) : Node.Symbol(name);
    }

    private Node ParseTextCommand()
    {
        SkipSpaces();
        if (Current != '{')
        {
            return ParseArgument();
        }

        string content = ReadBraces();
        if (TryLettersCall(content.Trim()) is { } chosen)
        {
            return chosen;
        }

        if (Current == '_' && content.Trim() is { Length: > 0 } digits && digits.All(char.IsAsciiLetterOrDigit))
        {
            if (digits.Any(char.IsAsciiDigit) || digits.Length > 1)
            {
                int script = _position++;
                if (BaseNumeral(digits) is { } numeral)
                {
                    return numeral;
                }

                _position = script;
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
