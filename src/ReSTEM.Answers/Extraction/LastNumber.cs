namespace ReSTEM.Answers;

/// <summary>The last resort: the last number on the last line.</summary>
internal static class LastNumber
{
    internal static Extraction? Find(string completion)
    {
        string text = completion.TrimEnd();
        int line = text.LastIndexOf('\n') + 1;
        int end = text.Length;
        while (end > line && !char.IsAsciiDigit(text[end - 1]))
        {
            end--;
        }

        if (end == line)
        {
            return null;
        }

        int start = end;
        while (start > line && IsNumberPart(text, start - 1))
        {
            start--;
        }

        while (start < end && text[start] is ',' or '.' or '/' && !char.IsAsciiDigit(text[start + 1]))
        {
            start++;
        }

        bool negative = start > line && text[start - 1] is '-' or '−' && (start - 1 == line || text[start - 2] is ' ' or '(' or '=' or '$');
        string number = (negative ? "-" : "") + text[start..end].TrimStart(',', '/');
        bool percent = end < text.Length && text[end] == '%';
        return new Extraction(number + (percent ? "%" : ""), "last-number");
    }

    private static bool IsNumberPart(string text, int index) =>
        char.IsAsciiDigit(text[index])
        || (text[index] is '.' or ',' or '/' && index + 1 < text.Length && char.IsAsciiDigit(text[index + 1])
            && (text[index] == '.' || (index > 0 && char.IsAsciiDigit(text[index - 1]))));
}
