using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>One engine samples, another one trains.</summary>
public sealed class SplitEngineTests
{
    private static readonly PolicyRef Policy = new("folder", "sha");

    private readonly Half _sampler = new(new EngineFingerprint("sampler", "1", "int8", Deterministic: true, "cuda card"), Estimate: new MemoryEstimate(5, 0, 0));
    private readonly Half _trainer = new(new EngineFingerprint("trainer", "2", "float32", Deterministic: true, Shapes: "2 threads"), Estimate: new MemoryEstimate(100, 70, 30));

    [Fact]
    public void Policies_are_the_samplers_and_the_trainer_is_the_trainers()
    {
        var split = new SplitEngine(_sampler, _trainer);
        Assert.Same(_sampler.Policy, split.Open(Policy));
        Assert.Same(_trainer.Trainer, split.Trainer);
        Assert.Equal("sampler", split.Resolve("folder").Sha256);
        Assert.Equal("sampler", split.Describe(Policy).Description);
        Assert.Equal(["open", "resolve", "describe"], _sampler.Asked);
        Assert.Equal(["trainer", "trainer"], _trainer.Asked); // by the other engine, and by this test
    }

    [Fact]
    public void Its_fingerprint_names_both() => Assert.Equal(
        "sampler 1 int8 on cuda card, trained by trainer 2 float32, 2 threads", new SplitEngine(_sampler, _trainer).Fingerprint.Describe());

    [Fact]
    public void Its_fingerprint_keeps_what_decides_the_samplers_bits() => Assert.Equal(
        "trainer 2 float32, 2 threads, trained by sampler 1 int8 on cuda card", new SplitEngine(_trainer, _sampler).Fingerprint.Describe());

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Equal_bits_are_promised_by_both_or_not_at_all(bool sampler, bool trainer, bool expected)
    {
        var split = new SplitEngine(
            _sampler with { Fingerprint = _sampler.Fingerprint with { Deterministic = sampler } },
            _trainer with { Fingerprint = _trainer.Fingerprint with { Deterministic = trainer } });
        Assert.Equal(expected, split.Fingerprint.Deterministic);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Adapters_need_both_training_the_trainer_and_scores_one_of_them(bool sampler, bool trainer, bool both)
    {
        var split = new SplitEngine(
            _sampler with { Capabilities = new EngineCapabilities(sampler, sampler, sampler) }, _trainer with { Capabilities = new EngineCapabilities(trainer, trainer, trainer) });
        Assert.Equal(new EngineCapabilities(Training: trainer, Adapters: both, LogProbabilities: sampler || trainer), split.Capabilities);
    }

    [Fact]
    public void An_engine_that_scores_nothing_has_the_other_score_for_it()
    {
        Half silent = _sampler with { Capabilities = new EngineCapabilities(Training: false, Adapters: true, LogProbabilities: false) };
        using IPolicy policy = new SplitEngine(silent, _trainer).Open(Policy);
        Assert.Equal("drawn by sampler", Assert.Throws<NotSupportedException>(() => policy.SampleAsync([], CancellationToken.None)).Message);
        Assert.DoesNotContain("open", _trainer.Asked); // not before it is asked for scores
        Assert.Equal("scored by trainer", Assert.Throws<NotSupportedException>(() => policy.LogProbabilities([], CancellationToken.None)).Message);
    }

    [Fact]
    public void Memory_is_of_each_its_part()
    {
        var use = new MemoryUse { PromptLength = 3, CompletionLength = 4, Optimizer = new OptimizerOptions(), Adapter = new AdapterOptions(), Validates = true };
        Assert.Equal(new MemoryEstimate(5, 70, 30), new SplitEngine(_sampler, _trainer).MemoryOf(Policy, use));
        Assert.Equal(use with { Optimizer = null, Adapter = null, Validates = false }, _sampler.Use);
        Assert.Equal(use, _trainer.Use);
        Assert.Null(new SplitEngine(_sampler with { Estimate = null }, _trainer).MemoryOf(Policy, use));
        Assert.Null(new SplitEngine(_sampler, _trainer with { Estimate = null }).MemoryOf(Policy, use));
    }

    /// <summary>An engine that remembers what it was asked for.</summary>
    private sealed record Half(EngineFingerprint Fingerprint, MemoryEstimate? Estimate) : IEngine
    {
        internal List<string> Asked { get; } = [];

        internal MemoryUse? Use { get; private set; }

        internal IPolicy Policy { get; } = new FakePolicyStub(Fingerprint.Name);

        public EngineCapabilities Capabilities { get; init; } = new(Training: true, Adapters: true, LogProbabilities: true);

        public ITrainer Trainer => Remember("trainer", _trainer);

        public PolicyRef Resolve(string folder) => Remember("resolve", new PolicyRef(folder, Fingerprint.Name));

        public ModelInfo Describe(PolicyRef policy) => Remember("describe", new ModelInfo
        {
            Tokenizer = null,
            ContextLength = 1,
            EndTokenIds = [],
            Digests = new Dictionary<string, string>(),
            Description = Fingerprint.Name,
            VocabularySize = 1,
            ParameterCount = 1,
        });

        public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use)
        {
            Use = use;
            return Estimate;
        }

        public IPolicy Open(PolicyRef policy) => Remember("open", Policy);

        private readonly FakeTrainer _trainer = new(_ => { }, () => { }, _ => { }, 1);

        private T Remember<T>(string what, T result)
        {
            Asked.Add(what);
            return result;
        }
    }

    private sealed class FakePolicyStub(string name) : IPolicy
    {
        public PolicyFingerprint Fingerprint => throw new NotSupportedException();

        public IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken) => throw new NotSupportedException($"drawn by {name}");

        public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) => throw new NotSupportedException($"scored by {name}");

        public void Dispose()
        {
        }
    }
}
