namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    private Node ParsePrimary()
    {
        SkipSpaces();
        char character = Current;
        if (char.IsAsciiDigit(character) || (character == '.' && char.IsAsciiDigit(At(1))))
        {
            return ParseNumber();
        }

        if (char.IsAsciiLetter(character))
        {
            return ParseName();
        }

        switch (character)
        {
            case '(' or '[' or '⟨' or TextCleaner.OpenBrace or '{' or '|' or '‖' or '⌊' or '⌈' or ']':
                return ParseBracketed();
            case '\\':
                return ParseCommand();
            case 'π':
                _position++;
                return Node.Constant("pi");
            case '∞':
                _position++;
                return Node.Constant("infinity");
            case '∅':
                _position++;
                return Node.Constant("empty-set");
            case 'ℝ':
                _position++;
                return Node.Constant("reals");
            case '√':
                _position++;
                return Node.Of(NodeKind.Root, ParsePrimary(), Node.Number(2));
            case '$':
                _position++;
                return Node.Quantity(ParseSignedFactor(), Unit.Dollar);
            case '≈':
                _position++;
                return ParseSum();
            case '"':
                return ParseQuoted();
            default:
                throw Unreadable();
        }
    }

    private Node ParseName()
    {
        if (TryBaseNumeral() is { } numeral)
        {
            return numeral;
        }

        int end = _position;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        var run = text.AsSpan(_position, end - _position);
        if (run.Length == 1)
        {
            return ParseLetter();
        }

        if (FunctionNames.FunctionsBySpan.TryGetValue(run, out string? function))
        {
            _position = end;
            return ParseCall(function);
        }

        if (FunctionNames.Constants.TryGetValue(run.ToString(), out string? constant))
        {
            _position = end;
            return Node.Constant(constant);
        }

        if (AtWord())
        {
            return ParseWords();
        }

        foreach (string prefix in FunctionNames.Prefixes)
        {
            if (run.StartsWith(prefix, StringComparison.Ordinal))
            {
                _position += prefix.Length;
                return prefix == "pi" ? Node.Constant("pi") : ParseCall(FunctionNames.Functions[prefix]);
            }
        }

        if (run.ContainsAnyExceptInRange('A', 'Z'))
        {
            return ParseLetter();
        }

        _position = end;
        return Subscripted(run.ToString());
    }

    private Node ParseLetter()
    {
        string name = text[_position++].ToString();
        return name switch
        {
            "i" when Current != '_' => Node.Constant("i"),
            "e" when Current != '_' => Node.Constant("e"),
            "m" when Current == '\\' && CommandName(_position) is "angle" or "measuredangle" => ParseCommand(),
            "f" or "g" when Current == '(' => Node.Of(NodeKind.Call, name, Arguments()),
            _ when DefinedFunction() is var length and > 0 => Node.Symbol(name + Take(length)),
            _ => Subscripted(name),
        };
    }

    /// <summary>The length of the rest of a function's name and argument where they are being defined: <c>P(x) =</c>, <c>f^{-1}(x) =</c>.</summary>
    private int DefinedFunction()
    {
        int end = _position;
        foreach (string inverse in (ReadOnlySpan<string>)["^{-1}", "^-1"])
        {
            end = text.AsSpan(end).StartsWith(inverse, StringComparison.Ordinal) ? end + inverse.Length : end;
        }

        bool argument = end + 2 < text.Length && text[end] == '(' && char.IsAsciiLetterOrDigit(text[end + 1]) && text[end + 2] == ')';
        int equals = end + 3;
        while (equals < text.Length && text[equals] == ' ')
        {
            equals++;
        }

        return argument && equals < text.Length && text[equals] == '=' ? end + 3 - _position : 0;
    }

    private string Take(int length)
    {
        _position += length;
        return text.Substring(_position - length, length);
    }

    private Node Subscripted(string name)
    {
        while (Current is '_' or '\'')
        {
            if (text[_position++] == '\'')
            {
                name += "'";
                continue;
            }

            SkipSpaces();
            int start = _position;
            ParseScript();
            string script = string.Concat(text[start.._position].Where(static c => c is not ('{' or '}' or ' ' or '\\')));
            name += "_" + (script.StartsWith("text", StringComparison.Ordinal) ? script[4..] : script);
        }

        return Node.Symbol(name);
    }

    private bool StartsFactorCommand()
    {
        string name = CommandName(_position);
        return name is "frac" or "sqrt" or "binom" or "overline" or "mathbf" or "boldsymbol" or "bm" or "vec" or "hat" or "boxed" or "fbox"
            or "begin" or "exp" or "angle" or "triangle" || FunctionNames.Functions.ContainsKey(name) || FunctionNames.Greek.Contains(name)
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
        int start = _position;
        _position += 1 + name.Length;
        switch (name)
        {
            case "frac":
                return Node.Of(NodeKind.Quotient, ParseArgument(), ParseArgument());
            case "sqrt":
                return ParseRoot();
            case "binom":
                return Node.Call("binom", ParseArgument(), ParseArgument());
            case "text":
                _position = start;
                return ParseTextCommand();
            case "begin":
                return ParseEnvironment();
            case "mathbf" or "boldsymbol" or "bm" or "boxed" or "fbox" or "mathit" or "mathcal" or "vec" or "hat" or "underline" or "bar"
                or "widehat" or "overrightarrow" or "tilde":
                return ParseArgument();
            case "overline" or "triangle" or "angle" or "measuredangle" or "widetilde":
                SkipSpaces();
                return char.IsAsciiLetterUpper(Current) ? ParseName() : Node.Of(NodeKind.Call, name, ParseArgument());
            case "mathbb":
                var field = ParseArgument();
                return field is { Kind: NodeKind.Symbol, Name: "R" } ? Node.Constant("reals") : Node.Symbol("mathbb-" + field.Label);
            default:
                return FunctionNames.Functions.TryGetValue(name, out string? function) ? ParseCall(function)
                    : FunctionNames.Greek.Contains(name) ? Subscripted(name)
                    : throw Unreadable();
        }
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

    /// <summary>A function with its power, base and argument.</summary>
    private Node ParseCall(string function)
    {
        if (function == "sqrt" || function == "cbrt")
        {
            return Node.Of(NodeKind.Root, ParseCallArgument()[0], Node.Number(function == "sqrt" ? 2 : 3));
        }

        Node? power = null;
        Node? radix = null;
        SkipSpaces();
        while (Current is '^' or '_')
        {
            bool above = text[_position++] == '^';
            var script = ParseScript();
            (power, radix) = above ? (script, radix) : (power, script);
            SkipSpaces();
        }

        bool inverse = power is { Kind: NodeKind.Negation } && power.Items[0] is { Kind: NodeKind.Number } one && one.Value.IsOne
            && function is "sin" or "cos" or "tan" or "cot" or "sec" or "csc";
        var arguments = ParseCallArgument();
        var call = Node.Of(NodeKind.Call, inverse ? "arc" + function : function, radix is null ? arguments : [.. arguments, radix]);
        return power is null || inverse ? call : Node.Of(NodeKind.Power, call, power);
    }

    private Node[] ParseCallArgument()
    {
        SkipSpaces();
        if (Current is '(' or '{' or '|')
        {
            return Arguments();
        }

        Enter();
        SkipSpaces();
        bool negative = Current == '-';
        _position += negative ? 1 : 0;
        var argument = ParsePower();
        while (true)
        {
            SkipSpaces();
            if (Current == '/' && char.IsAsciiDigit(At(1)))
            {
                _position++;
                argument = Node.Of(NodeKind.Quotient, argument, ParsePower());
                break;
            }

            bool bracket = Current is '(' or '[' or '|';
            if (bracket || AtFunction() || !StartsFactor(argument))
            {
                break;
            }

            argument = Multiply(argument, ParsePower());
        }

        _depth--;
        return [negative ? Node.Of(NodeKind.Negation, argument) : argument];
    }

    private Node[] Arguments()
    {
        var node = ParseBracketed();
        return node.Kind is NodeKind.Tuple or NodeKind.List ? node.Items : [node];
    }

    private bool AtFunction()
    {
        if (Current == '\\')
        {
            return FunctionNames.Functions.ContainsKey(CommandName(_position)) && CommandName(_position) != "sqrt";
        }

        int end = _position;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return FunctionNames.FunctionsBySpan.ContainsKey(text.AsSpan(_position, end - _position));
    }
}
