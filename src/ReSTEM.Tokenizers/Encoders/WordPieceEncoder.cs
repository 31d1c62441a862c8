using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Takes the longest token that begins a word, then the longest that goes on, until the word is done. Safe for several threads.</summary>
/// <remarks>Wu et al. 2016, arXiv:1609.08144, section 4.1; the greedy reading is BERT's.</remarks>
internal sealed class WordPieceEncoder : IPieceEncoder
{
    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuing;
    private readonly int _unknownId;
    private readonly int _longestWord;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="continuingPrefix">What tokens begin with that do not begin a word.</param>
    /// <param name="unknownId">Stands for a word that cannot be written, or that is too long.</param>
    /// <param name="longestWord">In characters.</param>
    internal WordPieceEncoder(Vocabulary vocabulary, string continuingPrefix, int unknownId, int longestWord)
    {
        _vocabulary = vocabulary;
        _unknownId = unknownId;
        _longestWord = longestWord;
        Dictionary<string, int> continuing = new(StringComparer.Ordinal);
        foreach (string token in vocabulary.ModelTokens.Where(token => token.StartsWith(continuingPrefix, StringComparison.Ordinal)))
        {
            continuing[token[continuingPrefix.Length..]] = vocabulary.TryGetModelId(token, out int id) ? id : unknownId;
        }

        _continuing = continuing.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        int before = ids.Count;
        if (piece.Length > _longestWord && CharacterCount(piece) > _longestWord)
        {
            ids.Add(_unknownId);
            return;
        }

        for (int start = 0; start < piece.Length;)
        {
            int length = LongestAt(piece[start..], isFirst: start == 0, out int id);
            if (length == 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                ids.Add(_unknownId);
                return;
            }

            ids.Add(id);
            start += length;
        }
    }

    private int LongestAt(ReadOnlySpan<char> rest, bool isFirst, out int id)
    {
        for (int length = Math.Min(rest.Length, _vocabulary.LongestToken); length > 0; length--)
        {
            bool isInsidePair = length < rest.Length && char.IsLowSurrogate(rest[length]);
            if (!isInsidePair && (isFirst ? _vocabulary.TryGetModelId(rest[..length], out id) : _continuing.TryGetValue(rest[..length], out id)))
            {
                return length;
            }
        }

        id = -1;
        return 0;
    }

    private static int CharacterCount(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
