using System.Buffers;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>How a unigram model's tokens are scored and what becomes of characters without one.</summary>
/// <param name="Scores">Log probabilities, by id.</param>
/// <param name="UnknownId">Stands for characters that no token covers; null when there is no such token.</param>
/// <param name="ByteFallback">Whether their bytes may stand for them.</param>
/// <param name="IsSinglePrecision">Add scores as SentencePiece does, in single precision, which decides near ties.</param>
/// <param name="UnknownScore">Of a character that no token covers.</param>
internal sealed record UnigramOptions(
    IReadOnlyList<double> Scores, int? UnknownId, bool ByteFallback, bool IsSinglePrecision, double UnknownScore)
{
    /// <summary>How much worse than the worst token a character without one is.</summary>
    internal const double UnknownPenalty = 10;

    /// <summary>Ids that are no way to write a text.</summary>
    internal IReadOnlySet<int> Unused { get; init; } = new HashSet<int>();
}

/// <summary>Finds the most probable way to write a piece in tokens. Remembers short pieces. Safe for several threads.</summary>
/// <remarks>Kudo 2018, arXiv:1804.10959, section 3.2; Viterbi 1967. Of equally probable ways the one found first from the left wins.</remarks>
internal sealed class UnigramEncoder : IPieceEncoder
{
    private readonly Vocabulary _vocabulary;
    private readonly UnigramOptions _options;
    private readonly TextTrie _trie = new();
    private readonly int[]? _idOfByte;
    private readonly PieceMemory _memory = new();

    internal UnigramEncoder(Vocabulary vocabulary, UnigramOptions options)
    {
        _vocabulary = vocabulary;
        _options = options;
        _idOfByte = options.ByteFallback ? [.. Enumerable.Range(0, 256).Select(value => ByteTokens.IdOf(vocabulary, value))] : null;
        foreach (string token in vocabulary.ModelTokens)
        {
            if (vocabulary.TryGetModelId(token, out int id) && !options.Unused.Contains(id) && token.Length > 0)
            {
                _trie.Add(token, id);
            }
        }
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_memory.TryAppend(piece, ids))
        {
            return;
        }

        int first = ids.Count;
        Node[] nodes = ArrayPool<Node>.Shared.Rent(piece.Length + 1);
        FindBest(piece, nodes.AsSpan(0, piece.Length + 1));
        AddPath(piece, nodes, ids);
        ArrayPool<Node>.Shared.Return(nodes);
        _memory.Remember(piece, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[first..]);
    }

    /// <summary>For every place the best way to write the text before it.</summary>
    private void FindBest(ReadOnlySpan<char> piece, Span<Node> nodes)
    {
        nodes.Fill(new Node(0, -1, -1));
        for (int start = 0; start < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[start..], out _, out int units);
            bool isCovered = false;
            int node = TextTrie.Root;
            for (int end = start; end < piece.Length && _trie.TryFollow(ref node, piece[end], out int id); end++)
            {
                if (id != TextTrie.NoValue)
                {
                    Offer(nodes, start, end + 1, id, nodes[start].Score + _options.Scores[id]);
                    isCovered |= end + 1 == start + units;
                }
            }

            if (!isCovered)
            {
                double total = nodes[start].Score + _options.UnknownScore;
                Offer(nodes, start, start + units, _options.UnknownId ?? throw new InvalidDataException(
                    $"The tokenizer's vocabulary has no token for '{JsonPart.OneLine(piece.Slice(start, units).ToString())}', expected one, or an unknown token."), _options.IsSinglePrecision ? (float)total : total);
            }

            start += units;
        }
    }

    private void Offer(Span<Node> nodes, int start, int end, int id, double total)
    {
        if (nodes[end].Start < 0 || total > nodes[end].Score)
        {
            nodes[end] = new Node(_options.IsSinglePrecision ? (float)total : total, start, id);
        }
    }

    /// <summary>Walks back from the end, joining unknown characters in a row, and appends what it met in reverse.</summary>
    private void AddPath(ReadOnlySpan<char> piece, Node[] nodes, List<int> ids)
    {
        int first = ids.Count;
        for (int end = piece.Length; end > 0;)
        {
            Node node = nodes[end];
            int start = node.Start;
            if (node.Id != _options.UnknownId)
            {
                ids.Add(node.Id);
                end = start;
                continue;
            }

            while (start > 0 && nodes[start].Id == _options.UnknownId)
            {
                start = nodes[start].Start;
            }

            AddUnknown(piece[start..end], ids);
            end = start;
        }

        ids.Reverse(first, ids.Count - first);
    }

    /// <summary>Appends a text without a token, the last byte first.</summary>
    private void AddUnknown(ReadOnlySpan<char> text, List<int> ids)
    {
        int first = ids.Count;
        bool isToken = _vocabulary.TryGetModelId(text, out int whole);
        if (isToken || _idOfByte is null)
        {
            ids.Add(isToken ? whole : _options.UnknownId!.Value);
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                ids.Add(_idOfByte[value]);
            }
        }

        if (ids.IndexOf(-1, first) >= 0)
        {
            ids.RemoveRange(first, ids.Count - first);
            ids.Add(_options.UnknownId!.Value);
        }
        else
        {
            ids.Reverse(first, ids.Count - first);
        }
    }

    /// <summary>The best way to a place: its score, where its last token starts, and that token.</summary>
    private readonly record struct Node(double Score, int Start, int Id);
}
