using System.Collections.Frozen;
using System.Text;

namespace ReSTEM.Answers;

/// <summary>Answers in words: choices, names, numbers in words, times, dates, lists of words.</summary>
internal static class TextAnswers
{
    private static readonly FrozenSet<string> ShortWords = (
        "odd yes no Yes No YES NO May two six ten one Two Six Ten One red all All the The is are at per if both Mon Tue Wed Thu Fri Sat Sun"
        + " Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec am pm AM PM Odd as of for base mod to DNE not Not No has was out than Rs It's").Split(' ').ToFrozenSet();

    /// <summary>Each line: what is meant, then the answers that mean it, separated by bars.</summary>
    private static readonly FrozenDictionary<string, string> Meanings = new[]
    {
        ("reals", "all real numbers|all reals|all real values|all real|real numbers|reals|any real number|every real number|all real x|set of all real numbers|set of real numbers"),
        ("positive", RealsThatAre("positive|greater than zero")),
        ("negative", RealsThatAre("negative|less than zero")),
        ("nonnegative", RealsThatAre("nonnegative|non negative|greater than or equal to zero")),
        ("nonpositive", RealsThatAre("nonpositive|non positive|less than or equal to zero")),
        ("nonzero", RealsThatAre("nonzero|non zero|not equal to zero|except zero|other than zero")),
        ("undefined", "undefined|does not exist|dne|not defined|doesn't exist|doesnt exist|is undefined|not exist"),
        ("noon", "noon"), ("midnight", "midnight"),
        ("yes", "yes"), ("no", "no"),
        ("true", "true"), ("false", "false"),
    }.SelectMany(static entry => entry.Item2.Split('|').Select(name => (Name: name, Meaning: entry.Item1)))
        .ToFrozenDictionary(static entry => entry.Name, static entry => entry.Meaning);

    private static readonly FrozenSet<string> Nothing = (
        "no solution|no solutions|empty set|empty|null set|no solution exists|no solutions exist|there is no solution|there are no solutions"
        + "|has no solution|has no solutions|it has no solution|equation has no solution|equation has no solutions|no such number exists"
        + "|no such numbers exist|no such value exists|no such x exists|no such x exist|no such x|no x exists|no values|no value|no such pairs exist|no such integers exist"
        + "|no such integer exists|there is no such x|there are no such x|no x satisfies the equation|there are none|no such pair exists"
        + "|no solution for x|no solutions for x|system has no solution|inconsistent|no such triangle exists|no such function exists")
        .Split('|').ToFrozenSet();

    /// <summary>The ways to say the real numbers of a property: "all positive real numbers", "all real numbers greater than zero".</summary>
    private static string RealsThatAre(string properties)
    {
        string[] nouns = ["real numbers", "reals", "real values", "real x"];
        return string.Join('|', properties.Split('|').SelectMany(property => nouns.SelectMany(noun => property.Contains(' ', StringComparison.Ordinal) && !property.StartsWith("non", StringComparison.Ordinal)
            ? (string[])[$"all {noun} {property}", $"all {noun} {property.Replace("zero", "0", StringComparison.Ordinal)}"]
            : [$"all {property} {noun}", $"{property} {noun}", $"any {property} {noun[..^1]}", $"every {property} {noun[..^1]}"])).Distinct());
    }

    /// <summary>Two- and three-letter words that are answers or belong to phrases, not products of variables.</summary>
    internal static bool IsShortWord(ReadOnlySpan<char> run) => ShortWords.Contains(run.ToString());

    /// <summary>Whether words say that there is no solution; "real", "integer" and the like before the noun do not matter.</summary>
    internal static bool IsNoSolution(string words) => Nothing.Contains(words
        .Replace("no real ", "no ", StringComparison.Ordinal).Replace("no integer ", "no ", StringComparison.Ordinal)
        .Replace("no positive integer ", "no ", StringComparison.Ordinal).Replace(" roots", " solutions", StringComparison.Ordinal));

    /// <summary>The meaning of words that stand where an expression could.</summary>
    internal static Node Read(string words, Budget budget)
    {
        budget.Spend(1 + words.Length);
        string trimmed = words.Trim(' ', '.', ',', ';', ':', '~', '"', '!', '?');
        if (trimmed is ['(', _, ')'])
        {
            trimmed = trimmed[1].ToString();
        }

        if (trimmed.Length == 1 && char.IsAsciiLetter(trimmed[0]))
        {
            return Node.Symbol(trimmed);
        }

        return NumberWords.TryRead(trimmed) is { } number ? new Node { Kind = NodeKind.Number, Value = number }
            : Known(trimmed)
            ?? Between(trimmed, budget)
            ?? Parts(trimmed, budget)
            ?? Single(trimmed, budget);
    }

