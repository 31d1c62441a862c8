using ReSTEM.Core;

namespace ReSTEM.Tokenizers;

/// <summary>Turns text into the token ids of a model and back, exactly as the model's files say. Safe for several threads.</summary>
/// <remarks>
/// Byte-pair encodings, unigram models and WordPiece: added tokens are found first, the rest is normalised, cut into pieces and each
/// piece written in tokens. What is read and what is refused: docs/tokenizers.md.
/// Truncation and padding settings of the file are not applied: text is always encoded whole.
/// </remarks>
public sealed class Tokenizer : ITokenizer
{
    [ThreadStatic]
    private static Buffers? _buffers;

    private readonly Vocabulary _vocabulary;
    private readonly AddedTokenFinder _rawFinder;
    private readonly AddedTokenFinder _normalizedFinder;
    private readonly TextNormalizer _normalizer;
    private readonly PreTokenizer _preTokenizer;
    private readonly IPieceEncoder _encoder;
    private readonly IReadOnlyList<Func<Action<string>, IDecoderStep>> _decoderSteps;
    private readonly SpecialTokenTemplate _template;

    internal Tokenizer(
        Vocabulary vocabulary,
        TextNormalizer normalizer,
        PreTokenizer preTokenizer,
        IPieceEncoder encoder,
        SpecialTokenTemplate template,
        IReadOnlyList<Func<Action<string>, IDecoderStep>> decoderSteps)
    {
        _vocabulary = vocabulary;
        _normalizer = normalizer;
        _preTokenizer = preTokenizer;
        _encoder = encoder;
        _template = template;
        _decoderSteps = decoderSteps;
        _rawFinder = new(vocabulary.Added.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        _normalizedFinder = new(
            vocabulary.Added.Where(token => token.Normalized).Select(token => (normalizer.Apply(token.Content), token)));
        SpecialTokens = vocabulary.Added.Where(token => token.Special).ToDictionary(token => token.Content, token => token.Id);
    }

    /// <summary>Ids lie in [0, VocabularySize); an id in between may have no token. The model's own vocabulary may be larger.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>The special tokens with their ids, for example the end token.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="folderOrFile">A model folder with tokenizer.json, else tokenizer.model or one *.tiktoken; or such a file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or needs something that is not supported; the message names it.</exception>
    public static Tokenizer Load(string folderOrFile) => TokenizerFolder.Read(folderOrFile);

    /// <summary>Reads the JSON of a tokenizer from a stream.</summary>
    /// <param name="stream">UTF-8 text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">The text is damaged or needs something that is not supported; the message names it.</exception>
    public static Tokenizer Load(Stream stream, string name) => TokenizerFile.Read(stream, name);

    /// <summary>The token ids of a text.</summary>
    /// <param name="text">Any text; half surrogate pairs are read as U+FFFD. Special tokens written in it become those tokens.</param>
    /// <param name="addSpecialTokens">Whether to put the tokens of the file's template around it, such as a begin token.</param>
    public int[] Encode(string text, bool addSpecialTokens)
    {
        text = ReplaceHalfPairs(text);
        Buffers buffers = _buffers ?? new Buffers([], new PieceText());
        _buffers = null; // an encoder that fails half-way leaves it so, and the next call starts afresh
        int[] encoded = Encode(text, addSpecialTokens, buffers);
        buffers.Trim();
        _buffers = buffers;
        return encoded;
    }

    private int[] Encode(string text, bool addSpecialTokens, Buffers buffers)
    {
        List<int> ids = buffers.Ids;
        if (addSpecialTokens)
        {
            ids.AddRange(_template.Before);
        }

        foreach ((AddedToken? token, int start, int length) in _rawFinder.Split(text))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
            }
            else
            {
                string part = length == text.Length ? text : text.Substring(start, length);
                EncodePart(_normalizer.Apply(part), beginsText: start == 0, buffers);
            }
        }

        if (addSpecialTokens)
        {
            ids.AddRange(_template.After);
        }

        return [.. ids];
    }

    /// <summary>The text of token ids.</summary>
    /// <param name="ids">Ids that have no token give no text.</param>
    /// <param name="skipSpecialTokens">Leave special tokens out.</param>
    /// <returns>Bytes that are not valid UTF-8 show as U+FFFD.</returns>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) =>
        new IncrementalDecoder(_vocabulary, _decoderSteps, skipSpecialTokens).Decode(ids);

    /// <inheritdoc/>
    public ITextStream CreateDecoder(bool skipSpecialTokens) =>
        new IncrementalDecoder(_vocabulary, _decoderSteps, skipSpecialTokens);

    /// <summary>The id of a token as the vocabulary writes it (a blank is U+0120 or U+2581), or null.</summary>
    public int? IdOf(string token) => _vocabulary.IdOf(token);

    /// <summary>The token as the vocabulary writes it, or null for an id without one.</summary>
    public string? TokenOf(int id) => _vocabulary.TokenOf(id);

    /// <summary>Whether the id is a special token's.</summary>
    public bool IsSpecial(int id) => _vocabulary.IsSpecial(id);

    private void EncodePart(string text, bool beginsText, Buffers buffers)
    {
        foreach ((AddedToken? token, int start, int length) in _normalizedFinder.Split(text))
        {
            if (token is not null)
            {
                buffers.Ids.Add(token.Id);
                continue;
            }

            PieceText pieces = buffers.Pieces;
            pieces.Begin(text.AsSpan(start, length), beginsText && start == 0);
            _preTokenizer.Split(pieces);
            foreach ((int Start, int Length) piece in pieces.Pieces)
            {
                _encoder.Encode(pieces[piece], buffers.Ids);
            }
        }
    }

    private static string ReplaceHalfPairs(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        return string.Create(text.Length, text, static (result, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                bool isPair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
                if (isPair)
                {
                    result[i] = source[i++];
                    result[i] = source[i];
                }
                else
                {
                    result[i] = char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
                }
            }
        });
    }

    /// <summary>What one call of <see cref="Encode(string, bool)"/> after the other fills.</summary>
    private sealed record Buffers(List<int> Ids, PieceText Pieces)
    {
        private const int MostKept = 1 << 18;

        internal void Trim()
        {
            Ids.Clear();
            Ids.Capacity = Math.Min(Ids.Capacity, MostKept);
            Pieces.Trim();
        }
    }
}
