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
        Tokenizer? tokenizer = ManagedEngine.LoadTokenizer(folder, weights.Config);
        return ManagedEngine.Open(weights, ModelFolder.WeightsSha256(folder), tokenizer, options);
    }
}
