namespace ReSTEM.Verification;

/// <summary>What the problem's text says about the form of its answer.</summary>
/// <param name="IsOrdered">Whether it asks for an order, so that a list is no set.</param>
/// <param name="AsksForBase">Whether it asks for digits in a base, so that the value alone is not the answer.</param>
internal readonly record struct AnswerContext(bool IsOrdered, bool AsksForBase)
{
    private static readonly string[] OrderPhrases =
    [
        "respectively", "in that order", "ordered pair", "ordered triple", "in increasing order", "in decreasing order",
        "in ascending order", "in descending order", "from least to greatest", "from greatest to least", "from smallest to largest",
        "from largest to smallest", "in order from",
    ];

    internal static AnswerContext Of(string prompt)
    {
        bool ordered = false;
        foreach (string phrase in OrderPhrases)
        {
            ordered |= prompt.Contains(phrase, StringComparison.OrdinalIgnoreCase);
        }

        return new AnswerContext(ordered, prompt.Contains("base", StringComparison.OrdinalIgnoreCase));
    }
}
