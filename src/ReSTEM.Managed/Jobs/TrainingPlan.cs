using ReSTEM.Core;

namespace ReSTEM.Managed;

/// <summary>Which sequences each step trains on, and with what weights.</summary>
internal sealed class TrainingPlan
{
    private readonly TrainingJob _job;
    private readonly List<int[]> _orders = [];
    private readonly RandomSequence _random;

    internal TrainingPlan(TrainingJob job)
    {
        _job = job;
        _random = job.Random.Sequence();
        StepsPerEpoch = (job.Sequences.Count + job.Optimizer.BatchSequences - 1) / job.Optimizer.BatchSequences;
    }

    internal int StepsPerEpoch { get; }

    internal int StepCount => checked(StepsPerEpoch * _job.Epochs);

    internal int EpochOf(int step) => ((step - 1) / StepsPerEpoch) + 1;

    /// <summary>The sequences of a step (from 1), cut into batches of at most the micro-batch's tokens, at least one sequence each.</summary>
    /// <remarks>
    /// The loss of a step is <c>sum_s w_s sum_t nll / sum_s w_s T_s</c> over all its sequences, so the weight of a prediction is
    /// <c>w_s / sum_s w_s T_s</c> whatever batch it is in.
    /// </remarks>
    internal IReadOnlyList<PackedBatch> Batches(int step)
    {
        int epoch = EpochOf(step), first = (step - 1) % StepsPerEpoch * _job.Optimizer.BatchSequences;
        var sequences = Order(epoch).Skip(first).Take(_job.Optimizer.BatchSequences)
            .Select(index => _job.Sequences[index]).ToArray();
        double total = sequences.Sum(sequence => (double)sequence.Weight * CountedTokens(sequence));
        var batches = new List<PackedBatch>();
        foreach (var sequence in sequences)
        {
            if (batches.Count == 0
                || batches[^1].TokenCount + sequence.TokenIds.Count > _job.Optimizer.Speed.MicroBatchTokens)
            {
                batches.Add(new PackedBatch());
            }

            float weight = total > 0 ? (float)(sequence.Weight / total) : 0;
            int counted = Math.Max(1, sequence.PromptLength);
            batches[^1].Add(sequence.TokenIds, [.. Enumerable.Range(0, sequence.TokenIds.Count).Select(t => t < counted ? 0 : weight)]);
        }

        return batches;
    }

    private static int CountedTokens(TrainingSequence sequence) =>
        Math.Max(0, sequence.TokenIds.Count - Math.Max(1, sequence.PromptLength));

    /// <summary>Order of an epoch; the epochs before it are drawn first, so that it is the same after a resume.</summary>
    private int[] Order(int epoch)
    {
        while (_orders.Count < epoch)
        {
            int[] order = [.. Enumerable.Range(0, _job.Sequences.Count)];
            if (_job.Shuffle)
            {
                _random.Shuffle<int>(order);
            }

            _orders.Add(order);
        }

        return _orders[epoch - 1];
    }
}
