namespace ReSTEM.Core;

/// <summary>What is known of a model without its weights: how it takes text, and how large it is.</summary>
public sealed record ModelInfo
{
    /// <summary>Name of the tokenizer's digest.</summary>
    public const string TokenizerDigest = "tokenizer";

    /// <summary>Null for a model that is used with token ids only, or behind a server that keeps its own.</summary>
    public required ITokenizer? Tokenizer { get; init; }

    /// <summary>Most tokens that prompt and completion may have together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Tokens that end a completion; the first is the one to train on. May be empty.</summary>
    public required IReadOnlyList<int> EndTokenIds { get; init; }

    /// <summary>Digests, by name, of everything but the weights that decides what the model gives: configuration, tokenizer.</summary>
    public required IReadOnlyDictionary<string, string> Digests { get; init; }

    /// <summary>Its family, for people.</summary>
    public required string Description { get; init; }

    /// <summary>Token ids lie in [0, VocabularySize).</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Count of weights.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Null for a model that is not talked to.</summary>
    public IChatRenderer? Chat { get; init; }

    /// <summary>The token that begins a text, where the model folder names one.</summary>
    public int? BeginTokenId { get; init; }

    /// <summary>Renders conversations for the model.</summary>
    /// <exception cref="InvalidDataException">The model is not talked to.</exception>
    public IChatRenderer ChatRenderer => Chat ?? throw new InvalidDataException(
        "the model has no chat template, expected one for prompt.format chat.");

    /// <summary>The token that ends a text; trained on as the last token of every completion.</summary>
    /// <exception cref="InvalidDataException">The model folder names none.</exception>
    public int EndOfTextId => EndTokenIds is [var first, ..]
        ? first
        : throw new InvalidDataException("eos_token_id is missing from the model folder, expected a token id.");

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">True for a prompt: adds what the tokenizer puts before a text, for example a begin token.</param>
    /// <exception cref="InvalidDataException">The model has no tokenizer.</exception>
    public int[] Encode(string text, bool addSpecialTokens) => Tokenizer?.Encode(text, addSpecialTokens)
        ?? throw new InvalidDataException("tokenizer.json is missing from the model folder, expected one to encode text.");

    /// <summary>The text of token ids with special tokens shown, for people.</summary>
    public string Show(IReadOnlyList<int> ids) => Tokenizer?.Decode([.. ids], skipSpecialTokens: false) ?? string.Join(' ', ids);

    /// <summary>Why a prompt cannot be drawn from, in words; null when it can.</summary>
    public string? PromptFault(IReadOnlyList<int> ids) =>
        ContextLimits.PromptFault(ids.Count, ContextLength) ?? ContextLimits.IdFault(ids, VocabularySize);

    /// <summary>Why a sequence cannot be scored, in words; null when it can.</summary>
    public string? SequenceFault(IReadOnlyList<int> ids) =>
        ContextLimits.SequenceFault(ids.Count, ContextLength) ?? ContextLimits.IdFault(ids, VocabularySize);
}
