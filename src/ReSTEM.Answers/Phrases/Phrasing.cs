namespace ReSTEM.Answers;

/// <summary>Puts words and values together: what the words do is done to the value, or the words stay as a phrase that equals no bare value.</summary>
internal static class Phrasing
{
    /// <summary>Most words before a value that are looked up; more are a sentence.</summary>
    private const int MaxWords = 24;

    /// <summary>Words and then a value: what is known of the words, from the last to the first, is applied.</summary>
    internal static Node Before(string words, Node value)
    {
        string[] left = value.Is(NodeKind.Time) && words.Trim() is "at" or "At" ? [] : Words(words);
        if (left.Length > MaxWords)
        {
            return Phrase(string.Join(' ', left) + " _", value);
        }

        while (left.Length > 0)
        {
            if (PartOf(left) is var parts and > 0)
            {
                var factor = new Node { Kind = NodeKind.Number, Value = NumberWords.TryRead(string.Join(' ', left[^parts..^1]))!.Value };
                value = Node.Of(NodeKind.Product, factor, value);
                left = left[..^parts];
                continue;
            }

            if (UnitReader.Read(left[^1]) is { } currency && UnitTable.IsCurrency(currency.Dimension))
            {
                (value, left) = (Node.Quantity(value, currency), left[..^1]);
                continue;
            }

            int known = KnownEnd(left);
            if (known == 0)
            {
                return Phrase(string.Join(' ', left) + " _", value);
            }

            bool names = left[^1] is "is" or "are" or "equals" or "equal" && Normaliser.IsScalar(value);
            value = Applied(PhraseTable.Before[string.Join(' ', left[^known..])], value);
            left = left[..^known];
            if (names && left.Length > 0 && KnownEnd(left) == 0 && Labels.IsName(left))
            {
                return Node.Relation(["="], Node.Text(TextAnswers.Normalise(string.Join(' ', left))), value);
            }

            left = left is [.., "the" or "a" or "an"] ? left[..^1] : left;
        }

        return value;
    }

    /// <summary>Whether all words before a value are known.</summary>
    internal static bool IsKnownBefore(string words) => !Before(words, Node.Number(1)).Is(NodeKind.Phrase);

    /// <summary>A value and then words; null when they are no known phrase that ends the value.</summary>
    internal static Node? After(Node value, string words)
    {
        string[] left = Words(words);
        string all = string.Join(' ', left);
        if (PhraseTable.After.TryGetValue(all, out string? operation))
        {
            return operation == "=" ? value : Applied(operation, value);
        }

        if (left.Length == 0)
        {
            return value;
        }

        if (NumberWords.Multiple(left[0]) is { } many && !value.Is(NodeKind.Text))
        {
            return Rest(Multiplied(value, new Rational(many)), left);
        }

        bool plural = left[0].EndsWith('s') || left[0] == "half";
        return plural && value is { Kind: NodeKind.Number, Value.IsInteger: true } && NumberWords.Part(left[0]) is { } part
            ? Rest(Multiplied(value, part.Inverse), left)
            : null;
    }

    /// <summary>Two values and the words between; null when the words are none that join values.</summary>
    internal static Node? Between(Node left, string words, Node right)
    {
        string all = string.Join(' ', Words(words));
        if (!PhraseTable.Between.TryGetValue(all, out string? operation))
        {
            return all == "of" && left.Kind is NodeKind.Quotient or NodeKind.Percent ? Node.Of(NodeKind.Product, left, right) : null;
        }

        return operation switch
        {
            "quotient" => Node.Of(NodeKind.Quotient, left, right),
            "product" => Node.Of(NodeKind.Product, all == "percent of" ? Node.Of(NodeKind.Percent, left) : left, right),
            "sum" => Node.Of(NodeKind.Sum, left, right),
            "difference" => Node.Of(NodeKind.Sum, left, Node.Of(NodeKind.Negation, right)),
            "reversed" => Node.Of(NodeKind.Sum, right, Node.Of(NodeKind.Negation, left)),
            "power" => Node.Of(NodeKind.Power, left, right),
            "choose" => Node.Call("binom", left, right),
            "ratio" => Node.Of(NodeKind.Ratio, left, right),
            _ => Node.Relation([operation], left, right),
        };
    }

