namespace ReSTEM.Runs;

/// <summary>The final answer of a worked one, as GSM8K and MATH mark it.</summary>
internal static class WorkedAnswer
{
    private const string Mark = "####";

    /// <summary>What follows the last <c>####</c>, or else the content of the last box; null where there is neither.</summary>
    internal static string? Of(string text)
    {
        int mark = text.LastIndexOf(Mark, StringComparison.Ordinal);
        return mark >= 0 ? text[(mark + Mark.Length)..].Trim() : MathReader.LastBox(text);
    }
}
