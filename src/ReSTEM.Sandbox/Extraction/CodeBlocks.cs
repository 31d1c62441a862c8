using System.Text.RegularExpressions;

namespace ReSTEM.Sandbox;

/// <summary>A fenced block of Markdown.</summary>
/// <param name="Language">The first word after the opening fence, in lower case; may be empty.</param>
/// <param name="Code">What is between the fences, or to the end of the text when it is never closed.</param>
/// <param name="FirstLine">Index of the opening fence.</param>
internal sealed record CodeBlock(string Language, string Code, int FirstLine)
{
    /// <summary>Whether the language is Python or left open.</summary>
    public bool IsPython => Language is "" or "python" or "python3" or "py" or "py3" or "code";
}

/// <summary>Fenced blocks of Markdown.</summary>
/// <remarks>CommonMark 0.31.2, section 4.5.</remarks>
internal static partial class CodeBlocks
{
    /// <summary>All blocks in order.</summary>
    public static List<CodeBlock> Find(string[] lines)
    {
        var blocks = new List<CodeBlock>();
        for (int i = 0; i < lines.Length; i++)
        {
            var open = Fence().Match(lines[i]);
            if (!open.Success)
            {
                continue;
            }

            int end = i + 1;
            while (end < lines.Length && !Closes(lines[end], open.Groups[1].Value))
            {
                end++;
            }

            string language = open.Groups[2].Value.Trim('{', '}', '.', ' ').Split(' ', ',')[0].ToLowerInvariant();
            blocks.Add(new CodeBlock(language, string.Join('\n', lines[(i + 1)..end]), i));
            i = end;
        }

        return blocks;
    }

    /// <summary>The code before the first fence, when that fence closes a block which the prompt opened; else null.</summary>
    public static string? ClosesPromptsFence(string[] lines, List<CodeBlock> blocks)
    {
        var before = lines[..blocks[0].FirstLine];
        string? first = Array.Find(before, line => !string.IsNullOrWhiteSpace(line));
        bool codeFirst = first is not null && (char.IsWhiteSpace(first[0]) || CodeStart().IsMatch(first));
        return codeFirst && blocks[0].Language.Length == 0 ? string.Join('\n', before) : null;
    }

    private static bool Closes(string line, string fence)
    {
        string text = line.Trim();
        return text.Length >= fence.Length && text.All(character => character == fence[0]);
    }

    [GeneratedRegex(@"^[ \t]*(```+|~~~+)[ \t]*([^`]*)$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(def |class |import \w|from [\w.]+ import|@\w|return\b)")]
    private static partial Regex CodeStart();
}
