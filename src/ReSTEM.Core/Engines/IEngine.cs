namespace ReSTEM.Core;

/// <summary>
/// Computes language models: opens policies and trains them. Made in one place from the configuration; nobody else names a
/// concrete one.
/// </summary>
public interface IEngine
{
    /// <summary>What the bits of its results depend on.</summary>
    EngineFingerprint Fingerprint { get; }

    /// <summary>What it can do.</summary>
    EngineCapabilities Capabilities { get; }

    /// <summary>Fine-tunes checkpoints.</summary>
    /// <exception cref="NotSupportedException">The engine cannot train (<see cref="EngineCapabilities.Training"/>).</exception>
    ITrainer Trainer { get; }

    /// <summary>Names the model that lies in a folder, by the digest of its weights.</summary>
    /// <exception cref="InvalidDataException">There is no model.</exception>
    PolicyRef Resolve(string folder);

    /// <summary>
    /// What is known of a model without computing it, its files checked as far as that goes without reading the weights.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others.</exception>
    ModelInfo Describe(PolicyRef policy);

    /// <summary>Memory that work with a model will take; null where the engine cannot say.</summary>
    /// <exception cref="InvalidDataException">The model's configuration is missing or damaged.</exception>
    MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use);

    /// <summary>Opens a policy.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or the weights are not those that are named.</exception>
    /// <exception cref="NotSupportedException">The policy has an adapter, and the engine has none.</exception>
    IPolicy Open(PolicyRef policy);

    /// <summary>Vectors of texts: for each sequence the mean over its tokens of the last hidden states, shape [D].</summary>
    /// <exception cref="ArgumentException">A sequence is empty, longer than the context, or has an id that is none.</exception>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or the weights are not those that are named.</exception>
    /// <exception cref="NotSupportedException">The engine does not hand hidden states out.</exception>
    IReadOnlyList<float[]> Embed(PolicyRef policy, IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"engine {Fingerprint.Name} embeds no texts, expected one that does: managed.");
}

/// <summary>What an engine can do.</summary>
/// <param name="Training">Whether it trains.</param>
/// <param name="Adapters">Whether it opens and trains adapters.</param>
/// <param name="LogProbabilities">Whether it scores given sequences.</param>
public sealed record EngineCapabilities(bool Training, bool Adapters, bool LogProbabilities);
