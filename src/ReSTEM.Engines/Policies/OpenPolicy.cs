using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Engines;

/// <summary>A policy's folder, open for reading: weights with the adapter that is computed beside them, and what goes with them.</summary>
public sealed class OpenPolicy : IDisposable
{
    private readonly StoredModel _stored;

    /// <summary>Takes the stored model over.</summary>
    internal OpenPolicy(StoredModel stored, Adapter? adapter, PolicyRef policy)
    {
        _stored = stored;
        Sha256 = Digest(policy);
        Weights = adapter is not null && policy.Adapter!.IsMerged ? new MergedWeights(stored, adapter) : stored;
        Adapter = policy.Adapter is { IsMerged: false } ? adapter : null;
        Tokenizer = ModelDescription.TokenizerOf(policy.Folder, stored.Config);
    }

    /// <summary>The weights, a merged adapter added in.</summary>
    public IWeightSource Weights { get; }

    /// <summary>What is computed beside the weights; null for nothing.</summary>
    public Adapter? Adapter { get; }

    /// <summary>For the fingerprint.</summary>
    public string Sha256 { get; }

    /// <summary>Null for a model that is used with token ids only.</summary>
    public ITokenizer? Tokenizer { get; }

    /// <summary>The digest that goes on samples of a policy: of the weights, and of the adapter where there is one.</summary>
    public static string Digest(PolicyRef policy) =>
        policy.Adapter is { } adapter ? $"{policy.Sha256}+{adapter.Sha256}" : policy.Sha256;

    /// <summary>Closes the files.</summary>
    public void Dispose() => _stored.Dispose();
}
