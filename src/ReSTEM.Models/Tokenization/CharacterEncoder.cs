using System.Text;

namespace ReSTEM.Models;

/// <summary>
/// Merges the characters of a piece, as byte-pair encodings made with SentencePiece do. A character without a token becomes its bytes,
/// <c>&lt;0xE2&gt;</c> and so on, or else the unknown token.
/// </summary>
internal sealed class CharacterEncoder : IPieceEncoder
{
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly CharacterEncoderOptions _options;
    private readonly int[]? _idOfByte;

    internal CharacterEncoder(Vocabulary vocabulary, MergeTable merges, CharacterEncoderOptions options)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _idOfByte = options.ByteFallback ? [.. Enumerable.Range(0, 256).Select(IdOfByte)] : null;
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_options.IgnoreMerges && _vocabulary.TryGetModelId(piece, out int whole))
        {
            ids.Add(whole);
            return;
        }

        List<int> symbols = new(piece.Length);
        bool afterUnknown = false;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in piece.EnumerateRunes())
        {
            bool known = _vocabulary.TryGetModelId(rune.ToString(), out int id);
            ReadOnlySpan<byte> bytes = utf8[..rune.EncodeToUtf8(utf8)];
            bool unknown = !known && !TryAddBytes(bytes, symbols);
            if (known)
            {
                symbols.Add(id);
            }
            else if (unknown && !(afterUnknown && _options.FuseUnknown))
            {
                symbols.Add(_options.UnknownId ?? throw new InvalidDataException(
                    $"The tokenizer's vocabulary has no token for '{rune}', expected one, or one for each of its bytes, or an unknown token."));
            }

            afterUnknown = unknown;
        }

        int[] merged = [.. symbols];
        ids.AddRange(merged.AsSpan(0, _merges.Apply(merged)));
    }

    private bool TryAddBytes(ReadOnlySpan<byte> bytes, List<int> symbols)
    {
        if (_idOfByte is null)
        {
            return false;
        }

        foreach (byte value in bytes)
        {
            if (_idOfByte[value] < 0)
            {
                return false;
            }
        }

        foreach (byte value in bytes)
        {
            symbols.Add(_idOfByte[value]);
        }

        return true;
    }

    private int IdOfByte(int value) => _vocabulary.TryGetModelId($"<0x{value:X2}>", out int id) ? id : -1;
}

/// <summary>What a model says about characters without a token.</summary>
/// <param name="ByteFallback">Whether their bytes may stand for them.</param>
/// <param name="UnknownId">What stands for them otherwise; null when there is no such token.</param>
/// <param name="FuseUnknown">Whether unknown characters in a row become one token.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token as a whole becomes that token, whatever the merges say.</param>
internal sealed record CharacterEncoderOptions(bool ByteFallback, int? UnknownId, bool FuseUnknown, bool IgnoreMerges);
