namespace ReSTEM.Engines;

/// <summary>The prediction of one token that counts in the loss, or of two by a mixture.</summary>
/// <param name="Row">Row of the batch whose output predicts it.</param>
/// <param name="Target">The token.</param>
/// <param name="Weight">Its weight in the loss.</param>
/// <param name="Smoothing">Share of its target that is spread over the vocabulary, in [0, 1).</param>
/// <param name="Other">What it is mixed with; null for nothing.</param>
public readonly record struct Prediction(int Row, int Target, float Weight, float Smoothing = 0, MixedIn? Other = null);

/// <summary>What is mixed into a prediction.</summary>
/// <param name="Row">Row of the batch.</param>
/// <param name="Target">The token that this row predicts.</param>
/// <param name="Share">Of the prediction's own row in the mixed row; this one has the rest.</param>
/// <param name="TargetShare">Of the prediction's own token in the target; this one has the rest.</param>
public readonly record struct MixedIn(int Row, int Target, float Share, float TargetShare);

/// <summary>Sequences one after the other, without padding; none sees another.</summary>
public sealed class PackedBatch
{
    private readonly List<int> _ids = [];
    private readonly List<int> _positions = [];
    private readonly List<int> _starts = [0];
    private readonly List<Prediction> _predictions = [];

    /// <summary>Token ids, shape [T].</summary>
    public int[] Ids => [.. _ids];

    /// <summary>Position of each token in its sequence, shape [T].</summary>
    public int[] Positions => [.. _positions];

    /// <summary>First row of each sequence, then T.</summary>
    public int[] Starts => [.. _starts];

    /// <summary>What counts in the loss, in order of rows; mixtures behind the sequences that they are of.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>T.</summary>
    public int TokenCount => _ids.Count;

    /// <summary>Batches of at most so many tokens, at least one sequence or mixed pair each, in order.</summary>
    public static IReadOnlyList<PackedBatch> Cut(IReadOnlyList<WeightedSequence> sequences, int mostTokens)
    {
        var batches = new List<PackedBatch>();
        for (int index = 0; index < sequences.Count; index++)
        {
            bool isPair = index + 1 < sequences.Count && sequences[index + 1].Mixture is not null;
            int tokens = sequences[index].TokenIds.Count + (isPair ? sequences[index + 1].TokenIds.Count : 0);
            if (batches.Count == 0 || batches[^1].TokenCount + tokens > mostTokens)
            {
                batches.Add(new PackedBatch());
            }

            batches[^1].Add(sequences[index]);
            if (isPair)
            {
                batches[^1].Add(sequences[index + 1]);
                batches[^1].Mix(sequences[index], sequences[index + 1]);
                index++;
            }
        }

        return batches;
    }

    private void Add(WeightedSequence sequence) => Add(
        sequence.TokenIds,
        [.. Enumerable.Range(0, sequence.TokenIds.Count).Select(t => t < sequence.FirstCounted ? 0 : sequence.Weight)],
        sequence.Smoothing);

    /// <summary>Adds the mixture of the two sequences that were added last.</summary>
    private void Mix(WeightedSequence first, WeightedSequence second)
    {
        var (share, firstWeight, secondWeight) = second.Mixture!.Value;
        float weight = firstWeight + secondWeight;
        if (weight == 0)
        {
            return;
        }

        int firstRow = _starts[^3] + first.FirstCounted - 1, secondRow = _starts[^2] + second.FirstCounted - 1;
        for (int n = 0; n < Math.Min(first.Counted, second.Counted); n++)
        {
            _predictions.Add(new Prediction(
                firstRow + n, _ids[firstRow + n + 1], weight, second.Smoothing,
                new MixedIn(secondRow + n, _ids[secondRow + n + 1], share, firstWeight / weight)));
        }
    }

    /// <summary>Appends a sequence.</summary>
    /// <param name="ids">Its tokens.</param>
    /// <param name="weights">Weight of the prediction of each token; that of the first is not looked at.</param>
    /// <param name="smoothing">Of each prediction's target.</param>
    public void Add(IReadOnlyList<int> ids, IReadOnlyList<float> weights, float smoothing = 0)
    {
        for (int t = 0; t < ids.Count; t++)
        {
            if (t > 0 && weights[t] != 0)
            {
                _predictions.Add(new Prediction(_ids.Count - 1, ids[t], weights[t], smoothing));
            }

            _ids.Add(ids[t]);
            _positions.Add(t);
        }

        _starts.Add(_ids.Count);
    }
}
