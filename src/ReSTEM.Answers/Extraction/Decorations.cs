using System.Text;
using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Takes from an answer what only dresses it: colours, sizes, styles, boxes, ticks, closing signs. Nothing here changes a value.</summary>
internal static partial class Decorations
{
    /// <summary>Commands that stand alone and say nothing.</summary>
    private static readonly HashSet<string> Marks = new(StringComparer.Ordinal)
    {
        "displaystyle", "textstyle", "scriptstyle", "large", "Large", "LARGE", "huge", "Huge", "small", "normalsize", "bf", "bfseries", "rm", "it",
        "checkmark", "blacksquare", "square", "Box", "qed", "star", "bigstar", "blacktriangle", "quad", "qquad", "thinspace", "nonumber", "notag",
        "centering", "hfill", "limits",
    };

    /// <summary>The answer undressed. Linear, but for wrappers in wrappers, of which 20 are taken off.</summary>
    internal static string Strip(string answer)
    {
        string text = answer.Trim();
        for (int round = 0; round < 20; round++)
        {
            string stripped = Trimmed(Environments(Commands(text)));
            if (stripped == text)
            {
                break;
            }

            text = stripped;
        }

        return text;
    }

    private static string Commands(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        bool blank = true;
        int index = 0;
        while (index < text.Length)
        {
            blank = blank && plain is not [.., not ' '];
            int end = index + 1;
            while (text[index] == '\\' && end < text.Length && char.IsAsciiLetter(text[end]))
            {
                end++;
            }

            if (end < index + 2)
            {
                plain.Append(text[index]);
                index++;
                if (text[index - 1] == '\\' && index < text.Length)
                {
                    plain.Append(text[index++]);
                }

                continue;
            }

            string name = text[(index + 1)..end];
            if (name is "color" or "tag" or "label" or "hspace" or "vspace" or "phantom" or "hphantom" && Argument(text, end) is var (_, skipped))
            {
                plain.Append(' ');
                index = skipped;
            }
            else if (ArgumentsBefore(name) is int before && Content(text, end, before) is var (content, close)
                && !(name is "mathbf" or "boldsymbol" or "bm" && content.All(char.IsLetter))) // a bold letter is a vector or a label
            {
                bool whole = blank && text.AsSpan(close).Trim().Length == 0;
                plain.Append(whole ? content : Loose(plain, content));
                index = close;
            }
            else
            {
                // A wide blank within the answer separates values.
                bool separates = name is "quad" or "qquad" && !blank && text.AsSpan(end).Trim().Length > 0;
                plain.Append(Marks.Contains(name) && !separates ? " " : text[index..end]);
                index = end;
            }
        }

        return plain.ToString();
    }

    /// <summary>How many arguments stand before the content of a command that only dresses it; null for every other command.</summary>
    private static int? ArgumentsBefore(string command) => command switch
    {
        "fcolorbox" => 2,
        "textcolor" or "colorbox" => 1,
        "boxed" or "fbox" or "framebox" or "underline" or "uline" or "mathbf" or "boldsymbol" or "bm" or "ensuremath" or "hl" => 0,
        _ => null,
    };

    /// <summary>Braces stay where the content is an argument or is raised.</summary>
    private static string Loose(StringBuilder before, string content) =>
        before.Length > 0 && before[^1] is '^' or '_' or '}' ? $"{{{content}}}" : $" {content} ";

    private static (string Content, int End)? Content(string text, int position, int before)
    {
        for (int argument = 0; argument < before; argument++)
        {
            if (Argument(text, position) is not var (_, next))
            {
                return null;
            }

            position = next;
        }

        return Argument(text, position);
    }

    /// <summary>A braced argument, an optional one in square brackets before it skipped.</summary>
    private static (string Content, int End)? Argument(string text, int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        if (position < text.Length && text[position] == '[')
        {
            int close = text.IndexOf(']', position);
            position = close < 0 ? text.Length : close + 1;
        }

        if (position >= text.Length || text[position] != '{')
        {
            return null;
        }

        int depth = 0;
        for (int index = position; index < text.Length; index++)
        {
            if (text[index] == '\\')
            {
                index++;
                continue;
            }

            depth += text[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return (text[(position + 1)..index], index + 1);
            }
        }

        return null;
    }

    /// <summary>Takes off an environment that aligns a single line.</summary>
    private static string Environments(string text)
    {
        var match = SingleLine().Match(text);
        return match.Success && !match.Groups["body"].ValueSpan.Contains("\\\\", StringComparison.Ordinal)
            && !match.Groups["body"].ValueSpan.Contains("\\begin", StringComparison.Ordinal)
            ? match.Groups["body"].Value.Replace("&", "", StringComparison.Ordinal).Trim()
            : text;
    }

    private static string Trimmed(string text)
    {
        string trimmed = text.Trim().TrimEnd('✓', '✔', '✅', '☑', '★', '■', '□', '∎', '\uFE0F').Trim();
        while (trimmed.Length > 1 && (trimmed.EndsWith("\\,", StringComparison.Ordinal) || trimmed.EndsWith("\\;", StringComparison.Ordinal)
            || trimmed.EndsWith("\\!", StringComparison.Ordinal) || trimmed.EndsWith("\\ ", StringComparison.Ordinal) || trimmed.EndsWith("\\:", StringComparison.Ordinal)))
        {
            trimmed = trimmed[..^2].TrimEnd();
        }

        // Braces around everything: {\color{red} 5}.
        return trimmed is ['{', .., '}'] && Argument(trimmed, 0) is var (content, end) && end == trimmed.Length ? content.Trim() : trimmed;
    }

    [GeneratedRegex(@"^\\begin\{(?<name>aligned|align\*?|gathered|gather\*?|split|equation\*?|array)\}(?:\{[lcr| ]*\})?(?<body>.*)\\end\{\k<name>\}$", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex SingleLine();
}
