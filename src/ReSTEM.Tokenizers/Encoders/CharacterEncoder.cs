using System.Buffers;
using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>
/// Merges the characters of a piece, as byte-pair encodings made with SentencePiece do. A character without a token becomes its bytes,
/// <c>&lt;0xE2&gt;</c> and so on, or else the unknown token. Remembers words. Safe for several threads.
/// </summary>
/// <remarks>
/// SentencePiece gives whole texts as one piece. Where no token has a certain character and U+2581 in a row, no merge crosses the place
/// between the two, so a text is the same as its words one by one. (In Gemma's vocabulary one character, '>', has such a token.)
/// </remarks>
internal sealed class CharacterEncoder : IPieceEncoder
{
    private const char Blank = '\u2581';

    /// <summary>More symbols than this for one character are out of the question.</summary>
    private const int BytesOfUnit = 3;

    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly CharacterEncoderOptions _options;
    private readonly int[]? _idOfByte;
    private readonly PieceMemory _memory = new();
    private readonly bool _cutsAtBlanks;
    private readonly HashSet<char> _beforeBlanks;

    internal CharacterEncoder(Vocabulary vocabulary, MergeTable merges, CharacterEncoderOptions options)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _idOfByte = options.ByteFallback ? [.. Enumerable.Range(0, 256).Select(value => ByteTokens.IdOf(vocabulary, value))] : null;
        bool isPlain = options is { IgnoreMerges: false, ContinuingPrefix: "", EndSuffix: "" };
        _cutsAtBlanks = isPlain && vocabulary.TryGetModelId([Blank], out _);
        _beforeBlanks = [Blank, .. vocabulary.ModelTokens.Where(token => token.LastIndexOf(Blank) > 0).SelectMany(CharactersBeforeBlanks)];
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_options.Frozen is { } frozen && frozen.TryGetValue(piece.ToString(), out int frozenId))
        {
            ids.Add(frozenId);
            return;
        }

        while (_cutsAtBlanks && WordLength(piece) is var length && length < piece.Length)
        {
            EncodeWord(piece[..length], ids);
            piece = piece[length..];
        }

        EncodeWord(piece, ids);
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_memory.TryAppend(word, ids))
        {
            return;
        }

        if (_options.IgnoreMerges && _vocabulary.TryGetModelId(word, out int whole))
        {
            ids.Add(whole);
            return;
        }

        int[] symbols = ArrayPool<int>.Shared.Rent(MostSymbols(word));
        int count = _merges.Apply(symbols.AsSpan(0, Symbols(word, symbols)));
        _memory.Remember(word, symbols.AsSpan(0, count));
        ids.AddRange(symbols.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(symbols);
    }

    private int MostSymbols(ReadOnlySpan<char> word) =>
        BytesOfUnit * ((word.Length * (1 + _options.ContinuingPrefix.Length)) + _options.EndSuffix.Length);

    private int Symbols(ReadOnlySpan<char> word, Span<int> symbols)
    {
        int count = 0;
        bool afterUnknown = false;
        for (int i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out _, out int units);
            ReadOnlySpan<char> symbol = Written(word.Slice(i, units), isFirst: i == 0, isLast: i + units == word.Length);
            i += units;
            bool known = _vocabulary.TryGetModelId(symbol, out int id);
            bool unknown = !known && !TryAddBytes(symbol, symbols, ref count);
            if (known)
            {
                symbols[count++] = id;
            }
            else if (unknown && !(afterUnknown && _options.FuseUnknown))
            {
                symbols[count++] = _options.UnknownId ?? throw new InvalidDataException(
                    $"The tokenizer's vocabulary has no token for '{JsonPart.OneLine(symbol.ToString())}', expected one, or one for each of its bytes, or an unknown token.");
            }

            afterUnknown = unknown;
        }

        return count;
    }

    private ReadOnlySpan<char> Written(ReadOnlySpan<char> character, bool isFirst, bool isLast)
    {
        string before = isFirst ? "" : _options.ContinuingPrefix;
        string after = isLast ? _options.EndSuffix : "";
        return before.Length + after.Length == 0 ? character : $"{before}{character}{after}";
    }

    private bool TryAddBytes(ReadOnlySpan<char> symbol, Span<int> symbols, ref int count)
    {
        if (_idOfByte is null)
        {
            return false;
        }

        Span<byte> utf8 = symbol.Length <= 64 ? stackalloc byte[BytesOfUnit * 64] : new byte[BytesOfUnit * symbol.Length];
        utf8 = utf8[..Encoding.UTF8.GetBytes(symbol, utf8)];
        foreach (byte value in utf8)
        {
            if (_idOfByte[value] < 0)
            {
                return false;
            }
        }

        foreach (byte value in utf8)
        {
            symbols[count++] = _idOfByte[value];
        }

        return true;
    }

    /// <summary>Up to the first blank that no token joins to what is before it.</summary>
    private int WordLength(ReadOnlySpan<char> piece)
    {
        for (int end = 1; end < piece.Length; end++)
        {
            int skipped = piece[end..].IndexOf(Blank);
            if (skipped < 0)
            {
                break;
            }

            end += skipped;
            if (!_beforeBlanks.Contains(piece[end - 1]))
            {
                return end;
            }
        }

        return piece.Length;
    }

    private static IEnumerable<char> CharactersBeforeBlanks(string token) =>
        Enumerable.Range(1, token.Length - 1).Where(place => token[place] == Blank).Select(place => token[place - 1]);
}