    /// <summary>Whether words may stand between two values.</summary>
    internal static bool IsBetween(string words)
    {
        string all = string.Join(' ', Words(words));
        return all is "of" or "in" || PhraseTable.Between.ContainsKey(all);
    }

    /// <summary>Whether "or" or "and" starts words that belong to the value before, as "or more".</summary>
    internal static bool EndsValue(ReadOnlySpan<char> text)
    {
        int end = 0;
        int blanks = 0;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || (text[end] == ' ' && blanks++ == 0)))
        {
            end++;
        }

        return PhraseTable.After.ContainsKey(text[..end].ToString().Trim());
    }

    /// <summary>A phrase with values in it, at the places of the low lines in its words.</summary>
    internal static Node Phrase(string words, params Node[] values) => Node.Of(NodeKind.Phrase, words, values);

    /// <summary>The value times a number, inside its unit.</summary>
    internal static Node Multiplied(Node value, Rational factor) => value.Kind switch
    {
        NodeKind.Number => new Node { Kind = NodeKind.Number, Value = value.Value * factor },
        NodeKind.Quantity => Node.Quantity(Multiplied(value.Items[0], factor), value.Unit),
        _ => Node.Of(NodeKind.Product, value, new Node { Kind = NodeKind.Number, Value = factor }),
    };

    private static Node Rest(Node value, string[] left)
    {
        string rest = string.Join(' ', left[1..]);
        return rest.Length == 0 ? value : Measures.Of(value, rest);
    }

    private static Node Applied(string operation, Node value) => operation switch
    {
        "=" or "positive" => value,
        ">" or "<" or "≥" or "≤" or "≠" => Node.Relation([operation], Node.Symbol("x"), value),
        "negative" => Node.Of(NodeKind.Negation, value),
        "double" => Node.Of(NodeKind.Product, Node.Number(2), value),
        "triple" => Node.Of(NodeKind.Product, Node.Number(3), value),
        "square" => Node.Of(NodeKind.Power, value, Node.Number(2)),
        "cube" => Node.Of(NodeKind.Power, value, Node.Number(3)),
        "root" => Node.Of(NodeKind.Root, value, Node.Number(2)),
        "cuberoot" => Node.Of(NodeKind.Root, value, Node.Number(3)),
        "inverse" => Node.Of(NodeKind.Quotient, Node.Number(1), value),
        _ => Node.Call(operation, value),
    };

    /// <summary>How many words at the end are a fraction of what follows: "two thirds of", "half of", "half".</summary>
    private static int PartOf(string[] words)
    {
        if (words is not [.., "of"])
        {
            return 0;
        }

        for (int count = Math.Min(words.Length, PhraseTable.MaxWords); count > 1; count--)
        {
            if (NumberWords.TryRead(string.Join(' ', words[^count..^1])) is { IsInteger: false })
            {
                return count;
            }
        }

        return 0;
    }

    private static int KnownEnd(string[] words)
    {
        for (int count = Math.Min(words.Length, PhraseTable.MaxWords); count > 0; count--)
        {
            if (PhraseTable.Before.ContainsKey(string.Join(' ', words[^count..])))
            {
                return count;
            }
        }

        return 0;
    }

    private static string[] Words(string words)
    {
        string[] split = words.ToLowerInvariant().Split([' ', '\n', '-', ',', ':', '~', ';'], StringSplitOptions.RemoveEmptyEntries);
        return [.. split.Select(static word => word.TrimEnd('.')).Where(static word => word.Length > 0)];
    }
}
