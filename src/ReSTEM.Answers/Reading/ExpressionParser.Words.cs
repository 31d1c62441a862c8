namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>A sum, and what may stand around it: a ratio, a modulus, units, words before, after and between values.</summary>
    private Node ParseMeasured()
    {
        int start = _position;
        var node = MayBeQuantity(ParseSum(), start);
        while (true)
        {
            SkipSpaces();
            if (Current == ':' && At(1) != '=' && _braceDepth == 0)
            {
                _position++;
                var next = ParseSum();
                node = Joined(NodeKind.Ratio, node, next);
            }
            else if (node.Is(NodeKind.Number) && text.AsSpan(_position).StartsWith("to ", StringComparison.Ordinal))
            {
                _position += 3;
                node = Node.Of(NodeKind.Ratio, node, ParseSum());
            }
            else if (node.Is(NodeKind.Text) && StartsValue())
            {
                Wrap();
                node = WordsAndValue(node.Name);
            }
            else if (!_isCongruence && node.Kind < NodeKind.Quantity && TryRemainder() is { } modulus)
            {
                Wrap();
                node = Remainder(node, modulus);
            }
            else if (TryUnit(node) is { } quantity)
            {
                SkipSpaces();
                node = char.IsAsciiDigit(Current) && quantity.Unit.IsKnown ? Compound(quantity, ParseMeasured()) : quantity;
            }
            else if (TryRemark(node) is { } remarked)
            {
                node = remarked;
            }
            else if (TryWords(node) is { } words)
            {
                Wrap();
                node = WithWords(node, words);
            }
            else
            {
                return node;
            }
        }
    }

    /// <summary>The modulus of a remainder, as in 17 mod 5; the modulus of a congruence is left for the relation.</summary>
    private Node? TryRemainder()
    {
        int start = _position;
        if (TryModulus() is { IsRemainder: true } modulus)
        {
            return modulus.Modulus;
        }

        _position = start;
        return null;
    }

    /// <summary>Words that stand after a value; null when none do.</summary>
    private string? TryWords(Node node)
    {
        if (Current == '\\' && CommandName(_position) == "text" && !IsSeparatorText() && PeekBraces(_position + 5) is not null)
        {
            _position += 5;
            return ReadBraces() + UnitPower();
        }

        if (node.Kind is NodeKind.Time or NodeKind.Number && HalfOfDay() is var length and > 0)
        {
            return Take(length);
        }

        if (char.IsAsciiLetter(Current) && AtWord() && !AtConjunction())
        {
            return ReadPhrase(node.Is(NodeKind.Text));
        }

        if (text.AsSpan(_position).StartsWith("o'clock", StringComparison.Ordinal))
        {
            return Take(7);
        }

        if (Current == '(' && !text.AsSpan(_position).StartsWith("(mod", StringComparison.Ordinal) && node.Kind is NodeKind.BaseNumeral or NodeKind.Quantity or NodeKind.Number && AtParenthesisedWords())
        {
            _position++;
            string words = ReadPhrase(true);
            Expect(')');
            return words;
        }

        return null;
    }

    private Node WithWords(Node node, string words)
    {
        if (Phrasing.IsBetween(words) && StartsValue() && !node.Is(NodeKind.Text))
        {
            var right = ParseSum();
            bool odds = words.Trim() == "in" && node is { Kind: NodeKind.Number, Value.IsInteger: true } && right is { Kind: NodeKind.Number, Value.IsInteger: true };
            return odds ? Node.Of(NodeKind.Quotient, node, right)
                : Phrasing.Between(node, words, right) ?? Phrasing.Phrase($"_ {TextAnswers.Normalise(words)} _", node, right);
        }

        if (node.Is(NodeKind.Phrase) && StartsValue())
        {
            return Phrasing.Phrase($"{node.Name} {TextAnswers.Normalise(words)} _", [.. node.Items, ParseSum()]);
        }

        if (char.IsAsciiDigit(Current) && words.Trim(' ', '(') is "base" or "in base")
        {
            words += " " + ReadDigits();
        }

        if (words.TrimStart() is ['f', 'o', 'r', ' ', ..] && IsForAll(words))
        {
            SkipToSeparator(); // the value holds for all of a variable, which changes nothing
            return node;
        }

        return Approximated(node, words) ?? Measures.Of(node, words);
    }

    /// <summary>Words that were read, and the value that follows them.</summary>
    private Node WordsAndValue(string words)
    {
        if (words is "between" or "strictly between")
        {
            var low = ParseSum();
            string separator = "";
            if (TrySeparator(ref separator))
            {
                return Node.Relation(["<", "<"], low, Node.Symbol("x"), ParseSum());
            }

            throw Unreadable();
        }

        if (words is "all real numbers except" or "all reals except" or "all real numbers but" or "all real numbers except for" or "reals except"
            or "all real numbers other than" or "all real except" or "all real x except" or "all real values except" or "all real numbers not equal to")
        {
            var excluded = ParseList();
            return Node.Of(NodeKind.Difference, Node.Constant("reals"), Node.Of(NodeKind.Set, excluded.Is(NodeKind.List) ? excluded.Items : [excluded]));
        }

        var value = ParseSum();
        return value.Is(NodeKind.Number) && DateReading.Read($"{words} {value.Value}{YearAt()}") is { } date ? date : Phrasing.Before(words, value);
    }

    /// <summary>A comma and a year behind the day of a month; nothing where there are none.</summary>
    private string YearAt()
    {
        int at = _position + 1;
        while (Current == ',' && at < text.Length && text[at] == ' ')
        {
            at++;
        }

        bool year = Current == ',' && at + 4 <= text.Length && text.AsSpan(at, 4).ContainsAnyExceptInRange('0', '9') is false
            && (at + 4 == text.Length || !char.IsAsciiLetterOrDigit(text[at + 4]));
        return year ? Take(at + 4 - _position) : "";
    }

    /// <summary>A remark in brackets that is all words: (about 18.9 cards).</summary>
    private Node? Approximated(Node node, string words)
    {
        string inside = words.Trim() is ['(', .., ')'] remark ? remark[1..^1] : "";
        int digit = inside.AsSpan().IndexOfAnyInRange('0', '9');
        return digit > 0 && IsApproximately(inside[..digit].TrimEnd('$', '.', '-', ' ')) && Normaliser.IsScalar(node)
            && TextAnswers.Read(inside[digit..], budget) is var value && Normaliser.IsScalar(value) ? Node.Relation(["≈"], node, value) : null;
    }

    private static bool IsForAll(string words)
    {
        string normal = TextAnswers.Normalise(words);
        return normal.StartsWith("for all ", StringComparison.Ordinal) || normal.StartsWith("for any ", StringComparison.Ordinal)
            || normal.StartsWith("for every ", StringComparison.Ordinal) || normal.StartsWith("for each ", StringComparison.Ordinal)
            || normal is "for all" or "for any" or "for every" or "for each" or "for some constant";
    }

    /// <summary>Skips a name and the set that it is of: <c>x</c>, <c>x in R</c>, <c>c, real</c>.</summary>
    private void SkipToSeparator()
    {
        SkipSpaces();
        if (StartsValue())
        {
            var name = ParseSet();
            if (TryRelation() is { } sign)
            {
                bool inReals = sign == "∈" && ParseSet().IsConstant("reals");
                if (!inReals)
                {
                    throw Unreadable(); // a condition, which may change the value
                }
            }

            if (name.Kind is not (NodeKind.Symbol or NodeKind.Constant))
            {
                throw Unreadable();
            }
        }
    }

    /// <summary>Whether a value starts here, as opposed to a sign, a separator or more words.</summary>
    private bool StartsValue()
    {
        SkipSpaces();
        return StartsFactor(Node.Symbol("")) || char.IsAsciiDigit(Current) || Current is '-' or '±' || IsCurrencySign(Current);
    }

    /// <summary>A remark in brackets after a value: an approximation of it, which has to be one.</summary>
    private Node? TryRemark(Node node)
    {
        int start = _position;
        if (Current != '(' || !Normaliser.IsScalar(node))
        {
            return null;
        }

        _position++;
        SkipSpaces();
        bool sign = Current is '≈' or '=';
        if (!sign && !(Current == '\\' && CommandName(_position) == "text" && PeekBraces(_position + 5) is { } words && IsApproximately(words)))
        {
            _position = start;
            return null;
        }

        _position += sign ? 1 : 0;
        var value = ParseMeasured();
        Expect(')');
        return Node.Relation(["≈"], node, value);
    }

    private static bool IsApproximately(string words) =>
        TextAnswers.Normalise(words) is "about" or "approximately" or "approx" or "roughly" or "around" or "or" or "or about" or "or approximately" or "ie" or "i e";

    private bool AtParenthesisedWords()
    {
        _position++;
        bool found = char.IsAsciiLetter(Current) && AtWord();
        _position--;
        return found;
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
        return power.Is(NodeKind.Number) ? "^" + power.Value
            : power is { Kind: NodeKind.Negation, Items: [{ Kind: NodeKind.Number } positive] } ? "^-" + positive.Value : "";
    }

    /// <summary>Whether a run of letters starts here that is a word rather than a product of variables.</summary>
    private bool AtWord()
    {
        int end = _position;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        var run = text.AsSpan(_position, end - _position);
        if (run.Length < 2 || (end < text.Length && text[end] == '_') || FunctionNames.FunctionsBySpan.ContainsKey(run))
        {
            return false;
        }

        if (run is "pi" or "infinity" or "inf" or "oo" or "and" or "or")
        {
            return run is "and" or "or" && end < text.Length && text[end] == ' ';
        }

        if (run is "up" or "in" or "on" or "over" && end + 1 < text.Length && text[end] == ' ' && (run is "over" || char.IsAsciiLetter(text[end + 1]) || (run is "in" && char.IsAsciiDigit(text[end + 1]))))
        {
            return true;
        }

        bool upper = !run.ContainsAnyExceptInRange('A', 'Z');
        if (run.Length >= 4 && !upper)
        {
            foreach (string prefix in FunctionNames.Prefixes)
            {
                if (run.StartsWith(prefix, StringComparison.Ordinal) && run.Length - prefix.Length <= (prefix == "pi" ? 1 : 2)
                    && !UnitTable.IsKnown(run.ToString()))
                {
                    return false;
                }
            }

            return true;
        }

        return UnitTable.IsKnown(run.ToString()) || TextAnswers.IsShortWord(run);
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

        budget.Spend((end - _position) / 4);

        // A number in words may hold "and", which otherwise separates items.
        if (NumberWords.TryRead(text[_position..end]) is { } number)
        {
            _position = end;
            return new Node { Kind = NodeKind.Number, Value = number };
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
}
