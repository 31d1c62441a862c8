namespace ReSTEM.Core;

/// <summary>Holds the policy in use, so that evaluation and the next E-step do not load it twice. At most one is open.</summary>
public sealed class PolicyShelf(IPolicyLoader loader, IRunLedger ledger, string baseFolder) : IDisposable
{
    private int _iteration = -1;
    private IPolicy? _policy;

    /// <summary>The policy of an iteration; 0 is the base model. Closes the one given before.</summary>
    /// <exception cref="InvalidDataException">The weights on disk are not those that the ledger recorded.</exception>
    public IPolicy Get(int iteration)
    {
        if (_policy is not null && _iteration == iteration)
        {
            return _policy;
        }

        Clear();
        string folder = FolderOf(iteration);
        IPolicy policy = loader.Load(folder);
        string? expected = iteration == 0 ? null : ledger.ReadTraining(iteration)?.WeightsSha256;
        if (expected is not null && policy.Fingerprint.WeightsSha256 != expected)
        {
            string actual = policy.Fingerprint.WeightsSha256;
            policy.Dispose();
            throw new InvalidDataException(
                $"{folder}: SHA-256 of the weights is {actual}, expected {expected} (recorded when iteration {iteration} was trained). " +
                "The checkpoint was altered; restore it or start a new run.");
        }

        (_policy, _iteration) = (policy, iteration);
        return policy;
    }

    /// <summary>Folder of an iteration's policy; 0 is the base model.</summary>
    public string FolderOf(int iteration) => iteration == 0 ? baseFolder : ledger.PolicyFolder(iteration);

    /// <summary>Closes the policy, for example before training needs the memory.</summary>
    public void Clear()
    {
        _policy?.Dispose();
        _policy = null;
    }

    /// <summary>Closes the policy.</summary>
    public void Dispose() => Clear();
}
