using System.Runtime.CompilerServices;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>A model that adds two numbers, right as often as its skill allows. Tokens are characters; completions come back out of order.</summary>
internal sealed class FakePolicy(FakeWeights weights, Action<SampleRequest> onSample, int slots) : IPolicy
{
    internal const int EndOfText = 3;

    public PolicyFingerprint Fingerprint => new(weights.Sha256, FakeEngine.Identity);

    public async IAsyncEnumerable<Completion> SampleAsync(
        IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (SampleRequest[] batch in requests.Chunk(slots))
        {
            await Task.Yield();
            foreach (SampleRequest request in batch.Reverse())
            {
                cancellationToken.ThrowIfCancellationRequested();
                onSample(request);
                yield return Draw(request);
            }
        }
    }

    public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        foreach (var ids in sequences)
        {
            int completion = ids.ToList().LastIndexOf('\n', ids.ToList().IndexOf('#') - 2 < 0 ? 0 : ids.ToList().IndexOf('#') - 2) + 1;
            float each = (float)(Math.Log(weights.SolveProbability(FakeProblem.Read([.. ids.Take(completion)]))) / (ids.Count - completion));
            yield return [.. ids.Select((_, t) => t < completion ? 0 : each)];
        }
    }

    public void Dispose()
    {
    }

    private Completion Draw(SampleRequest request)
    {
        var problem = FakeProblem.Read(request.PromptIds);
        double probability = weights.SolveProbability(problem);
        bool greedy = request.Options.Temperature == 0;
        bool right = (greedy ? 0.5 : request.Random.Uniform(0)) < probability;
        double other = greedy ? 0.5 : request.Random.Uniform(1);
        string text = right
            ? (other < 0.8 ? $"{problem.A}+{problem.B}={problem.Sum}\n#### {problem.Sum}" : $"{problem.B}+{problem.A}={problem.Sum}\n#### {problem.Sum}")
            : other < 0.1 ? "<b>I do not know</b>" : $"{problem.A}+{problem.B}={problem.Sum + 10}\n#### {problem.Sum + (other < 0.7 ? 10 : 1)}";
        int[] ids = [.. text.Select(character => (int)character), EndOfText];
        bool cut = ids.Length > request.Options.MaxTokens;
        return new Completion
        {
            ProblemId = request.ProblemId,
            Index = request.Index,
            TokenIds = cut ? ids[..request.Options.MaxTokens] : ids,
            Text = cut ? text[..request.Options.MaxTokens] : text,
            FinishReason = cut ? FinishReason.MaxTokens : FinishReason.EndOfText,
            LogProbability = Math.Log(right ? probability : 1 - probability),
        };
    }
}

/// <summary>Opens and trains fake models.</summary>
internal sealed class FakeEngine(Action<SampleRequest> onSample, int slots, ITrainer trainer) : IEngine
{
    internal const int ContextLength = 1000;

    /// <summary>A file that says that a model takes text in another way.</summary>
    internal const string OtherTokenizer = "other-tokenizer";

    internal static EngineFingerprint Identity { get; } = new("fake", "1", "text", Deterministic: true);

    public EngineFingerprint Fingerprint => Identity;

    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

    public ITrainer Trainer => trainer;

    public PolicyRef Resolve(string folder) => new(folder, FakeWeights.Load(folder).Sha256);

    public ModelInfo Describe(PolicyRef policy) => new()
    {
        Tokenizer = new FakeTokenizer(),
        ContextLength = ContextLength,
        EndTokenIds = [FakePolicy.EndOfText],
        Digests = new Dictionary<string, string> { ["configuration"] = "fake", [ModelInfo.TokenizerDigest] = File.Exists(Path.Combine(policy.Folder, OtherTokenizer)) ? "other" : "characters" },
        Description = "fake",
        VocabularySize = char.MaxValue + 1,
        ParameterCount = 2,
    };

    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => null;

    public IPolicy Open(PolicyRef policy)
    {
        var weights = FakeWeights.Load(policy.Folder);
        policy.ThrowUnlessIs(weights.Sha256);
        return new FakePolicy(weights, onSample, slots);
    }
}

/// <summary>A token is a UTF-16 unit.</summary>
internal sealed class FakeTokenizer : ITokenizer
{
    public int VocabularySize => char.MaxValue + 1;

    public int[] Encode(string text, bool addSpecialTokens) => [.. text.Select(character => (int)character)];

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) => string.Concat(ids.ToArray().Select(id => (char)id));

    public ITextStream CreateDecoder(bool skipSpecialTokens) => new Stream();

    private sealed class Stream : ITextStream
    {
        public string Append(int id) => ((char)id).ToString();

        public string Finish() => "";
    }
}
