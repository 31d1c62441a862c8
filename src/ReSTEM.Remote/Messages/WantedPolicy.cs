using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Remote;

/// <summary>What must answer: these weights, this engine, this configuration and tokenizer; answers of anything else are refused.</summary>
/// <param name="policy">Names the weights.</param>
/// <param name="model">Its configuration and tokenizer, as they lie here.</param>
/// <param name="engine">What computes.</param>
internal sealed class WantedPolicy(PolicyRef policy, ModelInfo model, EngineFingerprint engine)
{
    /// <summary>Its weights by place and content.</summary>
    internal PolicyRef Reference => policy;

    /// <summary>SHA-256, as a fingerprint has it.</summary>
    internal string Weights { get; } = OpenPolicy.Digest(policy);

    internal string Folder => policy.Adapter?.Folder ?? policy.Folder;

    internal ModelInfo Model => model;

    internal PolicyFingerprint Fingerprint => new(Weights, engine);

    /// <exception cref="RemoteException">The server is of something else.</exception>
    internal void ThrowUnlessIs(ServedIdentity served)
    {
        if (served.Weights != Weights)
        {
            throw new RemoteException($"its weights are {served.Weights}, expected {Weights} ({Folder})", isTransient: true);
        }

        if (served.Engine != engine)
        {
            throw new RemoteException($"it computes with {served.Engine.Describe()}, expected {engine.Describe()} as when the work began", isTransient: false);
        }

        foreach (var (name, digest) in model.Digests)
        {
            if (served.Digests.GetValueOrDefault(name) is var other && other != digest)
            {
                throw new RemoteException($"its {name} is {other ?? "unknown"}, expected {digest}, that of {policy.Folder}", isTransient: false);
            }
        }
    }

    /// <summary>The request to load it.</summary>
    internal byte[] LoadBody() => JsonSerializer.SerializeToUtf8Bytes(policy.Adapter is { } adapter
        ? new
        {
            folder = Path.GetFullPath(policy.Folder),
            sha256 = policy.Sha256,
            adapter = new { folder = Path.GetFullPath(adapter.Folder), sha256 = adapter.Sha256, merged = adapter.IsMerged },
        }
        : (object)new { folder = Path.GetFullPath(policy.Folder), sha256 = policy.Sha256 });
}
