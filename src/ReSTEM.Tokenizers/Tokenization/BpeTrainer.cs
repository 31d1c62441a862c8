using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Learns a byte-level byte-pair encoding from texts.</summary>
/// <remarks>
/// Sennrich, Haddow and Birch 2016, arXiv:1508.07909, section 3.2. The same texts give the same tokenizer, bit for bit: of the pairs
/// with the highest count the one with the lowest ids is merged. Ids: the 256 bytes, the merges in order, the special tokens.
/// </remarks>
public static class BpeTrainer
{
    private const int ByteCount = 256;

    /// <summary>Fewer occurrences teach nothing.</summary>
    private const long LeastCount = 2;

    /// <summary>Trains and returns a complete tokenizer.json in UTF-8, readable by <see cref="Tokenizer.Load(Stream, string)"/> and by other libraries.</summary>
    /// <param name="texts">What to learn from; special tokens in it are treated as text.</param>
    /// <param name="pattern">Expression whose matches, and the text between them, are the pieces within which tokens merge; Oniguruma or Rust style.</param>
    /// <param name="vocabularySize">Entries wanted, special tokens included; the result has fewer when no pair is left that occurs twice.</param>
    /// <param name="specialTokens">Added last, in order; for example the end token.</param>
    /// <exception cref="ArgumentException">The size leaves no room for bytes and special tokens.</exception>
    /// <exception cref="FormatException">The pattern cannot be carried over exactly.</exception>
    public static byte[] Train(
        IEnumerable<string> texts, string pattern, int vocabularySize, IReadOnlyList<string> specialTokens)
    {
        int mergeCount = vocabularySize - ByteCount - specialTokens.Count;
        if (mergeCount < 0)
        {
            throw new ArgumentException(
                $"vocabularySize is {vocabularySize}, expected at least {ByteCount + specialTokens.Count} (256 bytes and the special tokens).",
                nameof(vocabularySize));
        }

        Words words = new(CountPieces(texts, pattern));
        List<string> tokens = [.. Enumerable.Range(0, ByteCount).Select(value => ByteAlphabet.CharacterOf((byte)value).ToString())];
        Dictionary<string, int> ids = tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id);
        List<(string Left, string Right)> merges = [];
        while (tokens.Count < ByteCount + mergeCount && words.MostFrequentPair() is { } pair)
        {
            (string left, string right) = (tokens[pair.Left], tokens[pair.Right]);
            if (!ids.TryGetValue(left + right, out int id))
            {
                id = tokens.Count;
                tokens.Add(left + right);
                ids.Add(left + right, id);
            }

            merges.Add((left, right));
            words.Merge(pair, id);
        }

        return TokenizerJson.Write(pattern, tokens, merges, specialTokens);
    }

    private static Dictionary<string, long> CountPieces(IEnumerable<string> texts, string pattern)
    {
        TextSplitter splitter = new(PatternFile.Of(pattern), SplitBehavior.Isolated, invert: false);
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        List<(int Start, int Length)> pieces = [];
        List<(int Start, int Length)> matches = [];
        foreach (string text in texts)
        {
            pieces.Clear();
            splitter.Split(text, 0, pieces, matches);
            foreach ((int start, int length) in pieces)
            {
                ReadOnlySpan<char> piece = text.AsSpan(start, length);
                lookup[piece] = lookup.TryGetValue(piece, out long count) ? count + 1 : 1;
            }
        }

        return counts;
    }

    /// <summary>The distinct pieces as token ids, with an index from pairs to the pieces that hold them.</summary>
    private sealed class Words
    {
        private readonly List<(List<int> Ids, long Count)> _words = [];
        private readonly Dictionary<(int Left, int Right), long> _counts = [];
        private readonly Dictionary<(int Left, int Right), HashSet<int>> _holders = [];
        private readonly PriorityQueue<(int Left, int Right), (long NegativeCount, int Left, int Right)> _queue = new();

        internal Words(Dictionary<string, long> pieces)
        {
            foreach ((string piece, long count) in pieces)
            {
                _words.Add(([.. Encoding.UTF8.GetBytes(piece)], count));
                CountPairs(_words.Count - 1, 1, []);
            }

            foreach ((int left, int right) in _counts.Keys)
            {
                Offer((left, right));
            }
        }

        /// <summary>Null when no pair occurs often enough.</summary>
        internal (int Left, int Right)? MostFrequentPair()
        {
            while (_queue.TryPeek(out (int Left, int Right) pair, out var priority))
            {
                long count = _counts[pair];
                if (count == -priority.NegativeCount)
                {
                    return count >= LeastCount ? pair : null;
                }

                _queue.Dequeue(); // the count has changed since; a higher one was offered anew
                if (count < -priority.NegativeCount)
                {
                    Offer(pair);
                }
            }

            return null;
        }

        internal void Merge((int Left, int Right) pair, int id)
        {
            HashSet<(int Left, int Right)> grown = [];
            foreach (int word in _holders[pair].ToArray())
            {
                CountPairs(word, -1, []);
                List<int> ids = _words[word].Ids;
                int kept = 0;
                for (int i = 0; i < ids.Count; i++)
                {
                    bool merges = i + 1 < ids.Count && ids[i] == pair.Left && ids[i + 1] == pair.Right;
                    ids[kept++] = merges ? id : ids[i];
                    i += merges ? 1 : 0;
                }

                ids.RemoveRange(kept, ids.Count - kept);
                CountPairs(word, 1, grown);
            }

            foreach ((int Left, int Right) changed in grown)
            {
                Offer(changed);
            }
        }

        private void CountPairs(int word, int sign, HashSet<(int Left, int Right)> touched)
        {
            (List<int> ids, long count) = _words[word];
            for (int i = 0; i + 1 < ids.Count; i++)
            {
                (int Left, int Right) pair = (ids[i], ids[i + 1]);
                _counts[pair] = _counts.GetValueOrDefault(pair) + (sign * count);
                touched.Add(pair);
                if (sign > 0)
                {
                    if (!_holders.TryGetValue(pair, out HashSet<int>? holders))
                    {
                        _holders[pair] = holders = [];
                    }

                    holders.Add(word);
                }
                else if (_holders.TryGetValue(pair, out HashSet<int>? holders))
                {
                    holders.Remove(word);
                }
            }
        }

        private void Offer((int Left, int Right) pair) => _queue.Enqueue(pair, (-_counts[pair], pair.Left, pair.Right));
    }
}
