namespace ReSTEM.Answers;

/// <summary>Takes delimiters, quotes, blanks and closing punctuation off the ends of an answer.</summary>
internal static class Tidy
{
    private static readonly (string Open, string Close)[] Pairs =
        [("**", "**"), ("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("`", "`"), ("__", "__"), ("\"", "\""), ("“", "”"), ("'", "'")];

    internal static string Of(string text)
    {
        string tidy = text.Trim();
        if (tidy.Length > 0 && char.IsAsciiLetterOrDigit(tidy[0]) && char.IsAsciiLetterOrDigit(tidy[^1]))
        {
            return tidy;
        }

        int length;
        do
        {
            length = tidy.Length;
            bool goesOn = tidy.EndsWith("..", StringComparison.Ordinal); // 0.333...
            tidy = (goesOn ? tidy : tidy.TrimEnd('.', ',', ';', ' ', '\t', '\n', '。', '，')).TrimStart(':', ',', ' ', '\t', '=', '\n', '：');
            foreach (var (open, close) in Pairs)
            {
                if (tidy.Length >= open.Length + close.Length && tidy.StartsWith(open, StringComparison.Ordinal)
                    && tidy.EndsWith(close, StringComparison.Ordinal)
                    && !tidy.AsSpan(open.Length, tidy.Length - open.Length - close.Length).Contains(open, StringComparison.Ordinal))
                {
                    tidy = tidy[open.Length..^close.Length].Trim();
                }
            }
        }
        while (tidy.Length != length);

        return tidy;
    }
}