    /// <summary>Lower case, single blanks, no punctuation, no leading article.</summary>
    internal static string Normalise(string words)
    {
        var text = new StringBuilder(words.Length);
        foreach (char character in words)
        {
            if (char.IsLetterOrDigit(character))
            {
                text.Append(char.ToLowerInvariant(character));
            }
            else if (character is ' ' or '-' or '\n' or '\t' or '_' && text.Length > 0 && text[^1] != ' ')
            {
                text.Append(' ');
            }
        }

        string normal = text.ToString().Trim();
        foreach (string article in (ReadOnlySpan<string>)["the ", "a ", "an "])
        {
            if (normal.StartsWith(article, StringComparison.Ordinal))
            {
                return normal[article.Length..];
            }
        }

        return normal;
    }

    /// <summary>Whole answers with one meaning: no solution, yes with its reason, times, dates, places.</summary>
    private static Node? Known(string words)
    {
        string normal = Normalise(words);
        if (IsNoSolution(normal))
        {
            return Node.Constant("empty-set");
        }

        if (Meanings.TryGetValue(normal, out string? meaning) || Meanings.TryGetValue(words.ToLowerInvariant(), out meaning))
        {
            return meaning switch
            {
                "reals" => Node.Constant("reals"),
                "positive" => Node.Tuple('(', ')', Node.Number(0), Node.Constant("infinity")),
                "negative" => Node.Tuple('(', ')', Node.Of(NodeKind.Negation, Node.Constant("infinity")), Node.Number(0)),
                "nonnegative" => Node.Tuple('[', ')', Node.Number(0), Node.Constant("infinity")),
                "nonpositive" => Node.Tuple('(', ']', Node.Of(NodeKind.Negation, Node.Constant("infinity")), Node.Number(0)),
                "nonzero" => Node.Of(NodeKind.Difference, Node.Constant("reals"), Node.Of(NodeKind.Set, Node.Number(0))),
                "noon" => Node.At(TimeOfDay.Noon),
                "midnight" => Node.At(TimeOfDay.Midnight),
                _ => Node.Text(meaning),
            };
        }

        string first = normal.Split(' ')[0];
        if (first is "on" or "in" && DateReading.Name(normal[(first.Length + 1)..]) is { } day)
        {
            return Node.Text(day);
        }

        return DateReading.Name(normal) is { } name ? Node.Text(name)
            : Decision(words) is { } decision ? Node.Text(decision)
            : NumberWords.TryOrdinal(normal) is { } place ? Measures.Ordinal(new Node { Kind = NodeKind.Number, Value = place })
            : Time(words) ?? DateReading.Read(first is "on" or "in" ? words.Trim()[3..] : words);
    }

    /// <summary>yes or no before a comma and a sentence that does not say the other.</summary>
    internal static string? Decision(string words)
    {
        if (words.Length < 3 || words[0] is not ('Y' or 'y' or 'N' or 'n' or 'T' or 't' or 'F' or 'f'))
        {
            return null;
        }

        int end = words.IndexOfAny([',', '.', ';', ':']);
        string first = end < 0 ? "" : Normalise(words[..end]);
        if (first is not ("yes" or "no" or "true" or "false"))
        {
            return null;
        }

        string[] rest = words[end..].ToLowerInvariant().Split([' ', ',', '.', ';', ':', '\''], StringSplitOptions.RemoveEmptyEntries);
        bool positive = first is "yes" or "true";
        bool contradicts = Array.Exists(rest, word => positive
            ? word is "no" or "not" or "false" or "never" or "isn" or "t" or "cannot" or "wrong" or "incorrect"
            : word is "yes" or "true" or "correct" or "right");
        return contradicts || Array.Exists(rest, static word => word is "but" or "or" or "maybe" or "however") ? null : first;
    }

