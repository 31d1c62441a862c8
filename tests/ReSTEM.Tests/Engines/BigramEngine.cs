using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

/// <summary>
/// A second engine over the shared scheduler and course: a model of one table. Small enough to derive what it must give, real
/// enough to learn.
/// </summary>
internal sealed class BigramEngine(BigramOptions options) : IEngine, IStepperSource
{
    internal BigramEngine()
        : this(new BigramOptions())
    {
    }

    /// <summary>Steps that were computed, those done again included.</summary>
    internal int StepCount { get; set; }

    public EngineFingerprint Fingerprint => Identity;

    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

    public ITrainer Trainer => new CourseTrainer(this);

    internal static EngineFingerprint Identity { get; } = new("bigram", "1", "float32", Deterministic: true);

    public string WeightsSha256(string folder) => BigramWeights.HashOf(folder);

    public PolicyRef Resolve(string folder) => new(folder, BigramWeights.HashOf(folder));

    public ModelInfo Describe(PolicyRef policy) => new()
    {
        Tokenizer = BigramWeights.Tokenizer,
        ContextLength = BigramWeights.ContextLength,
        EndTokenIds = [CharacterTokenizer.EndToken],
        Digests = new Dictionary<string, string> { ["configuration"] = "bigram", [ModelInfo.TokenizerDigest] = "characters" },
        Description = "bigram",
        VocabularySize = BigramWeights.VocabularySize,
        ParameterCount = BigramWeights.VocabularySize * BigramWeights.VocabularySize,
    };

    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => null;

    public IPolicy Open(PolicyRef policy)
    {
        policy.ThrowUnlessIs(BigramWeights.HashOf(policy.Folder));
        return Open(BigramWeights.Load(policy.Folder));
    }

    IStepper IStepperSource.Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? adapter) => new BigramStepper(policy.Folder, optimizer, this);

    internal IPolicy Open(BigramWeights weights) => new DecoderPolicy(new BigramModel(weights, options), BigramWeights.Tokenizer);
}
