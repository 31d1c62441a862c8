using System.Text;
using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Reads a completion through its layout: Markdown, HTML, code fences and end-of-text tokens. Boxes and mathematics stay as they are.</summary>
internal static partial class Layout
{
    /// <summary>What a fenced block may be tagged with and still be text: anything else is a program or its data.</summary>
    private static readonly string[] TextFences = ["", "text", "txt", "plaintext", "plain", "math", "latex", "tex", "markdown", "md", "answer", "output", "json"];

    private static readonly string[] EndTokens =
        ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "</s>", "<|end|>", "<eos>", "<end_of_turn>", "<｜end▁of▁sentence｜>"];

    /// <summary>The text without marks, one logical line each; a level-four heading mark stays, as it may mark an answer.</summary>
    internal static string Plain(string completion)
    {
        string text = Ended(completion).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (text.Contains('<', StringComparison.Ordinal))
        {
            text = LineTag().Replace(InlineTag().Replace(text, ""), "\n");
            text = Raised().Replace(text, "^{$1}");
            foreach (string tag in (ReadOnlySpan<string>)["b>", "i>", "u>"])
            {
                text = text.Contains("</" + tag, StringComparison.Ordinal) // a pair: no inequality
                    ? text.Replace("</" + tag, "", StringComparison.Ordinal).Replace("<" + tag, "", StringComparison.Ordinal) : text;
            }
        }

        var plain = new StringBuilder(text.Length);
        bool dropped = false;
        bool fenced = false;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            var content = line.TrimStart();
            if (content.StartsWith("```") && !content[3..].Contains("```", StringComparison.Ordinal))
            {
                string tag = content[3..].Trim().ToString().ToLowerInvariant();
                dropped = !fenced && Array.IndexOf(TextFences, tag) < 0;
                fenced = !fenced;
            }
            else if (!(fenced && dropped))
            {
                Inline(fenced ? line : Unmarked(content), plain);
            }

            plain.Append('\n');
        }

        return plain.ToString().Trim();
    }

    /// <summary>Up to the first token that ends a turn.</summary>
    private static string Ended(string text)
    {
        int end = text.Length;
        foreach (string token in EndTokens)
        {
            int found = text.AsSpan(0, end).IndexOf(token, StringComparison.Ordinal);
            end = found < 0 ? end : found;
        }

        return text[..end];
    }

    /// <summary>A line without quote, heading and bullet marks.</summary>
    private static ReadOnlySpan<char> Unmarked(ReadOnlySpan<char> line)
    {
        line = line.StartsWith("> ") ? line[2..].TrimStart() : line;
        int marks = line.IndexOfAnyExcept('#');
        if (marks is 1 or 2 or 3 or 5 or 6 && line[marks] == ' ')
        {
            return line[marks..].Trim().TrimEnd('#');
        }

        return line.Length > 1 && line[0] is '-' or '*' or '+' or '•' or '–' && line[1] is ' ' or '\t' ? line[2..].TrimStart() : line;
    }

    /// <summary>Appends a line without emphasis marks. Two stars between values are a power, one is a product.</summary>
    private static void Inline(ReadOnlySpan<char> line, StringBuilder plain)
    {
        bool bold = false;
        bool italic = false;
        bool underlined = false;
        for (int index = 0; index < line.Length; index++)
        {
            char character = line[index];
            if (character is not ('*' or '_' or '`'))
            {
                plain.Append(character);
                continue;
            }

            int end = index + 1;
            while (end < line.Length && line[end] == character && character != '`')
            {
                end++;
            }

            char before = index > 0 ? line[index - 1] : ' ';
            char after = end < line.Length ? line[end] : ' ';
            bool marks = (character, end - index) switch
            {
                ('`', _) => true,
                ('_', 2) => !char.IsLetterOrDigit(before) || !char.IsLetterOrDigit(after),
                ('_', 1) => underlined ? !char.IsLetterOrDigit(after) : IsOpening(before, after) && Closes(line, end, '_'),
                ('_', _) => false,
                (_, 1) => italic ? before != ' ' : IsOpening(before, after) && Closes(line, end, '*'),
                _ => bold || !(IsOperandEnd(before) && IsOperandStart(after)),
            };
            if (!marks)
            {
                plain.Append(line[index..end]);
            }
            else if (end - index == 1)
            {
                (italic, underlined) = (italic ^ (character == '*'), underlined ^ (character == '_'));
            }
            else
            {
                bold ^= character == '*';
            }

            index = end - 1;
        }
    }

    private static bool IsOpening(char before, char after) => before is ' ' or '(' or '"' or ':' or '\t' && after is not (' ' or '*');

    private static bool Closes(ReadOnlySpan<char> line, int start, char mark)
    {
        int close = line[start..].IndexOf(mark);
        return close > 0 && line[start + close - 1] != ' '
            && (start + close + 1 == line.Length || !char.IsLetterOrDigit(line[start + close + 1]));
    }

    private static bool IsOperandEnd(char character) => char.IsLetterOrDigit(character) || character is ')' or ']' or '}';

    private static bool IsOperandStart(char character) => char.IsLetterOrDigit(character) || character is '(' or '-' or '{' or '\\';

    [GeneratedRegex(
        @"</?(?:strong|em|code|span|center|h[1-6]|mark|font|section|solution|response|output)(?:\s[^<>]{0,80})?>|<\|(?:begin|end)_of_solution\|>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InlineTag();

    [GeneratedRegex(@"<br\s*/?>|</?(?:p|div|li|ul|ol|blockquote)>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LineTag();

    [GeneratedRegex(@"<sup>([^<>]{1,40})</sup>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Raised();
}
