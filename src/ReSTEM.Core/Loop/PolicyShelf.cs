namespace ReSTEM.Core;

/// <summary>
/// Opens the policies of a run, and holds the one in use, so that evaluation and the next E-step do not open it twice. At most one is
/// open. Whether a policy counts as trained by this run is decided here.
/// </summary>
public sealed class PolicyShelf(IEngine engine, IRunLedger ledger, PolicyRef baseModel, AdapterOptions? adapter) : IDisposable
{
    private int _iteration = -1;
    private PromptedPolicy? _policy;

    /// <summary>What is known of the base model without opening it.</summary>
    public ModelInfo BaseInfo => field ??= engine.Describe(baseModel);

    /// <summary>The policy of an iteration; 0 is the base model. Closes the one given before.</summary>
    /// <exception cref="InvalidDataException">The weights on disk are not those that the ledger recorded.</exception>
    public PromptedPolicy Get(int iteration)
    {
        if (_policy is null || _iteration != iteration)
        {
            Clear();
            PolicyRef named = Ref(iteration);
            _policy = new PromptedPolicy(engine.Open(named), BaseInfo, IsUntrained: iteration == 0) { Source = new PolicySource(named, IsTeacher: false) };
            _iteration = iteration;
        }

        return _policy;
    }

    /// <summary>Names an iteration's policy; 0 is the base model.</summary>
    /// <exception cref="InvalidOperationException">The iteration has not been trained.</exception>
    /// <exception cref="InvalidDataException">Its files are not those that were written.</exception>
    public PolicyRef Ref(int iteration)
    {
        if (iteration == 0)
        {
            return baseModel;
        }

        var trained = ledger.Training.Read(iteration)
            ?? throw new InvalidOperationException($"iteration {iteration} has no policy, expected one that was trained.");
        ledger.Files.Require(iteration, ledger.Paths.Policy(iteration));
        return Trained(ledger.Paths.Policy(iteration), trained.WeightsSha256);
    }

    private PolicyRef Trained(string folder, string sha256) => adapter is null
        ? new PolicyRef(folder, sha256)
        : new PolicyRef(baseModel.Folder, baseModel.Sha256, new AdapterRef(folder, sha256, baseModel.Sha256, adapter.Merged));

    /// <summary>Whether a model takes text as the base model does, so that token ids mean the same; true for no model.</summary>
    public bool HasBaseTokenizer(PolicyRef? model) =>
        model is null || engine.Describe(model).Digests.GetValueOrDefault(ModelInfo.TokenizerDigest) == BaseInfo.Digests.GetValueOrDefault(ModelInfo.TokenizerDigest);

    /// <summary>Opens a model that is sampled in place of the run's own policies; the caller closes it.</summary>
    public PromptedPolicy Teacher(PolicyRef teacher) => new(engine.Open(teacher), engine.Describe(teacher), IsUntrained: true)
    {
        Source = new PolicySource(teacher, IsTeacher: true),
    };

    /// <summary>A policy that is being trained; the caller closes it.</summary>
    public PromptedPolicy Candidate(IPolicy policy) => new(policy, BaseInfo, IsUntrained: false);

    /// <summary>Closes the policy, for example before training needs the memory.</summary>
    public void Clear()
    {
        _policy?.Dispose();
        _policy = null;
    }

    /// <summary>Closes the policy.</summary>
    public void Dispose() => Clear();
}
