using System.Text.Json.Serialization;

namespace ReSTEM.Core;

/// <summary>One fine-tuning run of the M-step, or one stage of training a base model.</summary>
public sealed record TrainingJob
{
    /// <summary>The model to start from.</summary>
    public required PolicyRef Base { get; init; }

    /// <summary>Where the trained model is written, whole or not at all.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The trainer's own folder: committed steps and the best weights so far. Emptied when the job is complete.</summary>
    public required string StateFolder { get; init; }

    /// <summary>What to train on; the order is the trainer's unless <see cref="Shuffle"/> is false.</summary>
    public required IReadOnlyList<TrainingSequence> Sequences { get; init; }

    /// <summary>The loss; a trainer refuses one that it does not compute.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.WeightedNll;

    /// <summary>
    /// Adds <c>mu</c> times the loss of mixtures to that of the sequences; null for nothing. Of a batch that is
    /// <c>sum_p sum_n [lambda w_c CE(Z, y_c) + (1 - lambda) w_u CE(Z, y_u)] / sum_p N_p (lambda w_c + (1 - lambda) w_u)</c> over its pairs p of a
    /// confident sequence c and an unconfident one u, with N_p the smaller count of counted tokens, and Z the mixture of the LM head's inputs that
    /// predict the n-th counted tokens of both.
    /// </summary>
    /// <remarks>Xiao et al. 2024, arXiv:2410.05248, equation 3, with reward weights.</remarks>
    public MixupJob? Mixup { get; init; }

    /// <summary>Trains a new adapter in place of the weights, or goes on with the base's own; null trains the weights.</summary>
    public AdapterJob? Adapter { get; init; }

    /// <summary>Optimizer settings.</summary>
    public required OptimizerOptions Optimizer { get; init; }

    /// <summary>Passes over the sequences, at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// Stops after this epoch and writes its weights; null for the last one. The state stays for the epochs after it, whose jobs are the same but
    /// for this and the output folder. A state that is further is given up, and the job begins anew.
    /// </summary>
    public int? UntilEpoch { get; init; }

    /// <summary>Draws the order of the sequences anew in each epoch.</summary>
    public required RandomStream Random { get; init; }

    /// <summary>False trains in the given order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Measures a candidate at the end of each epoch, larger is better; null keeps the last.</summary>
    public Func<TrainingCandidate, CancellationToken, Task<double>>? Validate { get; init; }

    /// <summary>
    /// Epochs whose measurement the caller remembers; as it stands here, whatever the trainer does. A trainer that knows more measures than that goes on from the beginning: its
    /// memory is of a start that the caller has lost.
    /// </summary>
    public int MeasuredEpochs { get; init; } = int.MaxValue;

    /// <summary>Stop after this many epochs in a row without a better measure; 0 means never.</summary>
    public int Patience { get; init; }

    /// <summary>
    /// How often the trainer commits its state, so that little is lost to a crash; less often where a commit takes long, and after
    /// every step where it is zero. Does not change the bits.
    /// </summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Weights under consideration; they need not be on disk.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Optimizer steps so far.</param>
/// <param name="Open">
/// Opens them as a policy, which the caller disposes before the measure is returned. Its fingerprint is that of the same weights
/// saved and opened.
/// </param>
public sealed record TrainingCandidate(int Epoch, int Step, Func<IPolicy> Open);

/// <summary>One optimizer step that was done.</summary>
/// <param name="Step">From 1.</param>
/// <param name="StepCount">Steps of the whole job.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Weighted mean negative log-likelihood, in nats, as the job's loss asks for it: per counted token, or per sequence.</param>
/// <param name="GradientNorm">L2 norm before clipping.</param>
/// <param name="LearningRate">Used in this step.</param>
/// <param name="Tokens">Tokens of the step, prompts included.</param>
/// <param name="Mixup">Loss of the step's mixtures, in nats, not weighted by mu and no part of <paramref name="Loss"/>; null where nothing was mixed.</param>
public sealed record TrainingStep(
    int Step, int StepCount, int Epoch, double Loss, double GradientNorm, double LearningRate, int Tokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Mixup = null);

/// <summary>What a finished job gave.</summary>
/// <param name="Steps">Optimizer steps done.</param>
/// <param name="ChosenEpoch">Epoch whose weights were kept.</param>
/// <param name="Measures">Validation measure by epoch, from epoch 1; empty without validation.</param>
/// <param name="Tokens">Tokens trained on, prompts included.</param>
/// <param name="FinalLoss">Loss of the last step.</param>
/// <param name="WeightsSha256">Of the model that was written, or of the adapter.</param>
public sealed record TrainingResult(
    int Steps, int ChosenEpoch, IReadOnlyList<double> Measures, long Tokens, double FinalLoss, string WeightsSha256);
