namespace ReSTEM.Core;

/// <summary>A policy with what is needed to prompt it.</summary>
/// <param name="Policy">Draws.</param>
/// <param name="Model">Encodes.</param>
/// <param name="IsUntrained">
/// Whether this run has not trained it: the base model, or a teacher in its place. Decided where a policy is opened, and nowhere else;
/// <see cref="PromptOptions"/> say what follows from it.
/// </param>
public sealed record PromptedPolicy(IPolicy Policy, ModelInfo Model, bool IsUntrained) : IDisposable
{
    /// <summary>Where it lies, for who opens it elsewhere; null for weights in memory alone.</summary>
    public PolicySource? Source { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Policy.Dispose();
}
