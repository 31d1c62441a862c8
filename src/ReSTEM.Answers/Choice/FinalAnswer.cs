namespace ReSTEM.Answers;

/// <summary>Finds the final answer of a completion for the exact-match rule.</summary>
internal static class FinalAnswer
{
    private static readonly string[] Phrases = ["answer is", "answer:", "answer is:"];

    /// <summary>Most places of one phrase, from the end, that are looked at.</summary>
    private const int MaxPlaces = 40;

    /// <summary>
    /// What the tags, boxes, lines with #### and phrases commit to; else a completion of one line by itself. Null when there is none; not
    /// single when different answers stand beside each other.
    /// </summary>
    internal static Extraction? Find(string completion, string prompt, ExactAnswerKind kind)
    {
        bool Same(string answer, string other) => ExactAnswer.Canonical(answer, kind) is { } key && key == ExactAnswer.Canonical(other, kind);
        if (kind == ExactAnswerKind.Label)
        {
            return AnswerExtractor.Find(completion, prompt, false, Same) ?? Whole(Layout.Plain(completion));
        }

        string text = Layout.Plain(completion);
        var claims = AnswerTags.Find(text, prompt, Same).Claims;
        if (claims.Count == 0)
        {
            claims = [.. BoxClaims.Find(text, prompt, Same).Claims, .. Marked(text), .. Stated(text)];
            claims.Sort(static (claim, other) => claim.Start.CompareTo(other.Start));
        }

        return claims.Count > 0 ? Commitment.Of(text, claims, Same) : Whole(text);
    }

    private static IEnumerable<Claim> Marked(string text)
    {
        int marker = text.LastIndexOf("####", StringComparison.Ordinal);
        if (marker >= 0)
        {
            string line = LineAt(text, marker + 4);
            yield return new Claim(marker, marker + 4 + line.Length, Tidied(line), "marker", ClaimRank.Final);
        }
    }

    private static IEnumerable<Claim> Stated(string text)
    {
        var starts = new SortedSet<int>();
        foreach (string phrase in Phrases)
        {
            int before = text.Length;
            for (int place = 0; place < MaxPlaces && before > 0; place++)
            {
                before = text.LastIndexOf(phrase, before - 1, StringComparison.OrdinalIgnoreCase);
                if (before < 0)
                {
                    break;
                }

                starts.Add(before + phrase.Length);
            }
        }

        foreach (int start in starts)
        {
            string line = LineAt(text, start);
            if (line.Length > 0 && !line.Contains("\\boxed", StringComparison.Ordinal))
            {
                bool denied = line.StartsWith("not ", StringComparison.OrdinalIgnoreCase);
                yield return new Claim(start, start + line.Length, Tidied(denied ? line[4..] : line), "phrase", ClaimRank.Plain) { IsDenied = denied };
            }
        }
    }

    private static Extraction? Whole(string text) =>
        text.Length is > 0 and <= 300 && !text.Contains('\n', StringComparison.Ordinal) ? new Extraction(Tidied(text), "whole") : null;

    private static string LineAt(string text, int start)
    {
        var rest = text.AsSpan(start).TrimStart(" :*\r\n");
        int end = rest.IndexOfAny('\n', '\r');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>Without emphasis, quotes, blanks, text commands and the closing period.</summary>
    private static string Tidied(string answer)
    {
        string tidy = answer.Trim().Trim('*', '`', '$').Trim();
        tidy = tidy.EndsWith('.') ? tidy[..^1] : tidy;
        tidy = tidy.Trim().Trim('*', '`', '$', '"', '\'').Trim();
        return tidy.StartsWith("\\text{", StringComparison.Ordinal) && tidy.EndsWith('}') ? tidy[6..^1] : tidy;
    }
}
