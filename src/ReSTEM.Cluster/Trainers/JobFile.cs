using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>
/// What a trainer is given, <c>job.json</c>: one training up to the end of an epoch. Paths are absolute, or relative to the folder of the file.
/// docs/scale.md is the contract in words.
/// </summary>
public sealed record JobFile
{
    /// <summary>Version of the contract; a trainer refuses another one.</summary>
    public const int CurrentContract = 1;

    /// <summary>Name of the file.</summary>
    public const string Name = "job.json";

    /// <summary>Version of the contract.</summary>
    public required int Contract { get; init; }

    /// <summary>SHA-256 of everything that decides the bits of the training; the same for all epochs of it.</summary>
    public required string Id { get; init; }

    /// <summary>The model to start from.</summary>
    public required JobModel Base { get; init; }

    /// <summary>The sequences: JSONL with <c>ids</c>, <c>prompt_length</c> and <c>weight</c>.</summary>
    public required JobData Data { get; init; }

    /// <summary>The order: JSONL, for each epoch an array of all numbers of sequences, from 0. A step takes the next <c>batch_sequences</c> of it, the last one of an epoch what is left.</summary>
    public required JobOrder Order { get; init; }

    /// <summary>Share of each target that is spread over the vocabulary, in [0, 1).</summary>
    public required double LabelSmoothing { get; init; }

    /// <summary>Trains a new adapter, or goes on with the base's; null for all weights.</summary>
    public JobAdapter? Adapter { get; init; }

    /// <summary>AdamW and its schedule.</summary>
    public required JobOptimizer Optimizer { get; init; }

    /// <summary>Passes of the whole training, over which the learning rate goes.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch after which to stop and to write the model; the state stays until the last one.</summary>
    public required int UntilEpoch { get; init; }

    /// <summary>Steps of the whole training.</summary>
    public required int StepCount { get; init; }

    /// <summary>What a trainer must honour beyond plain weighted likelihood: <c>label_smoothing</c>, <c>adapter</c>. It refuses what it does not know.</summary>
    public required IReadOnlyList<string> Requires { get; init; }

    /// <summary>The trainer's own folder, kept between starts and epochs.</summary>
    public required string State { get; init; }

    /// <summary>Where the model is written, and then <c>result.json</c> in it.</summary>
    public required string Output { get; init; }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string path) => ContractJson.Write(path, this);

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is no job, or of another contract.</exception>
    public static JobFile Read(string path)
    {
        var job = ContractJson.Read<JobFile>(path, "a training job");
        return job.Contract == CurrentContract ? job
            : throw new InvalidDataException($"{path}: contract is {job.Contract}, expected {CurrentContract}; use the restem that wrote it.");
    }
}

/// <summary>A model of a job.</summary>
/// <param name="Folder">Hugging Face folder.</param>
/// <param name="Sha256">Of the weights: of the one file, or of the hashes of the files in order of their names, one a line.</param>
/// <param name="Files">SHA-256 of each file there that belongs to the model, by name.</param>
/// <param name="Adapter">What is on top; null for nothing.</param>
public sealed record JobModel(string Folder, string Sha256, IReadOnlyDictionary<string, string> Files, JobBaseAdapter? Adapter);

/// <summary>An adapter that training goes on with.</summary>
/// <param name="Folder">PEFT folder.</param>
/// <param name="Sha256">As <see cref="AdapterRef.Sha256"/>.</param>
public sealed record JobBaseAdapter(string Folder, string Sha256);

/// <summary>The sequences of a job.</summary>
/// <param name="File">JSONL.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Sequences">Rows.</param>
/// <param name="Tokens">All ids together.</param>
public sealed record JobData(string File, string Sha256, int Sequences, long Tokens);

/// <summary>The order of a job.</summary>
/// <param name="File">JSONL.</param>
/// <param name="Sha256">Of the file.</param>
/// <param name="Random">Address of the random stream that it was drawn from.</param>
/// <param name="Shuffle">Whether it was.</param>
public sealed record JobOrder(string File, string Sha256, string Random, bool Shuffle);

/// <summary>The adapter of a job.</summary>
/// <param name="Rank">Rows of A.</param>
/// <param name="Alpha">The product is scaled by alpha / rank.</param>
/// <param name="TargetModules">Last parts of the names of projections, or <c>all-linear</c>.</param>
/// <param name="Random">Address of the random stream that A is drawn from.</param>
public sealed record JobAdapter(int Rank, double Alpha, IReadOnlyList<string> TargetModules, string Random);

/// <summary>The optimizer of a job, as <see cref="OptimizerOptions"/> has it.</summary>
/// <param name="LearningRate">Peak.</param>
/// <param name="WarmUpSteps">Linear, from 0.</param>
/// <param name="Schedule">What follows: <c>constant</c>, <c>linear</c> or <c>cosine</c>.</param>
/// <param name="FinalShare">Of the peak, at the last step.</param>
/// <param name="WeightDecay">Decoupled; of matrices only.</param>
/// <param name="Beta1">Of the first moment.</param>
/// <param name="Beta2">Of the second.</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="ClipNorm">0 for none.</param>
/// <param name="BatchSequences">Sequences of a step.</param>
/// <param name="MicroBatchTokens">Most tokens of a pass; no bit depends on it here.</param>
/// <param name="RecomputeActivations">Whether memory is saved so.</param>
/// <param name="CommitSeconds">Least seconds between commits.</param>
public sealed record JobOptimizer(
    double LearningRate, int WarmUpSteps, LearningRateSchedule Schedule, double FinalShare, double WeightDecay, double Beta1, double Beta2,
    double Epsilon, double ClipNorm, int BatchSequences, int MicroBatchTokens, bool RecomputeActivations, int CommitSeconds)
{
    /// <summary>Of a job of so many steps.</summary>
    public static JobOptimizer Of(OptimizerOptions options, int stepCount) => new(
        options.LearningRate, options.WarmUpOf(stepCount), options.Schedule, options.FinalShare, options.WeightDecay, options.Beta1, options.Beta2,
        options.Epsilon, options.ClipNorm, options.BatchSequences, options.Speed.MicroBatchTokens, options.Speed.RecomputeActivations, options.Speed.CommitSeconds);

    /// <summary>Back again.</summary>
    public OptimizerOptions ToOptions() => new()
    {
        LearningRate = LearningRate,
        WarmUpSteps = WarmUpSteps,
        Schedule = Schedule,
        FinalShare = FinalShare,
        WeightDecay = WeightDecay,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        ClipNorm = ClipNorm,
        BatchSequences = BatchSequences,
        Speed = new TrainingSpeed { MicroBatchTokens = MicroBatchTokens, RecomputeActivations = RecomputeActivations, CommitSeconds = CommitSeconds },
    };
}
