namespace ReSTEM.Engines;

/// <summary>The prediction of one token that counts in the loss.</summary>
/// <param name="Row">Row of the batch whose output predicts it.</param>
/// <param name="Target">The token.</param>
/// <param name="Weight">Its weight in the loss.</param>
/// <param name="Smoothing">Share of its target that is spread over the vocabulary, in [0, 1).</param>
public readonly record struct Prediction(int Row, int Target, float Weight, float Smoothing = 0);

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

    /// <summary>What counts in the loss, in order of rows.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>T.</summary>
    public int TokenCount => _ids.Count;

    /// <summary>Batches of at most so many tokens, at least one sequence each, in order.</summary>
    public static IReadOnlyList<PackedBatch> Cut(IReadOnlyList<WeightedSequence> sequences, int mostTokens)
    {
        var batches = new List<PackedBatch>();
        foreach (var (ids, firstCounted, weight, smoothing) in sequences)
        {
            if (batches.Count == 0 || batches[^1].TokenCount + ids.Count > mostTokens)
            {
                batches.Add(new PackedBatch());
            }

            batches[^1].Add(ids, [.. Enumerable.Range(0, ids.Count).Select(t => t < firstCounted ? 0 : weight)], smoothing);
        }

        return batches;
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
