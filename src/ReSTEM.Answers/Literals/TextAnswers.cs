using System.Text;

namespace ReSTEM.Answers;

/// <summary>Answers in words: choices, names, numbers in words, times, dates, lists of words.</summary>
internal static class TextAnswers
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>Two- and three-letter words that are answers, not products of variables.</summary>
    internal static bool IsShortWord(ReadOnlySpan<char> run) =>
        run is "odd" or "yes" or "no" or "Yes" or "No" or "YES" or "NO" or "May" or "two" or "six" or "ten" or "one" or "Two" or "Six"
            or "Ten" or "One" or "red" or "all" or "All" or "the" or "The" or "is" or "are" or "at" or "per" or "if" or "both" or "Mon"
            or "Sat" or "Sun" or "am" or "pm" or "AM" or "PM" or "Odd" or "as" or "of" or "for" or "base" or "mod" or "to" or "DNE";

    /// <summary>The meaning of words that stand where an expression could.</summary>
    internal static Node Read(string words, Budget budget)
    {
        budget.Spend(1 + words.Length);
        string trimmed = words.Trim(' ', '.', ',', ';', ':', '~', '"');
        if (trimmed is ['(', _, ')'])
        {
            trimmed = trimmed[1].ToString();
        }

        if (trimmed.Length == 1 && char.IsAsciiLetter(trimmed[0]))
        {
            return Node.Symbol(trimmed);
        }

        if (trimmed.Contains(',', StringComparison.Ordinal) || trimmed.Contains(" and ", StringComparison.Ordinal))
        {
            string[] parts = trimmed.Replace(" and ", ",", StringComparison.Ordinal)
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 1)
            {
                return Date(trimmed) ?? Node.Of(NodeKind.List, [.. parts.Select(part => Read(part, budget))]);
            }
        }

        if (NumberWords.TryRead(trimmed) is { } number)
        {
            return Node.Number(number);
        }

        switch (Normalise(trimmed))
        {
            case "all real numbers" or "all reals" or "all real values" or "all real":
                return Node.Constant("reals");
            case "no solution" or "no solutions" or "no real solution" or "no real solutions" or "empty set" or "empty":
                return Node.Constant("empty-set");
            case "undefined" or "does not exist" or "dne" or "not defined":
                return Node.Text("undefined");
            case "noon":
                return Node.At(TimeOfDay.Noon);
            case "midnight":
                return Node.At(TimeOfDay.Midnight);
        }

        return Time(trimmed) ?? Date(trimmed) ?? Single(trimmed, budget);
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

    private static Node Single(string words, Budget budget)
    {
        bool numeric = words.Length > 0 && (char.IsAsciiDigit(words[0]) || words[0] is '-' or '$' or '(') || words.Contains('=', StringComparison.Ordinal);
        if (numeric)
        {
            try
            {
                return new ExpressionParser(TextCleaner.Clean(words), budget).ParseAll();
            }
            catch (UnreadableException)
            {
                return Node.Text(Normalise(words)); // words that happen to start with a digit, such as 2nd
            }
        }

        string normal = Normalise(words);
        return normal.Length == 0 ? throw new UnreadableException("the text is empty, expected words.") : Node.Text(normal);
    }

    /// <summary>A clock time, perhaps with its half of the day, or a whole hour with it.</summary>
    private static Node? Time(string words)
    {
        if (TimeReading.Clock(words, 0) is { } clock)
        {
            string rest = words[clock.End..].Trim();
            return rest.Length == 0 ? Node.At(clock.Time)
                : TimeReading.Half(rest) is { } half ? Node.At(clock.Time.In(half)) : null;
        }

        string digits = string.Concat(words.TakeWhile(char.IsAsciiDigit));
        return TimeReading.Half(words[digits.Length..]) is { } named && int.TryParse(digits, out int hour)
            && TimeReading.Hour(hour) is { } time ? Node.At(time.In(named)) : null;
    }

    /// <summary>A month and a day, in either order, perhaps with a year.</summary>
    internal static Node? Date(string words)
    {
        string[] parts = words.ToLowerInvariant().Split([' ', ',', '.'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is < 2 or > 4)
        {
            return null;
        }

        int month = -1;
        var numbers = new List<int>();
        foreach (string part in parts)
        {
            int found = part.Length >= 3 ? Array.FindIndex(Months, name => name.StartsWith(part, StringComparison.Ordinal)) : -1;
            string digits = part.TrimEnd('s', 't', 'n', 'd', 'r', 'h');
            if (found >= 0 && month < 0)
            {
                month = found;
            }
            else if (int.TryParse(digits, out int number) && number is > 0 and < 10_000)
            {
                numbers.Add(number);
            }
            else if (part is not ("of" or "the"))
            {
                return null;
            }
        }

        return month < 0 || numbers.Count is 0 or > 2 ? null : Node.Text($"date {Months[month]} {string.Join(' ', numbers)}");
    }
}
