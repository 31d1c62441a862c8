using System.Buffers;
using System.Text;

namespace ReSTEM.Models;

/// <summary>
/// Merges the characters of a piece, as byte-pair encodings made with SentencePiece do. A character without a token becomes its bytes,
/// <c>&lt;0xE2&gt;</c> and so on, or else the unknown token. Remembers words. Safe for several threads.
/// </summary>
/// <remarks>
/// SentencePiece gives whole texts as one piece. Where no token has U+2581 behind another character, no merge crosses the place before
/// one, so a text is the same as its words one by one.
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

    internal CharacterEncoder(Vocabulary vocabulary, MergeTable merges, CharacterEncoderOptions options)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _idOfByte = options.ByteFallback ? [.. Enumerable.Range(0, 256).Select(value => ByteTokens.IdOf(vocabulary, value))] : null;
        bool isPlain = options is { IgnoreMerges: false, ContinuingPrefix: "", EndSuffix: "" };
        _cutsAtBlanks = isPlain && vocabulary.TryGetModelId([Blank], out _) && !vocabulary.ModelTokens.Any(HasInnerBlank);
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

    /// <summary>Up to the first blank that stands behind another character.</summary>
    private static int WordLength(ReadOnlySpan<char> piece)
    {
        int letters = piece.IndexOfAnyExcept(Blank);
        int blank = letters < 0 ? -1 : piece[letters..].IndexOf(Blank);
        return blank < 0 ? piece.Length : letters + blank;
    }

    private static bool HasInnerBlank(string token) => WordLength(token) < token.Length;
}
