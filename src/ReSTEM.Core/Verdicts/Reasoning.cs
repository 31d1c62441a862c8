using System.Text.RegularExpressions;

namespace ReSTEM.Core;

/// <summary>Tells a completion's answer from the reasoning that a model writes between tags before it.</summary>
/// <remarks>
/// Tags are those that reasoning models are trained with: think, thinking, thought, reasoning and scratchpad in angle brackets, in
/// square brackets, between <c>◁ ▷</c> or as <c>&lt;|begin_of_thought|&gt;</c>; in any case. A closing tag without an opening one ends reasoning
/// that began in the prompt: chat templates often write the opening tag themselves.
/// </remarks>
public static partial class Reasoning
{
    /// <summary>The text outside the reasoning, or null when reasoning was not ended and there is no answer yet.</summary>
    /// <param name="completion">A completion of a model.</param>
    public static string? Without(string completion)
    {
        var tags = Tag().Matches(completion);
        if (tags.Count == 0)
        {
            return completion;
        }

        var kept = new List<(int Start, int End)>();
        int depth = 0;
        int start = 0;
        foreach (Match tag in tags)
        {
            if (!tag.Groups["close"].Success)
            {
                if (depth++ == 0)
                {
                    kept.Add((start, tag.Index));
                }
            }
            else if (depth == 0)
            {
                kept.Clear();
            }
            else
            {
                depth--;
            }

            start = depth == 0 ? tag.Index + tag.Length : start;
        }

        if (depth > 0)
        {
            return null;
        }

        kept.Add((start, completion.Length));
        return string.Join('\n', kept.Select(part => completion[part.Start..part.End])).Trim();
    }

    [GeneratedRegex(
        @"<(?<close>/)?(?:think|thinking|thought|reasoning|scratchpad)>|\[(?<close>/)?(?:THINK|THINKING|REASONING)\]|◁(?<close>/)?think▷|<\|(?:begin|(?<close>end))_of_thought\|>",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
