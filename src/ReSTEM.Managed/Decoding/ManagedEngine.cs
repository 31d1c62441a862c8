using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>The engine that needs nothing but .NET.</summary>
public static class ManagedEngine
{
    /// <summary>As it stands in fingerprints.</summary>
    public const string Name = "managed";

    /// <summary>Version of the arithmetic of sampling; raised whenever bits may change.</summary>
    public const string ArithmeticVersion = "1";

    /// <summary>
    /// Opens a model in memory as a policy. The same request gives the same bits whatever the threads, the slots and the other
    /// requests.
    /// </summary>
    /// <param name="weights">Laid out anew; the arrays are not written and, but for the embedding and gains, not kept.</param>
    /// <param name="weightsSha256">For the fingerprint.</param>
    /// <param name="tokenizer">Null for a model that is used with token ids only.</param>
    /// <param name="options">How to use the machine.</param>
    public static IPolicy Open(ModelWeights weights, string weightsSha256, ITokenizer? tokenizer, EngineOptions options) =>
        new DecoderPolicy(new ManagedModel(weights, weightsSha256, options), tokenizer);

    /// <summary>The tokenizer of a model's folder; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The tokenizer is damaged, or has more tokens than the model.</exception>
    internal static Tokenizer? LoadTokenizer(string folder, ModelConfig config)
    {
        string path = Path.Combine(folder, "tokenizer.json");
        Tokenizer? tokenizer = File.Exists(path) ? Tokenizer.Load(path) : null;
        return tokenizer is null || tokenizer.VocabularySize <= config.VocabularySize
            ? tokenizer
            : throw new InvalidDataException(
                $"{path}: the tokenizer has {tokenizer.VocabularySize} tokens, expected at most {config.VocabularySize} (vocab_size of config.json).");
    }
}
