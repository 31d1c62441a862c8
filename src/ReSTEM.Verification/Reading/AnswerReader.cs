namespace ReSTEM.Verification;

/// <summary>Reads an answer: as mathematics when it can be, else as words.</summary>
internal static class AnswerReader
{
    /// <summary>Longest answer, in characters, that is read.</summary>
    internal const int MaxLength = 20_000;

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
}
