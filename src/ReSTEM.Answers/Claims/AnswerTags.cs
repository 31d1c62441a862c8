using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary><c>&lt;answer&gt;5&lt;/answer&gt;</c> and its like.</summary>
internal static partial class AnswerTags
{
    /// <summary>Most tags, from the end, that are looked at.</summary>
    private const int MaxTags = 40;

    /// <summary>The claims in order, and whether the text breaks off within a tag.</summary>
    internal static (List<Claim> Claims, bool IsCutOff) Find(string text, string prompt, Func<string, string, bool> same)
    {
        var claims = new List<Claim>();
        int open = -1;
        int content = 0;
        var tags = Tag().Matches(text);
        for (int index = Math.Max(0, tags.Count - (2 * MaxTags)); index < tags.Count; index++)
        {
            var tag = tags[index];
            if (!tag.Groups["close"].Success)
            {
                (open, content) = (tag.Index, tag.Index + tag.Length);
                continue;
            }

            if (open >= 0 && Content(text[content..tag.Index], prompt, same) is var (answer, value))
            {
                claims.Add(new Claim(open, tag.Index + tag.Length, answer, "tag", ClaimRank.Tagged) { IsValue = value });
            }

            open = -1;
        }

        return (claims, open >= 0);
    }

    private static (string Text, bool IsValue)? Content(string inside, string prompt, Func<string, string, bool> same)
    {
        string trimmed = inside.Trim();
        if (trimmed is "" or "..." or "…" || trimmed.StartsWith("your ", StringComparison.OrdinalIgnoreCase)
            || trimmed.Equals("answer here", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (AnswerValue.Undressed(trimmed) is var whole && AnswerValue.IsValue(whole))
        {
            return (whole, true);
        }

        return AnswerExtractor.Find(trimmed, prompt, false, same) is { IsSingle: true } found ? (found.Text, true) : (whole, false);
    }

    [GeneratedRegex(@"<(?<close>/)?(?:final[ _-]?)?answer>|\[(?<close>/)?(?:FINAL[ _-]?)?ANSWER\]|<\|(?:begin|(?<close>end))_of_answer\|>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
