namespace ReSTEM.Answers;

/// <summary>Reads an answer: as mathematics when it can be, else as words.</summary>
internal static class AnswerReader
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
        string cleaned = TextCleaner.Clean(answer).Trim(' ', ',', ';', TextCleaner.RowBreak);
        if (cleaned.Length == 0)
        {
            return null;
        }

        if (Choice(cleaned) is { } label)
        {
            return (Node.Symbol(label), false);
        }

        try
        {
            return (new ExpressionParser(cleaned, budget).ParseAll(), false);
        }
        catch (UnreadableException)
        {
            string words = TextAnswers.Normalise(cleaned.Replace("\\text", " ", StringComparison.Ordinal));
            return words.Length == 0 ? null : (Node.Text(words), true); // no mathematics in it: compared as words
        }
    }

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
}
