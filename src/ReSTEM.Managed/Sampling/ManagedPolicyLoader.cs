using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>Opens Hugging Face folders on the managed engine; a folder without tokenizer.json is used with token ids.</summary>
public sealed class ManagedPolicyLoader(EngineOptions options) : IPolicyLoader
{
    /// <inheritdoc/>
    public IPolicy Load(string folder)
    {
        ModelWeights weights = ModelFolder.Load(folder);
        string tokenizerPath = Path.Combine(folder, "tokenizer.json");
        Tokenizer? tokenizer = File.Exists(tokenizerPath) ? Tokenizer.Load(tokenizerPath) : null;
        if (tokenizer is not null && tokenizer.VocabularySize > weights.Config.VocabularySize)
        {
            throw new InvalidDataException(
                $"{tokenizerPath}: the tokenizer has {tokenizer.VocabularySize} tokens, expected at most {weights.Config.VocabularySize} (vocab_size of config.json).");
        }

        return new ManagedPolicy(weights, ModelFolder.WeightsSha256(folder), tokenizer, options);
    }
}
