using System.Text.RegularExpressions;

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
            case '…':
                _position++;
                return Node.Text("…");
            case '∅':
                _position++;
                return Node.Constant("empty-set");
            case 'ℝ':
                _position++;
                return Node.Constant("reals");
            case '√' or '∛' or '∜':
                return ParseRootSign();
            case '$' or '€' or '£' or '¥' or '₹' or '₩' or '₽':
                return ParseMoney();
            case '_' or '^' when TryLowScript() is { } chosen:
                return chosen;
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
        if (TryCode(run, end) is { } code)
        {
            return code;
        }

        if (run is "nCr" or "nPr" or "nCk" or "comb" or "perm")
        {
            _position = end;
            return TryLettersCall(run.ToString()) ?? throw Unreadable();
        }

        if (run is "at" or "At" && end + 1 < text.Length && text[end] == ' ' && TimeReading.Clock(text, end + 1) is not null)
        {
            _position = end + 1;
            return ParseNumber();
        }

        if (run is "a" or "A" or "an" or "An" && AtArticle(end))
        {
            return ParseWords();
        }

        if (run.Length == 1)
        {
            return ParseLetter();
        }

        if (end < text.Length && text[end] == '{' && run is "frac" or "dfrac" or "tfrac" or "boxed" or "binom" or "text" or "fbox" or "mathrm")
        {
            return ReadCommand(run is "dfrac" or "tfrac" ? "frac" : run is "mathrm" ? "text" : run.ToString(), end); // the backslash got lost
        }

        if (end < text.Length && text[end] == '$' && run is "US")
        {
            _position = end;
            return ParseMoney();
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

        if (run.ContainsAnyExceptInRange('A', 'Z') || (end < text.Length && text[end] == '_'))
        {
            return ParseLetter();
        }

        _position = end;
        return Subscripted(run.ToString());
    }

    /// <summary>Whether a letter that ends here is an article before a word.</summary>
    private bool AtArticle(int end)
    {
        int start = _position;
        _position = end + 1;
        bool word = end < text.Length && text[end] == ' ' && char.IsAsciiLetter(Current) && AtWord() && !AtConjunction();
        _position = start;
        return word;
    }

    private Node ParseLetter()
    {
        string name = text[_position++].ToString();
        if (TryLettersCall(name) is { } chosen)
        {
            return chosen;
        }

        return name switch
        {
            "i" when Current != '_' => Node.Constant("i"),
            "e" when Current != '_' => Node.Constant("e"),
            "m" when Current == '\\' && CommandName(_position) is "angle" or "measuredangle" => ParseCommand(),
            "f" or "g" when Current == '(' && DefinedValue() is var length and > 0 => Node.Symbol(name + Take(length)),
            "f" or "g" when Current == '(' => Node.Of(NodeKind.Call, name, Arguments()),
            _ when DefinedFunction() is var rest and > 0 => Node.Symbol(name + Take(rest)),
            _ => Subscripted(name),
        };
    }

    /// <summary>The length of the rest of a function's name and arguments where it is being defined: <c>P(x) =</c>, <c>f^{-1}(x) =</c>, <c>u_n'(x, t) =</c>.</summary>
    private int DefinedFunction()
    {
        var rest = Definition().Match(text, _position);
        return rest.Success ? rest.Length : 0;
    }

    /// <summary>Of f and g, which else are functions of anything, a definition for one value of an expression at the start: <c>f(2x) =</c>, <c>f(g(x)) =</c>.</summary>
    private int DefinedValue()
    {
        var rest = _position == 1 ? DefinitionOfValue().Match(text, _position) : Match.Empty;
        return rest.Success ? rest.Length : 0;
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

            name += "_" + ReadScriptName();
        }

        return Node.Symbol(name);
    }

    /// <summary>A low script as part of a name: its letters and digits, however they are set.</summary>
    private string ReadScriptName()
    {
        SkipSpaces();
        int start = _position;
        if (Current == '{')
        {
            ReadBraces();
        }
        else if (Current == '\\')
        {
            string command = CommandName(_position);
            _position += 1 + command.Length;
            if (command is "text" or "mathbf" or "mathcal")
            {
                ReadBraces();
            }
        }
        else
        {
            while (char.IsAsciiDigit(Current) || (_position == start && char.IsAsciiLetterOrDigit(Current)))
            {
                _position++;
            }
        }

        string script = text[start.._position];
        foreach (string style in (ReadOnlySpan<string>)["\\text", "\\mathbf", "\\mathcal", "\\mathit"])
        {
            script = script.Replace(style, "", StringComparison.Ordinal);
        }

        string name = string.Concat(script.Where(static c => c is not ('{' or '}' or ' ' or '\\')));
        return name.Length > 0 ? name : throw Unreadable();
    }

    /// <summary>{}_5C_2: the low script before C or P.</summary>
    private Node? TryLowScript()
    {
        int start = _position++;
        if (ParseSingle() is { } n && TryChoose(n) is { } chosen)
        {
            return chosen;
        }

        _position = start;
        return null;
    }

    private Node ParseRootSign()
    {
        var degree = Node.Number(text[_position++] switch { '∛' => 3, '∜' => 4, _ => 2 });
        SkipSpaces();
        if (Current == '[')
        {
            _position++;
            degree = ParseSum();
            Expect(']');
        }

        Enter();
        var inside = ParsePower(); // the root of x squared, not the square of the root
        _depth--;
        return Node.Of(NodeKind.Root, inside, degree);
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

    [GeneratedRegex(
        @"\G(?:_(?:[A-Za-z0-9]|\{[A-Za-z0-9]{1,8}\}))?(?:'{1,4}|\^(?:\{-1\}|-1|\{\([1-9n]\)\}))?\([A-Za-z0-9](?:, ?[A-Za-z0-9]){0,3}\)(?= *=(?!=))",
        RegexOptions.CultureInvariant)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\G\((?![A-Za-z0-9]\))[^()=]{0,40}(?:\([^()=]{0,20}\)[^()=]{0,20})?\)(?= *=(?!=))", RegexOptions.CultureInvariant)]
    private static partial Regex DefinitionOfValue();
}
