using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Which sequences are mixed with which, and in what shares. Pairs stand side by side in the order of an epoch, so that every batch holds whole ones.</summary>
/// <remarks>Xiao et al. 2024, arXiv:2410.05248, section 3.2.</remarks>
internal sealed class MixupPlan
{
    private readonly MixupJob _job;
    private readonly RandomSequence _random;
    private readonly int[] _confident;
    private readonly int[] _unconfident;
    private readonly int[] _others;
    private readonly List<float[]> _shares = []; // of each epoch and pair

    /// <param name="job">Its halves are of the sequences.</param>
    /// <param name="count">Of all sequences.</param>
    internal MixupPlan(MixupJob job, int count)
    {
        _job = job;
        _random = job.Random.Sequence();
        (_confident, _unconfident) = ([.. job.Split.Confident], [.. job.Split.Unconfident]);
        _others = [.. Enumerable.Range(0, count).Except(_confident).Except(_unconfident)];
    }

    /// <summary>Confident and unconfident sequences in turn, then what is left without a partner.</summary>
    /// <param name="random">Draws who is paired with whom; null pairs them in their order.</param>
    internal int[] Order(RandomSequence? random)
    {
        int[] confident = [.. _confident], unconfident = [.. _unconfident];
        random?.Shuffle<int>(confident);
        random?.Shuffle<int>(unconfident);
        return
        [
            .. confident.Zip(unconfident).SelectMany(pair => new[] { pair.First, pair.Second }),
            .. unconfident.Skip(confident.Length), .. _others,
        ];
    }

    /// <summary>The same sequences with the mixtures of the pairs among them.</summary>
    /// <param name="sequences">Of a step, in the order of the epoch.</param>
    /// <param name="weights">Their own weights w(x, y).</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="first">Place of the first in the order of the epoch, even.</param>
    internal IReadOnlyList<WeightedSequence> Mixed(
        IReadOnlyList<WeightedSequence> sequences, IReadOnlyList<float> weights, int epoch, int first)
    {
        int pairs = Math.Clamp(_confident.Length - (first / 2), 0, sequences.Count / 2);
        float[] shares = [.. Shares(epoch).Skip(first / 2).Take(pairs)];
        double total = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            total += Math.Min(sequences[2 * pair].Counted, sequences[(2 * pair) + 1].Counted)
                * ((shares[pair] * (double)weights[2 * pair]) + ((1 - (double)shares[pair]) * weights[(2 * pair) + 1]));
        }

        WeightedSequence[] mixed = [.. sequences];
        for (int pair = 0; pair < pairs && total > 0; pair++)
        {
            double share = shares[pair], scale = _job.Options.Mu / total;
            mixed[(2 * pair) + 1] = mixed[(2 * pair) + 1] with
            {
                Mixture = new Mixture(
                    shares[pair], (float)(share * weights[2 * pair] * scale), (float)((1 - share) * weights[(2 * pair) + 1] * scale)),
            };
        }

        return mixed;
    }

    /// <summary>Shares of an epoch's pairs; those of the epochs before it are drawn first, so that they are the same after a resume.</summary>
    private float[] Shares(int epoch)
    {
        while (_shares.Count < epoch)
        {
            _shares.Add([.. _confident.Select(_ => (float)_random.SymmetricBeta(_job.Options.Alpha))]);
        }

        return _shares[epoch - 1];
    }
}
