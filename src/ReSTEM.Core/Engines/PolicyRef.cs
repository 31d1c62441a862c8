namespace ReSTEM.Core;

/// <summary>Names a policy by content and by place.</summary>
/// <param name="Folder">Hugging Face folder of the model, or of what an adapter changes.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the weights there: what is opened must have it.</param>
/// <param name="Adapter">What is put on top; null for a model by itself.</param>
public sealed record PolicyRef(string Folder, string Sha256, AdapterRef? Adapter = null)
{
    /// <summary>What is put on top; null for a model by itself.</summary>
    /// <exception cref="ArgumentException">The adapter was trained on other weights.</exception>
    public AdapterRef? Adapter { get; } = Adapter is null || Adapter.BaseSha256 == Sha256
        ? Adapter
        : throw new ArgumentException(
            $"{Adapter.Folder} is an adapter for the weights {Adapter.BaseSha256}, expected one for {Sha256} ({Folder}).", nameof(Adapter));

    /// <summary>Refuses weights that are not those that were named: a checkpoint that was altered.</summary>
    /// <param name="actual">SHA-256 of the weights that were found in <see cref="Folder"/>.</param>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public void ThrowUnlessIs(string actual)
    {
        if (actual != Sha256)
        {
            throw new InvalidDataException(
                $"{Folder}: SHA-256 of the weights is {actual}, expected {Sha256}. The checkpoint was altered; restore it or start a new run.");
        }
    }
}

/// <summary>Names an adapter, for example low-rank factors.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of its weights.</param>
/// <param name="BaseSha256">SHA-256 of the weights that it was trained on; it fits no others.</param>
/// <param name="IsMerged">Whether it is sampled added into the weights, or beside them.</param>
public sealed record AdapterRef(string Folder, string Sha256, string BaseSha256, bool IsMerged = true);
