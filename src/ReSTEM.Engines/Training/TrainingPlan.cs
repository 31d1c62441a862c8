using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Which sequences each step trains on, and with what weights.</summary>
public sealed class TrainingPlan
{
    private readonly TrainingJob _job;
    private readonly List<int[]> _orders = [];
    private readonly RandomSequence _random;
    private readonly MixupPlan? _mixup;
    private readonly int[] _firsts; // of each example, where its sequences begin

    /// <param name="job">Free of faults.</param>
    public TrainingPlan(TrainingJob job)
    {
        _job = job;
        _random = job.Random.Sequence();
        _mixup = job.Mixup is { Options.Mu: > 0 } mixup ? new MixupPlan(mixup, job.Sequences.Count) : null;
        _firsts = [.. Enumerable.Range(0, job.Sequences.Count).Where(index => index == 0 || !job.Sequences[index].Continues)];
        StepsPerEpoch = (_firsts.Length + job.Optimizer.BatchSequences - 1) / job.Optimizer.BatchSequences;
    }

    /// <summary>The last step of an epoch may be smaller.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Of all epochs.</summary>
    public int StepCount => checked(StepsPerEpoch * _job.Epochs);

    internal int EpochOf(int step) => ((step - 1) / StepsPerEpoch) + 1;

    /// <summary>The sequences of a step (from 1).</summary>
    /// <remarks>
    /// The loss of a step is <c>sum_s w_s sum_t nll / sum_s w_s T_s</c> over all its sequences, or that over <c>sum_s w_s</c>, so the weight of
    /// a prediction is <c>w_s</c> over the same sum whatever pass it is in.
    /// </remarks>
    internal IReadOnlyList<WeightedSequence> Sequences(int step)
    {
        int epoch = EpochOf(step), first = (step - 1) % StepsPerEpoch * _job.Optimizer.BatchSequences;
        var sequences = Order(epoch).Skip(first).Take(_job.Optimizer.BatchSequences)
            .SelectMany(Example).Select(index => _job.Sequences[index]).ToArray();
        double total = sequences.Sum(sequence => (double)sequence.Weight * Share(sequence));
        WeightedSequence[] weighted = [.. sequences.Select(sequence => new WeightedSequence(
            sequence.TokenIds, FirstCounted(sequence), total > 0 ? (float)(sequence.Weight / total) : 0, (float)_job.Loss.LabelSmoothing))];
        return _mixup?.Mixed(weighted, [.. sequences.Select(sequence => sequence.Weight)], epoch, first) ?? weighted;
    }

    private static int FirstCounted(TrainingSequence sequence) => Math.Max(1, sequence.PromptLength);

    /// <summary>What a sequence is divided by, for each unit of its weight.</summary>
    private int Share(TrainingSequence sequence) => _job.Loss.Normalisation is LossNormalisation.WeightedSequences
        ? 1
        : Math.Max(0, sequence.TokenIds.Count - FirstCounted(sequence));

    /// <summary>The sequences of an example.</summary>
    private IEnumerable<int> Example(int example)
    {
        int end = example + 1 < _firsts.Length ? _firsts[example + 1] : _job.Sequences.Count;
        return Enumerable.Range(_firsts[example], end - _firsts[example]);
    }

    /// <summary>Numbers of the examples in the order of an epoch, from 1; the epochs before it are drawn first, so that it is the same after a resume.</summary>
    public IReadOnlyList<int> Order(int epoch)
    {
        while (_orders.Count < epoch)
        {
            _orders.Add(_mixup?.Order(_job.Shuffle ? _random : null) ?? PlainOrder());
        }

        return _orders[epoch - 1];
    }

    private int[] PlainOrder()
    {
        int[] order = [.. Enumerable.Range(0, _firsts.Length)];
        if (_job.Shuffle)
        {
            _random.Shuffle<int>(order);
        }

        return order;
    }
}
