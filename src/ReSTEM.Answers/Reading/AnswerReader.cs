using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Reads an answer: as mathematics when it can be, else as words.</summary>
internal static partial class AnswerReader
{
    /// <summary>Longest answer, in characters, that is read.</summary>
    internal const int MaxLength = 20_000;

    /// <summary>Reads one answer.</summary>
    /// <returns>The tree, and whether it is only words because it could not be read as mathematics; null when nothing is left to read.</returns>
    /// <exception cref="LimitExceededException">The text is too long or too deep.</exception>
    internal static (Node Node, bool IsFallback)? Read(string answer, Budget budget)
    {
        if (answer.Length > MaxLength)
        {
            throw new LimitExceededException("answer-length-limit", $"the answer has {answer.Length} characters, expected at most {MaxLength}");
        }

        budget.Spend(1 + (answer.Length / 8));
        string cleaned = Conclusion(TextCleaner.Clean(answer)).Trim(' ', ',', ';', TextCleaner.RowBreak, TextCleaner.WideSpace);
        if (cleaned.Length == 0)
        {
            return null;
        }

        // One character may stand for several: ½ is written as a fraction.
        if (cleaned.Length > 2 * MaxLength)
        {
            throw new LimitExceededException("answer-length-limit", $"the answer has {cleaned.Length} characters written out, expected at most {2 * MaxLength}");
        }

        if (Choice(cleaned) is { } label)
        {
            return (Node.Symbol(label), false);
        }

        if (DateReading.Read(cleaned) is { } date)
        {
            return (date, false);
        }

        if (TextAnswers.Decision(cleaned) is { } decision)
        {
            return (Node.Text(decision), false);
        }

        cleaned = LeftSides.Named(cleaned);
        cleaned = cleaned.Contains(" and ", StringComparison.Ordinal) ? Mixed().Replace(cleaned, static match => $"{match.Groups["whole"].Value} {Parts(match)}") : cleaned;
        cleaned = IsComplexCode(cleaned) ? cleaned.Replace('j', 'i') : cleaned;

        try
        {
            return (new ExpressionParser(cleaned, budget, IsCode(answer)).ParseAll(), false);
        }
        catch (UnreadableException)
        {
            // No mathematics in it: compared as words, or sign by sign where it holds signs that words would lose.
            string words = cleaned.Replace("\\text", " ", StringComparison.Ordinal);
            words = IsWords(words) ? TextAnswers.Normalise(words) : string.Concat(cleaned.Where(static character => character != ' '));
            return words.Length == 0 ? null : (Node.Text(words), true);
        }
    }

    /// <summary>What follows the last sign of a conclusion, and a relation sign at the start.</summary>
    private static string Conclusion(string text)
    {
        string last = text[(text.LastIndexOf('⇒') + 1)..].Trim();
        last = last.TrimStart('=', ' ', '∴');
        return last.Length > 2 && last[0] == '\'' && last[^1] == '\'' ? last[1..^1] : last;
    }

    /// <summary>A complex number as Python prints it, with j after the digits.</summary>
    private static bool IsComplexCode(string text)
    {
        int unit = text.IndexOf('j', StringComparison.Ordinal);
        return unit > 0 && char.IsAsciiDigit(text[unit - 1])
            && text.All(static character => char.IsAsciiDigit(character) || character is '.' or '+' or '-' or '*' or '(' or ')' or ' ' or 'j');
    }

    private static bool IsWords(string text) =>
        text.All(static character => char.IsLetterOrDigit(character) || character is ' ' or '.' or ',' or '\'' or ':' or ';' or '!' or '?' or '{' or '}' or '"');

    /// <summary>Whether Python or SymPy printed it: its signs for powers and products, and no LaTeX.</summary>
    private static bool IsCode(string answer) => !answer.Contains('\\', StringComparison.Ordinal)
        && (answer.Contains("**", StringComparison.Ordinal) || answer.Contains("*I", StringComparison.Ordinal) || answer.Contains("I*", StringComparison.Ordinal)
            || answer.Contains("*E", StringComparison.Ordinal) || answer.Contains("E*", StringComparison.Ordinal) || answer.Contains("sqrt(", StringComparison.Ordinal));

    /// <summary>The label of a choice that is followed by its text: <c>(C) 5</c>, <c>\text{(C)} 5</c>, <c>C. five</c>; else null.</summary>
    private static string? Choice(string text)
    {
        string start = text.StartsWith("\\text{", StringComparison.Ordinal) ? text[6..] : text;
        bool bracketed = start is ['(', >= 'A' and <= 'H', ')', ..];
        if (!bracketed && start is not [>= 'A' and <= 'H', '.' or ')', ' ', ..])
        {
            return null;
        }

        string rest = start[(bracketed ? 3 : 2)..];
        bool separated = rest.Length > 1 && rest[0] is ' ' or '}' && rest.Trim(' ', '}', '.') is [not ('+' or '-' or '*' or '/' or '=' or '^' or ','), ..];
        return separated ? start[bracketed ? 1 : 0].ToString() : null;
    }

    private static string Parts(Match match) => match.Groups["part"].Value switch
    {
        "a half" or "one half" => "1/2",
        "a third" or "one third" => "1/3",
        "two thirds" => "2/3",
        "a quarter" or "one quarter" or "a fourth" or "one fourth" => "1/4",
        _ => "3/4",
    };

    /// <summary>2 and a half.</summary>
    [GeneratedRegex(@"(?<![\d./])(?<whole>\d{1,9}) and (?<part>(?:a|one) (?:half|third|quarter|fourth)|two thirds|three (?:quarters|fourths))(?![a-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Mixed();
}
