namespace ReSTEM.Models;

/// <summary>What becomes of the matches of a splitting pattern; the names are those of tokenizer.json.</summary>
internal enum SplitBehavior
{
    /// <summary>Matches are dropped.</summary>
    Removed,

    /// <summary>Each match is a piece of its own.</summary>
    Isolated,

    /// <summary>A match joins the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>A match joins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Matches in a row make one piece.</summary>
    Contiguous,
}

/// <summary>Cuts text at the matches of a pattern.</summary>
/// <param name="pattern">The expression, over code points.</param>
/// <param name="behavior">What becomes of the matches.</param>
/// <param name="invert">Treat what lies between matches as the matches.</param>
internal sealed class TextSplitter(CodePointRegex pattern, SplitBehavior behavior, bool invert)
{
    /// <summary>Appends the non-empty pieces of <paramref name="text"/>, as places counted from <paramref name="offset"/>.</summary>
    internal void Split(ReadOnlySpan<char> text, int offset, List<(int Start, int Length)> pieces)
    {
        List<(int Start, int Length)> matches = [];
        pattern.Matches(text, matches);
        if (behavior == SplitBehavior.Isolated)
        {
            Isolate(text.Length, offset, matches, pieces);
            return;
        }

        List<(int Start, int End, bool IsMatch)> parts = Parts(text.Length, matches);
        foreach ((int start, int end) in behavior switch
        {
            SplitBehavior.Removed => parts.Where(part => !part.IsMatch).Select(part => (part.Start, part.End)),
            SplitBehavior.MergedWithPrevious => Merge(parts, (isMatch, previousIsMatch) => isMatch && !previousIsMatch),
            SplitBehavior.Contiguous => Merge(parts, (isMatch, previousIsMatch) => isMatch == previousIsMatch),
            _ => MergeWithNext(parts),
        })
        {
            if (end > start)
            {
                pieces.Add((offset + start, end - start));
            }
        }
    }

    private static void Isolate(
        int length, int offset, List<(int Start, int Length)> matches, List<(int Start, int Length)> pieces)
    {
        int done = 0;
        foreach ((int start, int matchLength) in matches)
        {
            if (start > done)
            {
                pieces.Add((offset + done, start - done));
            }

            if (matchLength > 0)
            {
                pieces.Add((offset + start, matchLength));
            }

            done = start + matchLength;
        }

        if (length > done)
        {
            pieces.Add((offset + done, length - done));
        }
    }

    private List<(int Start, int End, bool IsMatch)> Parts(int length, List<(int Start, int Length)> matches)
    {
        List<(int Start, int End, bool IsMatch)> parts = [];
        int done = 0;
        foreach ((int start, int matchLength) in matches)
        {
            if (start > done)
            {
                parts.Add((done, start, invert));
            }

            parts.Add((start, start + matchLength, !invert));
            done = start + matchLength;
        }

        if (length > done)
        {
            parts.Add((done, length, invert));
        }

        return parts;
    }

    private static List<(int Start, int End)> Merge(
        List<(int Start, int End, bool IsMatch)> parts, Func<bool, bool, bool> joinsPrevious)
    {
        List<(int Start, int End)> merged = [];
        bool previousIsMatch = false;
        foreach ((int start, int end, bool isMatch) in parts)
        {
            if (merged.Count > 0 && joinsPrevious(isMatch, previousIsMatch))
            {
                merged[^1] = (merged[^1].Start, end);
            }
            else
            {
                merged.Add((start, end));
            }

            previousIsMatch = isMatch;
        }

        return merged;
    }

    private static List<(int Start, int End)> MergeWithNext(List<(int Start, int End, bool IsMatch)> parts)
    {
        List<(int Start, int End)> merged = [];
        bool nextIsMatch = false;
        foreach ((int start, int end, bool isMatch) in Enumerable.Reverse(parts))
        {
            if (merged.Count > 0 && isMatch && !nextIsMatch)
            {
                merged[^1] = (start, merged[^1].End);
            }
            else
            {
                merged.Add((start, end));
            }

            nextIsMatch = isMatch;
        }

        merged.Reverse();
        return merged;
    }
}