    /// <summary>between a and b, both ends out.</summary>
    private static Node? Between(string words, Budget budget)
    {
        string lower = words.ToLowerInvariant();
        int and = lower.IndexOf(" and ", StringComparison.Ordinal);
        return !lower.StartsWith("between ", StringComparison.Ordinal) || and < 8 ? null
            : Node.Relation(["<", "<"], Read(words[8..and], budget), Node.Symbol("x"), Read(words[(and + 5)..], budget));
    }

    private static Node? Parts(string words, Budget budget)
    {
        if (!words.Contains(',', StringComparison.Ordinal) && !words.Contains(" and ", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = words.Replace(" and ", ",", StringComparison.Ordinal)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Node[] items = [.. parts.Select(part => Read(part, budget))];
        return items is [var large, var small] && ExpressionParser.Joined(large, small) is { } joined ? joined
            : items.Length > 1 ? Node.Of(NodeKind.List, items) : null;
    }

    private static Node Single(string words, Budget budget)
    {
        int value = words.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '$', '€', '£', '¥']);
        value = value > 0 && words[value - 1] is '-' or '.' ? value - 1 : value;
        bool known = value > 0 && words[value - 1] == ' ' && !words.Contains('=', StringComparison.Ordinal);
        bool numeric = words.Length > 0 && (value == 0 || words[0] is '-' or '(') || words.Contains('=', StringComparison.Ordinal);
        if (known || numeric)
        {
            try
            {
                var read = new ExpressionParser(TextCleaner.Clean(known ? words[value..] : words), budget).ParseAll();
                return !known ? read : Normaliser.IsScalar(read) || read.Kind is NodeKind.Time or NodeKind.Phrase || Phrasing.IsKnownBefore(words[..value])
                    ? Phrasing.Before(words[..value], read) : Node.Text(Normalise(words));
            }
            catch (UnreadableException)
            {
                return Node.Text(Normalise(words)); // words that happen to hold a digit
            }
        }

        string normal = Normalise(words);
        return normal.Length == 0 ? throw new UnreadableException("the text is empty, expected words.") : Spelled(words) ?? Node.Text(normal);
    }

    /// <summary>A number in words with known words before it and a unit, a noun or known words after it: <c>more than five</c>, <c>five dollars</c>.</summary>
    private static Node? Spelled(string words)
    {
        string[] split = words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (split.Length is < 2 or > 12)
        {
            return null;
        }

        for (int start = 0; start < split.Length; start++)
        {
            for (int end = split.Length; end > start; end--)
            {
                if (NumberWords.TryRead(string.Join(' ', split[start..end])) is { } number)
                {
                    string before = string.Join(' ', split[..start]);
                    if (before.Length == 0 && Joined(new Node { Kind = NodeKind.Number, Value = number }, split[end..]) is { } joined)
                    {
                        return joined;
                    }

                    var value = Measures.Of(new Node { Kind = NodeKind.Number, Value = number }, string.Join(' ', split[end..]));
                    return value.Is(NodeKind.Phrase) || (before.Length > 0 && !Phrasing.IsKnownBefore(before)) ? null
                        : before.Length == 0 ? value : Phrasing.Before(before, value);
                }
            }
        }

        return null;
    }

    /// <summary>A number, words that join values, and another number: one out of six.</summary>
    private static Node? Joined(Node number, string[] rest)
    {
        for (int words = 1; words < rest.Length && words <= PhraseTable.MaxWords; words++)
        {
            string between = string.Join(' ', rest[..words]);
            if (Phrasing.IsBetween(between) && NumberWords.TryRead(string.Join(' ', rest[words..])) is { } other)
            {
                return Phrasing.Between(number, between, new Node { Kind = NodeKind.Number, Value = other });
            }
        }

        return null;
    }

    /// <summary>A clock time, perhaps with its half of the day, or a whole hour with it.</summary>
    private static Node? Time(string words)
    {
        string text = words.StartsWith("at ", StringComparison.OrdinalIgnoreCase) ? words[3..].TrimStart() : words;
        if (TimeReading.Clock(text, 0) is { } clock)
        {
            string rest = text[clock.End..].Trim();
            return rest.Length == 0 ? Node.At(clock.Time)
                : TimeReading.Half(rest) is { } half ? Node.At(clock.Time.In(half)) : null;
        }

        string digits = string.Concat(text.TakeWhile(char.IsAsciiDigit));
        return TimeReading.Half(text[digits.Length..]) is { } named && int.TryParse(digits, out int hour)
            && TimeReading.Hour(hour) is { } time ? Node.At(time.In(named)) : null;
    }
}
