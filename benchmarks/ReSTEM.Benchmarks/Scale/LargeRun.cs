using System.Globalization;
using System.Runtime.CompilerServices;
using ReSTEM.Cluster;
using ReSTEM.Core;

namespace ReSTEM.Benchmarks;

/// <summary>
/// An iteration of many samples without a model: completions, verdicts and training cost nothing, so that what is left is the loop's own work. Every
/// completion is another text of 200 tokens, every other one is right, and all right ones are trained on.
/// </summary>
/// <param name="problems">Of the run.</param>
/// <param name="samplesEach">Of each problem.</param>
/// <param name="isDrawn">Is told when the policy is asked for a sample.</param>
/// <param name="onTrain">Is told when training begins, and when it ends.</param>
internal sealed class LargeRun(int problems, int samplesEach, Action isDrawn, Action<string> onTrain) : IEngine, IPolicy, ITrainer, IVerifier, ITokenizer, ITextStream
{
    private const int Length = 200;
    private const string End = "base";

    internal Problem[] Problems { get; } =
    [
        .. Enumerable.Range(0, problems).Select(i => new Problem
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"train-{i:D6}"),
            Task = TaskKind.Math,
            Prompt = string.Create(CultureInfo.InvariantCulture, $"What is {i} and {i + 1} together?"),
            Reference = "yes",
        }),
    ];

    internal LoopOptions Options { get; } = new()
    {
        Seed = 1,
        Iterations = 1,
        Base = new PolicyRef(End, End),
        Teacher = null,
        Drawing = new DrawingOptions { Prompt = new PromptOptions(), VerifierFailureLimit = 0, VerifierWorkers = 1 },
        EStep = new EStepOptions { Samples = samplesEach, KeepLimit = samplesEach },
        MStep = new MStepOptions { Epochs = 1 },
        Validation = new ValidationOptions(),
        TrainGapSamples = 0,
    };

    public EngineFingerprint Fingerprint { get; } = new("none", "1", "none", Deterministic: true);

    PolicyFingerprint IPolicy.Fingerprint => new(End, Fingerprint);

    public EngineCapabilities Capabilities { get; } = new(Training: true, Adapters: false, LogProbabilities: true);

    public ITrainer Trainer => this;

    public int VocabularySize => char.MaxValue;

    public PolicyRef Resolve(string folder) => new(folder, folder);

    public ModelInfo Describe(PolicyRef policy) => new()
    {
        Tokenizer = this,
        ContextLength = 4096,
        EndTokenIds = [0],
        Digests = new Dictionary<string, string>(),
        Description = "none",
        VocabularySize = char.MaxValue,
        ParameterCount = 0,
    };

    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => null;

    public IPolicy Open(PolicyRef policy) => this;

    public async IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (SampleRequest request in requests)
        {
            isDrawn();
            yield return Completion(request.ProblemId, request.Index);
        }
    }

    public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
        sequences.Select(ids => new float[ids.Count]);

    public Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
    {
        onTrain("M-step data built");
        long tokens = job.Sequences.Sum(sequence => (long)sequence.TokenIds.Count);
        Directory.CreateDirectory(job.OutputFolder);
        onTrain("M-step data read once");
        return Task.FromResult(new TrainingResult(1, 1, [], tokens, 0, End));
    }

    public string VersionOf(TaskKind task) => "none 1";

    public ValueTask<Finding> VerifyAsync(Problem problem, string completion, CancellationToken cancellationToken) => ValueTask.FromResult(Judge(problem, completion));

    public bool SameAnswer(Problem problem, string answer, string other) => answer == other;

    public int[] Encode(string text, bool addSpecialTokens) => [.. text.Select(letter => (int)letter)];

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) => string.Concat(ids.ToArray().Select(id => (char)id));

    public ITextStream CreateDecoder(bool skipSpecialTokens) => this;

    public string Append(int id) => ((char)id).ToString();

    public string Finish() => "";

    public void Dispose()
    {
    }

    internal static Sample Sample(Problem problem, int index)
    {
        Completion completion = Completion(problem.Id, index);
        return new Sample(completion, Judge(problem, completion.Text));
    }

    private static Completion Completion(string problem, int index)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{(index % 2 == 0 ? "yes" : "no")}, since {problem} has {index} of them").PadRight(Length - 1, '.');
        return new Completion
        {
            ProblemId = problem,
            Index = index,
            TokenIds = [.. text.Select(letter => (int)letter), 0],
            Text = text,
            FinishReason = FinishReason.EndOfText,
            LogProbability = -index / 977.0,
        };
    }

    private static Finding Judge(Problem problem, string text) => new()
    {
        Verdict = text.StartsWith(problem.Reference, StringComparison.Ordinal) ? Verdict.Correct : Verdict.Incorrect,
        Reason = "equal-rational",
        Answer = text[..3],
        AnswerKey = text[..3],
        Verifier = "math 5",
        Evidence = new SortedDictionary<string, string> { ["rule"] = "number", ["given"] = text[..3], ["reference"] = problem.Reference },
    };
}

/// <summary>Draws shards where it stands, as <c>restem shard</c> stores and seals them.</summary>
/// <param name="run">Draws.</param>
/// <param name="onSealed">Is told when all shards are sealed.</param>
internal sealed class ShardsHere(LargeRun run, Action onSealed) : IShardScheduler
{
    private const int Commit = 512;

    public int MostAtOnce => int.MaxValue;

    public Task<IReadOnlyList<string>> SubmitAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        foreach (string folder in folders)
        {
            var spec = ShardSpec.Read(Path.Combine(folder, ShardSpec.Name));
            IReadOnlyList<Problem> problems = spec.Of(run.Problems);
            using var store = new ShardStore(folder, spec);
            store.Begin(spec.DrawId, spec.Fingerprint);
            foreach (Sample[] samples in problems.SelectMany(problem => Enumerable.Range(0, run.Options.EStep.Samples).Select(index => LargeRun.Sample(problem, index))).Chunk(Commit))
            {
                store.Write(spec.DrawId, samples);
            }

            store.Seal(problems);
        }

        onSealed();
        return Task.FromResult(folders);
    }

    public Task<IReadOnlyDictionary<string, string>> EndedAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(jobs.ToDictionary(job => job, _ => "done"));

    public Task StopAsync(IReadOnlyCollection<string> jobs) => Task.CompletedTask;
}
