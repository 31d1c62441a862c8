namespace ReSTEM.Tokenizers;

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
/// <param name="pattern">Where to cut.</param>
/// <param name="behavior">What becomes of the matches.</param>
/// <param name="invert">Treat what lies between matches as the matches.</param>
internal sealed class TextSplitter(ITextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizerStep
{
    public void Apply(PieceText text) => text.Cut(this);

    /// <summary>Appends the non-empty pieces of <paramref name="text"/>, as places counted from <paramref name="offset"/>.</summary>
    /// <param name="text">What to cut.</param>
    /// <param name="offset">Where it stands.</param>
    /// <param name="pieces">Is appended to.</param>
    /// <param name="matches">A list to use, whatever it holds.</param>
    internal void Split(
        ReadOnlySpan<char> text, int offset, List<(int Start, int Length)> pieces, List<(int Start, int Length)> matches)
    {
        pattern.Matches(text, matches);
        int first = pieces.Count;
        int done = 0;
        bool previousIsMatch = false;
        foreach ((int start, int length) in matches)
        {
            Add(done, start, isMatch: invert);
            Add(start, start + length, isMatch: !invert);
            done = start + length;
        }

        Add(done, text.Length, isMatch: invert);

        void Add(int start, int end, bool isMatch)
        {
            if (end == start || (isMatch && behavior == SplitBehavior.Removed))
            {
                return;
            }

            bool joins = pieces.Count > first && behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !previousIsMatch,
                SplitBehavior.MergedWithNext => !isMatch && previousIsMatch,
                SplitBehavior.Contiguous => isMatch == previousIsMatch,
                _ => false,
            };
            if (joins)
            {
                pieces[^1] = (pieces[^1].Start, offset + end - pieces[^1].Start);
            }
            else
            {
                pieces.Add((offset + start, end - start));
            }

            previousIsMatch = isMatch;
        }
    }
}
