using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// A model that is being trained: its weights and the optimizer's moments, on whatever computes. With <see cref="IStepperSource"/>
/// it is all that <see cref="CourseTrainer"/> needs to be an <see cref="ITrainer"/>: epochs, order, schedule, commits, validation,
/// patience, the choice of the epoch and resuming are not the engine's.
/// </summary>
/// <remarks>
/// Used by one thread at a time, not always the same. If it is to be exact, the same steps from the same weights give the same
/// bits, whether or not it was stopped and restored in between.
/// </remarks>
public interface IStepper : IDisposable
{
    /// <summary>Most tokens of a sequence.</summary>
    int ContextLength { get; }

    /// <summary>Token ids lie in [0, VocabularySize).</summary>
    int VocabularySize { get; }

    /// <summary>One step of AdamW with clipping, by the options that it was opened with.</summary>
    /// <param name="sequences">
    /// Of the whole step; the loss is the sum over their counted predictions, and those of mixtures, of weight times cross-entropy to the
    /// smoothed target, and none sees another but for its mixture. The engine cuts them into passes as its memory asks, in this order.
    /// </param>
    /// <param name="step">From 1; corrects the moments.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <exception cref="ArithmeticException">The gradient is not finite.</exception>
    StepResult Step(IReadOnlyList<WeightedSequence> sequences, int step, double learningRate);

    /// <summary>Writes a part of what <see cref="Restore"/> needs to go on as if nothing had happened.</summary>
    /// <param name="target">Neither closed nor sought in.</param>
    /// <param name="part">What to write.</param>
    void Snapshot(Stream target, SnapshotPart part);

    /// <summary>Takes over what <see cref="Snapshot"/> wrote for the same part.</summary>
    /// <param name="source">Its bytes are known to be whole; it may hold more after them, which is left unread.</param>
    /// <param name="part">What was written.</param>
    /// <exception cref="EndOfStreamException">The snapshot is of a smaller model.</exception>
    void Restore(Stream source, SnapshotPart part);

    /// <summary>
    /// Writes what was trained: the weights as a Hugging Face folder with the companions of the base model's folder, its tokenizer
    /// for one, or the adapter as a folder of PEFT's.
    /// </summary>
    /// <param name="folder">Does not exist; it is there whole or not at all.</param>
    /// <returns>The SHA-256 of the weights, as <see cref="IStepperSource.WeightsSha256"/> gives it for the folder.</returns>
    string Export(string folder);

    /// <summary>
    /// The weights as they are now, as a policy with the fingerprint that a policy opened from <see cref="Export"/> would have.
    /// The caller disposes it before the next step.
    /// </summary>
    IPolicy OpenPolicy();
}

/// <summary>Opens models for training.</summary>
public interface IStepperSource
{
    /// <summary>What the bits of its results depend on.</summary>
    EngineFingerprint Fingerprint { get; }

    /// <summary>Lower-case hexadecimal SHA-256 of the weights in a folder.</summary>
    /// <exception cref="InvalidDataException">There are no weights.</exception>
    string WeightsSha256(string folder);

    /// <summary>Opens a model for training; the caller disposes the stepper.</summary>
    /// <param name="policy">Where the weights come from, and which they must be.</param>
    /// <param name="optimizer">Free of faults; the learning rate comes with each step.</param>
    /// <param name="adapter">Trains a new adapter, or goes on with the policy's own; null trains the weights.</param>
    /// <exception cref="InvalidDataException">The folder is damaged, or holds other weights; or a target of the adapter matches nothing.</exception>
    /// <exception cref="NotSupportedException">The engine trains no adapters, and one is asked for.</exception>
    IStepper Open(PolicyRef policy, OptimizerOptions optimizer, AdapterJob? adapter);
}

/// <summary>One sequence of a step.</summary>
/// <param name="TokenIds">At least one.</param>
/// <param name="FirstCounted">Predictions of tokens t &gt;= FirstCounted count; at least 1, at most the length.</param>
/// <param name="Weight">Weight in the loss of each counted prediction, &gt;= 0.</param>
/// <param name="Smoothing">Share of each target that is spread over the vocabulary, <see cref="TrainingLoss.LabelSmoothing"/>.</param>
/// <param name="Mixture">Mixes it with the sequence before it; null for nothing.</param>
public readonly record struct WeightedSequence(
    IReadOnlyList<int> TokenIds, int FirstCounted, float Weight, float Smoothing = 0, Mixture? Mixture = null)
{
    /// <summary>Tokens whose prediction counts.</summary>
    public int Counted => Math.Max(0, TokenIds.Count - FirstCounted);
}

/// <summary>
/// A mixture of two sequences, which a step computes beside both: what goes into the LM head to predict the n-th counted tokens of both is
/// <c>share * first + (1 - share) * second</c>, for n up to the smaller count, and it predicts both tokens.
/// </summary>
/// <param name="Share">Of the first sequence, the one before, in [0, 1].</param>
/// <param name="FirstWeight">Weight in the loss of predicting the first one's token, &gt;= 0.</param>
/// <param name="SecondWeight">Of predicting the second one's.</param>
public readonly record struct Mixture(float Share, float FirstWeight, float SecondWeight);

/// <summary>What a step gave.</summary>
/// <param name="Loss">Of the sequences, before the step, in nats.</param>
/// <param name="GradientNorm">L2 norm before clipping, of everything.</param>
/// <param name="Mixup">Loss of the mixtures, weighted as they are; 0 without any.</param>
public readonly record struct StepResult(double Loss, double GradientNorm, double Mixup = 0);

/// <summary>Losses, each added up in the order of its predictions.</summary>
/// <param name="Plain">Of the sequences.</param>
/// <param name="Mixed">Of their mixtures.</param>
public record struct LossSum(double Plain, double Mixed)
{
    /// <summary>Adds weight times loss of a prediction.</summary>
    public void Add(Prediction prediction, float loss)
    {
        if (prediction.Other is null)
        {
            Plain += (double)prediction.Weight * loss;
        }
        else
        {
            Mixed += (double)prediction.Weight * loss;
        }
    }
}

/// <summary>What a snapshot holds. To go on training takes both; to come back to an epoch at the end, the weights.</summary>
public enum SnapshotPart
{
    /// <summary>What is trained.</summary>
    Weights,

    /// <summary>The optimizer's memory of the gradients.</summary>
    Moments,
}
