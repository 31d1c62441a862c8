namespace ReSTEM.Tests;

/// <summary>Cuts an answer at signs outside all brackets.</summary>
internal static class TopLevel
{
    internal static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        int depth = 0;
        int start = 0;
        for (int index = 0; index < text.Length; index++)
        {
            depth += Step(text[index]);
            if (depth == 0 && text[index] == separator)
            {
                parts.Add(text[start..index]);
                start = index + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>The terms of a sum, each with its sign.</summary>
    internal static List<string> Terms(string text)
    {
        var terms = new List<string>();
        int depth = 0;
        int start = 0;
        for (int index = 0; index < text.Length; index++)
        {
            depth += Step(text[index]);
            bool sign = text[index] is '+' or '-' && depth == 0;
            bool afterOperand = text[..index].TrimEnd() is { Length: > 0 } before && before[^1] is not ('^' or '_' or '*' or '/' or '=');
            if (sign && afterOperand)
            {
                Add(terms, text[start..index]);
                start = index;
            }
        }

        Add(terms, text[start..]);
        return terms;
    }

    private static void Add(List<string> terms, string term)
    {
        string trimmed = term.Trim();
        terms.Add(trimmed[0] is '+' or '-' ? trimmed : "+" + trimmed);
    }

    private static int Step(char character) => character switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
}
